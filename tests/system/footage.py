"""A clip for the whole road: a walker of real footage leaves a photographed bag behind."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from edge.video.frame import Pixels

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FPS = 10
DROP_FRAME = 44
SECONDS = 25
BAG_FOOT = (336, 297)
"""Beside the walker who passes there in the 44th of the frames from 400 on."""
BAG_SIDE_PX = 44


def compose(clip: Path) -> None:
    """Writes 25 s of vtest.avi from frame 400 on, with a bag of a held-out photo put down."""
    bag = _bag()
    height, width = bag.shape[:2]
    left, top = BAG_FOOT[0] - width // 2, BAG_FOOT[1] - height
    alpha = bag[..., 3:] / 255.0
    with av.open(str(clip), "w") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"crf": "18", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 768, 576, "yuv420p"
        for number, pixels in enumerate(_street()):
            if number >= DROP_FRAME:
                spot = pixels[top : top + height, left : left + width]
                spot[:] = (spot * (1 - alpha) + bag[..., :3] * alpha).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _street() -> list[Pixels]:
    with av.open(str(DATA / "video" / "vtest.avi")) as clip:
        frames = [
            frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
            for frame in clip.decode(video=0)
        ]
    return frames[400 : 400 + FPS * SECONDS]


def _bag() -> Pixels:
    """The largest bag of the first held-out photo, cut out: ``(h, w, 4)`` BGR and alpha."""
    photo = sorted((DATA / "waste" / "valid" / "images").glob("*.jpg"))[0]
    pixels = cv2.imread(str(photo))
    assert pixels is not None
    label = photo.parents[1] / "labels" / f"{photo.stem}.txt"
    outlines = [
        (np.array(line.split()[1:], float).reshape(-1, 2) * pixels.shape[1::-1]).astype(np.int32)
        for line in label.read_text().splitlines()
    ]
    outline = max(outlines, key=cv2.contourArea)
    alpha = np.zeros(pixels.shape[:2], np.uint8)
    cv2.fillPoly(alpha, [outline], 255)
    left, top, width, height = cv2.boundingRect(outline)
    cut = np.dstack([pixels, cv2.GaussianBlur(alpha, (5, 5), 0)])
    cut = cut[top : top + height, left : left + width]
    scale = BAG_SIDE_PX / max(width, height)
    small = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)
