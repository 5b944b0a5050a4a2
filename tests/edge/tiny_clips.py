"""Makes tiny clips and pictures: frame number *n* is plain gray of level ``gray(n)``."""

from collections.abc import Mapping
from pathlib import Path

import av
import cv2
import numpy as np

from edge.video.frame import Frame

STEP = 7
_FORMATS = {"mjpeg": "yuvj420p"}


def gray(number: int) -> int:
    return 20 + STEP * number


def number_in(frame: Frame) -> int:
    """Inverse of ``gray``, for a whole frame."""
    return round((float(frame.pixels.mean()) - 20) / STEP)


def write_clip(
    path: Path,
    frames: int = 30,
    rate: int = 10,
    codec: str = "mpeg4",
    options: Mapping[str, str] | None = None,
) -> Path:
    """64x48 pixels; the container follows from the file's name. mp4 has its index in front."""
    wanted = dict(options or {})
    created = wanted.pop("creation_time", None)
    if path.suffix == ".mp4":
        wanted.setdefault("movflags", "faststart")
    with av.open(str(path), "w", container_options=wanted) as container:
        if created:
            container.metadata["creation_time"] = created
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, _FORMATS.get(codec, "yuv420p")
        stream.bit_rate = 400_000
        for number in range(frames):
            pixels = np.full((48, 64, 3), gray(number % 30), np.uint8)
            # A little noise, so that each frame takes up some room in the file.
            noise = np.random.default_rng(number).integers(-3, 4, pixels.shape)
            image = av.VideoFrame.from_ndarray((pixels + noise).astype(np.uint8), format="bgr24")
            container.mux(stream.encode(image))
        container.mux(stream.encode())
    return path


def torn(path: Path, share: float) -> Path:
    """A copy that ends after so much of the file."""
    content = path.read_bytes()
    copy = path.with_name(f"torn-{path.name}")
    copy.write_bytes(content[: int(len(content) * share)])
    return copy


def write_picture(path: Path, number: int, wh: tuple[int, int] = (64, 48)) -> Path:
    cv2.imwrite(str(path), np.full((wh[1], wh[0], 3), gray(number), np.uint8))
    return path
