"""A folder of pictures, read in the decoding child like everything else that FFmpeg opens."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import av

from edge.video.exif import moment
from edge.video.protocol import Opened, Order
from edge.video.shot import Shot, UnreadableError
from edge.video.source import pictures_in

STEP_S: Final = 1.0
"""Between the pictures of a folder that bear no time."""
PICTURE_OPTIONS: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": "image2,bmp_pipe,jpeg_pipe,png_pipe,tiff_pipe,webp_pipe",
    "pattern_type": "none",
}
"""A picture is itself, whatever its name: no numbered sequence, no playlist."""


class FolderReading:
    """The pictures of a folder in the order of their names.

    Their times are those of the cameras (EXIF), or else of their names (``20261120_233000`` and
    the like), provided that all bear one and none runs backwards; otherwise they are taken to be
    ``STEP_S`` apart. A time without an offset is taken as UTC.
    """

    def __init__(self, order: Order) -> None:
        self._paths = pictures_in(Path(order.where))
        if not self._paths:
            raise UnreadableError("is a folder without pictures")
        times = _times(self._paths, _exif_time) or _times(self._paths, _time_in_name)
        steps = [index * STEP_S for index in range(len(self._paths))]
        self._at_s = [moment - times[0] for moment in times] if times else steps
        self.opened = Opened(times[0] if times else None, len(self._paths), self._at_s[-1])
        self._unread = 0

    def shots(self) -> Iterator[Shot]:
        shape: tuple[int, int] | None = None
        for index, (path, at_s) in enumerate(zip(self._paths, self._at_s, strict=True)):
            image = _picture(path)
            if image is None:
                self._unread += 1
                continue
            # Pictures of another size show another view.
            seam = shape is not None and shape != (image.width, image.height)
            shape = (image.width, image.height)
            yield Shot(image, index, at_s, time.time(), time.monotonic(), seam)
        if shape is None:
            raise UnreadableError("holds no picture that can be decoded")

    def broken(self) -> str:
        if not self._unread:
            return ""
        return f"{self._unread} of {len(self._paths)} pictures cannot be read"


def _picture(path: Path) -> av.VideoFrame | None:
    try:
        with av.open(f"file:{path}", options=PICTURE_OPTIONS) as container:
            return next(container.decode(video=0), None)
    except (av.FFmpegError, OSError, IndexError):
        return None


def _exif_time(path: Path) -> float | None:
    image = _picture(path) if path.suffix.lower() in {".jpg", ".jpeg", ".tif", ".tiff"} else None
    if image is None:
        return None
    tags = {key.rpartition("/")[2]: value.strip() for key, value in image.metadata.items()}
    stamp = tags.get("DateTimeOriginal") or tags.get("DateTime") or ""
    offset = tags.get("OffsetTimeOriginal") or tags.get("OffsetTime") or ""
    taken_at = moment(stamp, offset)
    return None if taken_at is None else taken_at.timestamp()


def _time_in_name(path: Path) -> float | None:
    """Unix time of a date and time in a file's name, read as UTC.

    >>> _time_in_name(Path("yard_20261120-233000.jpg"))
    1795217400.0
    """
    found = re.search(r"(20\d\d)\D?(\d\d)\D?(\d\d)\D{1,2}(\d\d)\D?(\d\d)\D?(\d\d)", path.stem)
    try:
        if not found:
            return None
        year, month, day, hour, minute, second = map(int, found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _times(paths: list[Path], time_of: Callable[[Path], float | None]) -> list[float]:
    """Of all pictures, none earlier than the one before; otherwise none at all."""
    times: list[float] = []
    for path in paths:
        moment = time_of(path)
        if moment is None or (times and moment < times[-1]):
            return []
        times.append(moment)
    return times if len(times) == 1 or times[0] < times[-1] else []
