"""Heads: no face detector finds one again, and nothing else of the picture changes."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.evidence.redaction import CELLS, head_regions, redacted
from edge.video.frame import Pixels
from edge.vision.scene import gap_px

Box = tuple[int, int, int, int]

VISITORS: dict[int, Box] = {
    240: (357, 32, 527, 411),
    300: (381, 9, 543, 375),
    360: (384, 5, 546, 369),
    690: (509, 6, 718, 400),
    770: (356, 34, 513, 383),
    860: (574, 40, 734, 382),
    1340: (357, 2, 536, 398),
    1350: (506, 3, 728, 394),
}
"""Frames of one-by-one-person-detection.mp4 in which YuNet finds a face, and the person's box."""


@cache
def visitor_frames(data: Path) -> dict[int, Pixels]:
    clip = cv2.VideoCapture(str(data / "video" / "one-by-one-person-detection.mp4"))
    frames = {}
    for index in range(max(VISITORS) + 1):
        read, pixels = clip.read()
        assert read, f"the clip ends at frame {index}"
        if index in VISITORS:
            frames[index] = pixels.astype(np.uint8)
    clip.release()
    return frames


def faces(
    data: Path, pixels: Pixels, box: Box, size_px: int, least_score: float
) -> list[tuple[float, float, float, float]]:
    """Faces that YuNet finds in the upper part of a person's box, enlarged to ``size_px``.

    xyxy, in pixels of the frame.
    """
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    x0, y0 = max(0, int(left - 0.3 * wide)), max(0, int(top - 0.2 * tall))
    crop = pixels[y0 : int(top + 0.6 * tall), x0 : int(right + 0.3 * wide)]
    scale = size_px / max(crop.shape[:2])
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    size_wh = (large.shape[1], large.shape[0])
    model = str(data / "detectors" / "yunet_n_640.onnx")
    found = cv2.FaceDetectorYN.create(model, "", size_wh, least_score).detect(large)[1]
    return [
        (x0 + x / scale, y0 + y / scale, x0 + (x + w) / scale, y0 + (y + h) / scale)
        for x, y, w, h in ([] if found is None else found[:, :4])
    ]


@pytest.mark.parametrize("index", VISITORS, ids=lambda index: f"frame {index}")
def test_no_face_is_left(index: int, shared_data: Path) -> None:
    """Where YuNet finds a face in a real frame, it finds none after redaction, at any size.

    Only there: it takes an elbow for a face, before and after.
    """
    pixels, box = visitor_frames(shared_data)[index], VISITORS[index]
    (face,) = faces(shared_data, pixels, box, 480, 0.6)
    safe = redacted(pixels, np.array([box], np.float32))
    for size_px in (320, 480, 960):
        for again in faces(shared_data, safe, box, size_px, 0.5):
            assert gap_px(again, face) > 10


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        pytest.param((100, 100, 140, 220), (95, 95, 145, 135), id="somebody who stands"),
        pytest.param((100, 100, 200, 180), (92, 92, 208, 158), id="cut off below the chest"),
        pytest.param((-10, -20, 30, 100), (0, 0, 35, 15), id="half out of the frame"),
    ],
)
def test_covers_the_head(box: Box, expected: Box) -> None:
    """The upper quarter is covered, more of it where the box is wide for its height."""
    (region,) = head_regions(np.array([box], np.float32), (640, 480))
    assert region == expected
    quarter = box[1] + (box[3] - box[1]) / 4
    assert region[0] <= max(0, box[0])
    assert region[1] <= max(0, box[1])
    assert region[2] >= box[2]
    assert region[3] >= quarter


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((700, 10, 720, 90), id="to the right of the frame"),
        pytest.param((-90, 10, -60, 90), id="to the left of the frame"),
        pytest.param((10, 10, 10, 10), id="without an area"),
    ],
)
def test_ignores_what_is_not_in_the_picture(box: Box) -> None:
    """A box outside of the frame changes nothing."""
    pixels = noise(640, 480)
    assert np.array_equal(redacted(pixels, np.array([box], np.float32)), pixels)


def test_changes_nothing_else() -> None:
    """The picture itself stays as it was; in the copy only heads differ, and hold few colors."""
    pixels = noise(320, 240)
    before = pixels.copy()
    people = np.array([(20, 30, 50, 150), (200, 20, 240, 180)], np.float32)
    safe = redacted(pixels, people)
    assert np.array_equal(pixels, before)
    outside = np.ones(pixels.shape[:2], bool)
    for left, top, right, bottom in head_regions(people, (320, 240)):
        outside[top:bottom, left:right] = False
        detail = safe[top:bottom, left:right].astype(float)
        assert np.abs(np.diff(detail, n=2, axis=1)).max() <= 256 / (right - left) * CELLS
    assert np.array_equal(safe[outside], pixels[outside])


def test_says_the_same_for_the_same_colors() -> None:
    """Only 27 numbers of a head remain: two heads with the same means become the same."""
    head = noise(60, 60)
    cells = head.reshape(CELLS, 20, CELLS, 20, 3)
    shuffled = cells[:, ::-1, :, ::-1].reshape(60, 60, 3)
    box = np.array([(0, 0, 60, 240)], np.float32)  # its upper quarter, with the margin, is all
    assert not np.array_equal(head, shuffled)
    assert np.array_equal(redacted(head, box), redacted(shuffled, box))


def noise(width: int, height: int) -> Pixels:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
