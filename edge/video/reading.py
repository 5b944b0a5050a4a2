"""The PyAV door: opens clips, pictures and streams; runs only in the decoding child.

A hostile or torn file can crash or hang FFmpeg, so nothing here may be imported by the box itself.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import av
import av.container
import av.logging
import numpy as np

from edge.video.frame import Pixels
from edge.video.protocol import Opened, Order
from edge.video.source import pictures_in

STEP_S: Final = 1.0
"""Between the pictures of a folder that bear no time."""
USUAL_RATE: Final = 25
"""Pictures a second of a raw stream that does not say."""
ROUNDING_S: Final = 1.05
"""By how much a header may overstate a duration: some round it up to a whole second."""
FORMATS: Final = (
    "asf,avi,flv,gif,h264,hevc,ivf,m4v,matroska,mjpeg,mov,mp4,mpeg,mpegts,mxf,ogg,webm,wtv,y4m"
)
"""Containers of moving pictures; FFmpeg would also play text files and fetch playlists."""
PICTURE_OPTIONS: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": "image2,bmp_pipe,jpeg_pipe,png_pipe,tiff_pipe,webp_pipe",
    "pattern_type": "none",
}
"""A picture is itself, whatever its name: no numbered sequence, no playlist."""


@dataclass(slots=True)
class Shot:
    """A decoded picture before it is turned into pixels; its times as in ``Picture``."""

    image: av.VideoFrame
    index: int
    at_s: float
    captured_at_s: float
    monotonic_s: float
    seam: bool = False


class UnreadableError(Exception):
    """The source cannot be read; says why in words."""


class Reading(Protocol):
    """One pass over a source."""

    opened: Opened

    def shots(self) -> Iterator[Shot]: ...

    def broken(self) -> str:
        """After the last shot: what was not there, in words; empty if all was."""


def open_reading(order: Order) -> Reading:
    """
    Raises:
        UnreadableError: In words.
    """
    match order.kind:
        case "clip":
            return ClipReading(order)
        case "folder":
            return FolderReading(Path(order.where))
        case "stream":
            return StreamReading(order)


def to_bgr(image: av.VideoFrame) -> Pixels:
    """``(height, width, 3)``, upright as a phone's own marking says."""
    pixels = image.to_ndarray(format="bgr24")
    turns = round(image.rotation / 90) % 4
    upright: Pixels = np.ascontiguousarray(np.rot90(pixels, turns) if turns else pixels)
    return upright


class ClipReading:
    """A video file, from its first picture to its last.

    Whether it was cut off is told by its own header: a partial last packet, fewer pictures than
    the header counts, or, where it counts none, an end more than a second before its duration.
    """

    def __init__(self, order: Order) -> None:
        self._container = _open(
            f"file:{order.where}", {"protocol_whitelist": "file", "format_whitelist": FORMATS}
        )
        if not self._container.streams.video:
            raise UnreadableError("holds no video")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "SLICE" if order.live else "AUTO"
        rate = self._stream.average_rate
        self._rate = float(rate) if rate else USUAL_RATE
        length = self._container.duration
        self._length_s = length / 1_000_000 if length else None
        self.opened = Opened(
            _creation_time_s(self._container), self._stream.frames or None, self._length_s
        )
        self._shown = self._packets = self._damaged = 0
        self._cut = ""
        self._covered_s = self._end_s = 0.0

    def shots(self) -> Iterator[Shot]:
        first_s: float | None = None
        last_s = 0.0
        for image in self._images():
            own_s = image.time if image.time is not None else self._shown / self._rate
            first_s = own_s if first_s is None else first_s
            last_s = max(last_s, own_s - first_s)
            yield Shot(image, self._shown, last_s, time.time(), time.monotonic())
            self._shown += 1
        if not self._shown:
            raise UnreadableError("holds no picture that can be decoded")

    def _images(self) -> Iterator[av.VideoFrame]:
        packets = self._container.demux()
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                self._cut = f"cannot be read on ({error.strerror})"
                return
            self._count(packet)
            if packet.stream is self._stream:
                yield from self._decoded(packet)

    def _decoded(self, packet: av.Packet[Any]) -> Iterator[av.VideoFrame]:
        try:
            for image in packet.decode():
                if isinstance(image, av.VideoFrame):
                    yield image
        except av.FFmpegError:
            # Before the first picture it is a recording that begins between two key frames.
            self._damaged += self._shown > 0

    def _count(self, packet: av.Packet[Any]) -> None:
        if packet.pts is not None and packet.time_base:
            end_s = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            self._end_s = max(self._end_s, end_s)
            if packet.stream is self._stream:
                self._covered_s = max(self._covered_s, end_s)
        if packet.stream is self._stream and packet.size:
            self._packets += 1
            self._damaged += packet.is_corrupt and self._shown > 0

    def broken(self) -> str:
        start_s = float((self._stream.start_time or 0) * (self._stream.time_base or 0))
        covered = max(self._packets, round((self._covered_s - start_s) * self._rate))
        counted = self._stream.frames
        if self._cut:
            return self._cut
        if counted and covered < counted:
            return f"breaks off after {self._shown} of {counted} pictures"
        if not counted and self._is_short():
            return f"breaks off after {self._end_s:.1f} of {self._length_s:.1f} s"
        if self._damaged:
            return f"is damaged; {self._shown} pictures could be read"
        return ""

    def _is_short(self) -> bool:
        """Only these containers state a duration of their own; others are guessed from the size."""
        states_length = self._container.format.name.startswith(("mov", "matroska", "flv", "asf"))
        start_s = (self._container.start_time or 0) / 1_000_000
        length_s = self._length_s or 0.0
        return states_length and self._end_s - start_s < length_s - ROUNDING_S


