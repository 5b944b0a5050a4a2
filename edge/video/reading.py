"""The PyAV door: opens clips and streams; runs only in the decoding child.

A hostile or torn file can crash or hang FFmpeg, so nothing here may be imported by the box itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import av
import av.container
import av.logging
import numpy as np

from edge.video.frame import Pixels
from edge.video.pictures import FolderReading
from edge.video.protocol import Opened, Order
from edge.video.shot import Reading, Shot, UnreadableError

USUAL_RATE: Final = 25
"""Pictures a second of a raw stream that does not say."""
ROUNDING_S: Final = 1.05
"""By how much a header may overstate a duration: some round it up to a whole second."""
FORMATS: Final = (
    "asf,avi,flv,gif,h264,hevc,ivf,m4v,matroska,mjpeg,mov,mp4,mpeg,mpegts,mxf,ogg,webm,wtv,y4m"
)
"""Containers of moving pictures; FFmpeg would also play text files and fetch playlists."""


def open_reading(order: Order) -> Reading:
    """
    Raises:
        UnreadableError: In words.
    """
    return READINGS[order.kind](order)


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


def _creation_time_s(container: av.container.InputContainer) -> float | None:
    """When the clip was taken, by its own word; muxers write 1904 or 1970 for "unknown"."""
    try:
        made = datetime.fromisoformat(container.metadata.get("creation_time", ""))
    except ValueError:
        return None
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    return made.timestamp() if made.year > 1990 else None


READINGS: Final[dict[str, Callable[[Order], Reading]]] = {
    "clip": ClipReading,
    "folder": FolderReading,
    "stream": StreamReading,
}
