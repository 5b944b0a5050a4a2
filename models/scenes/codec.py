"""Clips as street cameras store them: H.264 or H.265 in an mp4, the same bytes every time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

import av
import numpy as np
import numpy.typing as npt
from av.video.stream import VideoStream

from models.errors import ModelsError

Name = Literal["h264", "h265"]
COMMENT: Final = "composed by sanse"
"""Stands in every clip."""
ENCODERS: Final = {"h264": "libx264", "h265": "libx265"}
OPTIONS: Final = {
    "h264": {"preset": "veryfast", "x264-params": "threads=1:sync-lookahead=0:rc-lookahead=10"},
    "h265": {
        "preset": "ultrafast",
        "x265-params": "pools=none:frame-threads=1:wpp=0:log-level=none:rc-lookahead=10",
    },
}


class NoCodecError(ModelsError):
    """The encoder is not in this build of FFmpeg."""

    def __init__(self, codec: str) -> None:
        super().__init__(
            f"cannot write {codec}: this PyAV has no {ENCODERS[codec]}; "
            "install its wheel from PyPI, which brings it"
        )


@dataclass(frozen=True, slots=True)
class Coding:
    """How a camera packs its pictures.

    Attributes:
        kbps: Mean rate aimed at; street cameras run 512 to 4,096.
        key_s: Seconds from one key frame to the next.
    """

    codec: Name = "h264"
    kbps: int = 2048
    key_s: float = 2.0
    fps: int = 25

    def __post_init__(self) -> None:
        if self.codec not in ENCODERS:
            raise ValueError(f"codec {self.codec!r}: want one of {', '.join(ENCODERS)}")
        if self.kbps <= 0 or self.key_s <= 0 or self.fps <= 0:
            raise ValueError(
                f"kbps {self.kbps}, key_s {self.key_s}, fps {self.fps}: want each above 0"
            )


USUAL: Final = Coding()


class ClipWriter:
    """Writes one clip; a context manager. The file holds no wall clock, only the hour given."""

    def __init__(
        self, path: Path, wh: tuple[int, int], began_at: datetime, coding: Coding = USUAL
    ) -> None:
        """
        Raises:
            NoCodecError: The encoder is missing.
            OSError: Nothing can be written there.
            ValueError: A side is odd, or the hour knows no time zone.
        """
        if wh[0] % 2 or wh[1] % 2:
            raise ValueError(f"clip {wh[0]} x {wh[1]}: want even sides")
        if began_at.tzinfo is None:
            raise ValueError(f"began_at {began_at.isoformat()}: want an hour with a time zone")
        if ENCODERS[coding.codec] not in av.codecs_available:
            raise NoCodecError(coding.codec)
        path.open("wb").close()  # av leaves the path out of what it says
        self.wh, self._written = wh, 0
        self._out = av.open(
            str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}
        )
        stamp = began_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self._out.metadata["creation_time"] = stamp
        self._out.metadata["comment"] = COMMENT
        self._stream = self._add(coding)

    def _add(self, coding: Coding) -> VideoStream:
        stream = self._out.add_stream(
            ENCODERS[coding.codec], rate=coding.fps, options=OPTIONS[coding.codec]
        )
        assert isinstance(stream, VideoStream)
        context = stream.codec_context
        stream.width, stream.height = self.wh
        stream.pix_fmt = "yuv420p"
        context.bit_rate = coding.kbps * 1000
        context.gop_size = max(round(coding.key_s * coding.fps), 1)
        context.thread_count = 1
        context.time_base = Fraction(1, coding.fps)
        context.max_b_frames = 0
        if coding.codec == "h265":
            context.codec_tag = "hvc1"
        return stream

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._out.mux(self._stream.encode(None))
        self._out.close()

    def write(self, bgr: npt.NDArray[np.uint8]) -> None:
        """Adds one frame ``(height, width, 3)`` of blue, green, red."""
        width, height = self.wh
        if bgr.shape != (height, width, 3):
            raise ValueError(f"frame {bgr.shape}: want ({height}, {width}, 3)")
        frame = av.VideoFrame.from_ndarray(bgr, format="bgr24")
        frame.pts, frame.time_base = self._written, self._stream.codec_context.time_base
        self._written += 1
        self._out.mux(self._stream.encode(frame))
