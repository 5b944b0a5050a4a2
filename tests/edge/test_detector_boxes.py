"""Boxes, letterbox and output heads: arithmetic, each with its inverse or a plain reference."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.boxes import Detections, Floats, iou, nms
from edge.vision.heads import HEADS, cell_count, decode_yolo, decode_yolox
from edge.vision.letterbox import PAD_GRAY, Letterbox

sides = st.integers(16, 4000)
input_sides = st.integers(1, 40).map(lambda cells: cells * 32)


@given(
    st.tuples(sides, sides),
    st.tuples(input_sides, input_sides),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_letterbox_and_back(
    frame_wh: tuple[int, int], input_wh: tuple[int, int], centered: bool, seed: int
) -> None:
    """Whatever the sizes, boxes return to where they were, and the picture fits its input."""
    (width, height), (across, down) = frame_wh, input_wh
    fit = Letterbox.fit(frame_wh, input_wh, centered)
    left, top = fit.left_top
    assert left >= 0
    assert top >= 0
    assert left + fit.inner_wh[0] <= across
    assert top + fit.inner_wh[1] <= down
    assert fit.inner_wh[0] == across or fit.inner_wh[1] == down
    corners = np.random.default_rng(seed).random((7, 4), np.float32)
    boxes = corners * np.array([width, height, width, height], np.float32)
    there_and_back = fit.to_frame(fit.to_input(boxes))
    np.testing.assert_allclose(there_and_back, boxes, atol=0.02 * max(1, width / across))


@pytest.mark.parametrize("centered", [True, False], ids=["in the middle", "in the corner"])
@pytest.mark.parametrize(
    ("frame_wh", "input_wh"),
    [
        pytest.param((640, 480), (320, 320), id="wide frame, square input"),
        pytest.param((432, 768), (320, 192), id="tall frame, wide input"),
        pytest.param((100, 60), (320, 192), id="small frame, enlarged"),
        pytest.param((320, 192), (320, 192), id="no change"),
    ],
)
def test_pixels_go_where_boxes_go(
    frame_wh: tuple[int, int], input_wh: tuple[int, int], centered: bool
) -> None:
    """A white rectangle lies in the input where ``to_input`` says, gray around the picture."""
    width, height = frame_wh
    box = np.array([[width * 0.25, height * 0.5, width * 0.5, height * 0.75]], np.float32)
    pixels = np.zeros((height, width, 3), np.uint8)
    left, top, right, bottom = box[0].astype(int)
    pixels[top:bottom, left:right] = 255
    fit = Letterbox.fit(frame_wh, input_wh, centered)
    seen = fit.apply(pixels)
    assert seen.shape == (input_wh[1], input_wh[0], 3)
    rows, columns = np.nonzero(seen[:, :, 0] > 200)
    found = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    np.testing.assert_allclose(found, fit.to_input(box)[0], atol=1.5)
    gray = int((seen == PAD_GRAY).all(axis=2).sum())
    assert gray >= input_wh[0] * input_wh[1] - fit.inner_wh[0] * fit.inner_wh[1]


def plain_yolox(raw: Floats, input_wh: tuple[int, int]) -> list[list[float]]:
    """Row by row, as the paper puts it: center, size, then objectness times class."""
    rows = []
    index = 0
    for stride in (8, 16, 32):
        for y in range(input_wh[1] // stride):
            for x in range(input_wh[0] // stride):
                dx, dy, dw, dh, sure, *classes = (float(v) for v in raw[0, index])
                cx, cy = (x + dx) * stride, (y + dy) * stride
                w, h = math.exp(dw) * stride, math.exp(dh) * stride
                box = [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]
                rows.append([*box, *(sure * score for score in classes)])
                index += 1
    return rows


@pytest.mark.parametrize(
    "input_wh", [pytest.param((160, 160), id="square"), pytest.param((160, 96), id="wide")]
)
def test_yolox_decodes_as_the_plain_reference(input_wh: tuple[int, int]) -> None:
    """Any raw head is decoded as the reference does it, to 1e-4."""
    chance = np.random.default_rng(5)
    raw = chance.normal(0, 1, (1, cell_count(input_wh), 8)).astype(np.float32)
    got = decode_yolox(raw, input_wh)
    want = np.array(plain_yolox(raw, input_wh))
    np.testing.assert_allclose(got.xyxy, want[:, :4], atol=1e-4, rtol=1e-6)
    np.testing.assert_allclose(got.scores, want[:, 4:], atol=1e-4)


def test_yolo_decodes_as_the_plain_reference() -> None:
    """Centers and sizes become corners; scores stay."""
    input_wh = (160, 96)
    raw = np.random.default_rng(6).random((1, 6, cell_count(input_wh)), np.float32) * 100
    got = decode_yolo(raw, input_wh)
    for column in range(raw.shape[2]):
        cx, cy, w, h, *classes = (float(v) for v in raw[0, :, column])
        want = [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]
        np.testing.assert_allclose(got.xyxy[column], want, atol=1e-4)
        np.testing.assert_allclose(got.scores[column], classes, atol=1e-6)


@pytest.mark.parametrize(
    ("shape", "input_wh", "family"),
    [
        pytest.param((1, 84, 8400), (640, 640), ("yolo", 80), id="YOLO 11, COCO"),
        pytest.param((1, 7, 2100), (320, 320), ("yolo", 3), id="YOLO 11, three classes"),
        pytest.param((1, 7, 1260), (320, 192), ("yolo", 3), id="YOLO 11, wide"),
        pytest.param((1, 3549, 85), (416, 416), ("yolox", 80), id="YOLOX-nano, COCO"),
        pytest.param((1, 300, 6), (640, 640), None, id="NMS built in"),
        pytest.param((1, 4, 8400), (640, 640), None, id="no class at all"),
        pytest.param((1, 84, 8400), (320, 320), None, id="of another input size"),
        pytest.param((84, 8400), (640, 640), None, id="no batch"),
    ],
)
def test_heads_are_told_by_their_shape(
    shape: tuple[int, ...], input_wh: tuple[int, int], family: tuple[str, int] | None
) -> None:
    """Each shape belongs to one family or to none."""
    known = {
        (name, count)
        for name, head in HEADS.items()
        if (count := head.classes_of(shape, input_wh)) is not None
    }
    assert known == ({family} if family else set())


@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_suppression_keeps_the_surest_of_each_thing(count: int, seed: int) -> None:
    """What stays does not overlap under one label; what went is covered by something surer."""
    chance = np.random.default_rng(seed)
    corner = chance.random((count, 2), np.float32) * 50
    size = chance.random((count, 2), np.float32) * 30 + 1
    found = Detections(
        np.concatenate([corner, corner + size], axis=1),
        chance.random(count, np.float32),
        chance.integers(0, 3, count).astype(np.int64),
    )
    kept = nms(found, 0.5)
    same = kept.label[:, None] == kept.label[None, :]
    overlap = (iou(kept.xyxy, kept.xyxy) > 0.5) & same & ~np.eye(len(kept), dtype=np.bool_)
    assert not overlap.any()
    assert (np.diff(kept.score) <= 0).all()
    for box, score, label in zip(found.xyxy, found.score, found.label, strict=True):
        cover = (iou(box[None], kept.xyxy)[0] > 0.5) & (kept.label == label)
        is_kept = (kept.xyxy == box).all(axis=1).any()
        assert is_kept or (kept.score[cover] >= score).any()


def test_detections_refuse_arrays_that_do_not_fit() -> None:
    """The shapes wanted and given stand in the message."""
    with pytest.raises(ValueError, match=r"want \(n, 4\), \(n,\), \(n,\)"):
        Detections(np.zeros((2, 4), np.float32), np.zeros(3, np.float32), np.zeros(2, np.int64))