class FolderReading:
    """The pictures of a folder in the order of their names.

    Their times are those of the cameras (EXIF), or else of their names (``20261120_233000`` and
    the like), provided that all bear one and none runs backwards; otherwise they are taken to be
    ``STEP_S`` apart. A time without an offset is taken as UTC.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = pictures_in(folder)
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


class StreamReading:
    """An RTSP camera over TCP (UDP drops packets under load, and smears the picture)."""

    def __init__(self, order: Order) -> None:
        limit_us = str(int(order.timeout_s * 1_000_000))
        self._container = _open(
            order.where,
            {"rtsp_transport": "tcp", "timeout": limit_us, "fflags": "nobuffer"},
            order.timeout_s,
        )
        if not self._container.streams.video:
            raise UnreadableError("sends no video")
        self._stream = self._container.streams.video[0]
        # Frame threads would hold back one picture each.
        self._stream.thread_type = "SLICE"
        self.opened = Opened(None, None, None)
        self._lost = ""

    def shots(self) -> Iterator[Shot]:
        index, first_s = 0, 0.0
        shape: tuple[int, int] | None = None
        for image in self._images():
            now_s = time.monotonic()
            first_s = first_s or now_s
            seam = shape is not None and shape != (image.width, image.height)
            shape = (image.width, image.height)
            yield Shot(image, index, now_s - first_s, time.time(), now_s, seam)
            index += 1
        if not index:
            raise UnreadableError(self._lost or "ended before its first picture")

    def _images(self) -> Iterator[av.VideoFrame]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                self._lost = f"the stream broke off ({error.strerror})"
                return
            try:
                yield from (image for image in packet.decode() if isinstance(image, av.VideoFrame))
            except av.FFmpegError:
                continue  # A packet lost on the way; the next key frame mends it.

    def broken(self) -> str:
        return self._lost


def _open(
    where: str, options: dict[str, str], timeout_s: float | None = None
) -> av.container.InputContainer:
    av.logging.set_level(av.logging.PANIC)
    try:
        return av.open(where, options=options, timeout=timeout_s, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableError(_why(where, error)) from error


def _why(where: str, error: Exception) -> str:
    if where.startswith("file:"):
        return "is no video that can be read; if it was one, its beginning or its index is missing"
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"cannot be reached: {reason}"


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
    offset = tags.get("OffsetTimeOriginal") or tags.get("OffsetTime") or "+00:00"
    try:
        return datetime.strptime(f"{stamp}{offset}", "%Y:%m:%d %H:%M:%S%z").timestamp()
    except ValueError:
        return None


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


def _creation_time_s(container: av.container.InputContainer) -> float | None:
    """When the clip was taken, by its own word; muxers write 1904 or 1970 for "unknown"."""
    try:
        made = datetime.fromisoformat(container.metadata.get("creation_time", ""))
    except ValueError:
        return None
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    return made.timestamp() if made.year > 1990 else None
