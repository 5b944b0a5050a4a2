"""A camera that is watched for months: newest picture first, reopened whenever it falls silent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

import structlog

from edge.errors import CameraLostError, SourceError
from edge.video.decoder import Decoder, DecoderDiedError, DecoderSilentError
from edge.video.frame import Frame, Pixels
from edge.video.protocol import Ended, Failed, Opened, Order, Picture
from edge.video.source import Source

LONGEST_PAUSE_S: Final = 30.0
OPENING_S: Final = 10.0
"""A child needs a moment to start, and a camera to answer, however short its silences may be."""


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """How a camera is doing.

    Attributes:
        state: ``live``, or ``silent`` for longer than it may be.
        frames: Handed out since the start.
        skipped: Decoded, but a newer one was there before its turn.
        reopened: How often it had to be opened again.
        silent_s: Since its last picture, or since the start where there was none.
    """

    state: Literal["live", "silent"]
    frames: int
    skipped: int
    reopened: int
    silent_s: float


class LiveCamera:
    """One camera; a clip or folder plays the camera at true pace, over and over.

    ``frames`` is meant for one thread of its own; ``status`` and ``close`` may come from any.
    """

    def __init__(
        self,
        camera_id: str,
        source: Source,
        silent_after_s: float = 20.0,
        first_pause_s: float = 1.0,
    ) -> None:
        self.camera_id = camera_id
        self.source = source
        self._silent_after_s = silent_after_s
        self._first_pause_s = first_pause_s
        self._log = structlog.get_logger().bind(camera_id=camera_id)
        self._closed = threading.Event()
        self._frames = self._skipped = self._skipped_before = self._reopened = 0
        self._last_s = time.monotonic()
        self._wh: tuple[int, int] | None = None
        self._decoder: Decoder | None = None

    def close(self) -> None:
        """Ends ``frames`` after the picture in hand, and at once where none is."""
        self._closed.set()
        if self._decoder is not None:
            self._decoder.kill()

    @property
    def decoder_pid(self) -> int | None:
        """Of the child that decodes now."""
        return self._decoder.pid if self._decoder else None

    def status(self, now_s: float) -> CameraStatus:
        """``now_s`` by the machine's monotonic clock."""
        silent_s = max(0.0, now_s - self._last_s)
        return CameraStatus(
            "silent" if silent_s > self._silent_after_s else "live",
            self._frames,
            self._skipped_before + self._skipped,
            self._reopened,
            silent_s,
        )

    def frames(self) -> Iterator[Frame]:
        """The newest picture at each call, until closed.

        The first after a loop, or after a clip or folder was reopened, bears the seam; a stream
        goes on after it was lost, its clock too, and a gap says enough, unless its pictures have
        another size now. What goes wrong is logged in one sentence, the decoder killed, and the
        camera opened again after a pause that doubles from ``first_pause_s`` to
        ``LONGEST_PAUSE_S`` until a picture comes.
        """
        fruitless = 0
        while not self._closed.is_set():
            shown_before = self._frames
            try:
                yield from self._one_opening()
            except (CameraLostError, SourceError) as error:
                if self._closed.is_set():
                    return
                self._log.warning(str(error))
            fruitless = 1 if self._frames > shown_before else fruitless + 1
            pause_s = min(LONGEST_PAUSE_S, self._first_pause_s * 2.0 ** (fruitless - 1))
            if self._closed.wait(pause_s):
                return
            self._reopened += 1

    def _one_opening(self) -> Iterator[Frame]:
        # The watchdog here is the first to speak of silence; the child's own limit comes later.
        patience_s = max(OPENING_S, self._silent_after_s)
        order = Order(self.source.kind, self.source.where, live=True, timeout_s=2 * patience_s)
        fresh = self._frames > 0 and self.source.kind != "stream"
        with Decoder(order) as decoder:
            self._decoder = decoder
            try:
                self._next(decoder, patience_s)
                while not self._closed.is_set():
                    frame = self._next(decoder, self._silent_after_s)
                    if frame is not None:
                        yield replace(frame, seam=frame.seam or fresh)
                        fresh = False
            finally:
                self._decoder = None
                self._skipped_before, self._skipped = self._skipped_before + self._skipped, 0

    def _next(self, decoder: Decoder, patience_s: float) -> Frame | None:
        """A picture; None for the word that the source is open.

        Raises:
            CameraLostError: Silent for too long, or its decoder died.
            SourceError: It says why there are no more pictures.
        """
        try:
            message, pixels = decoder.read(patience_s)
        except DecoderSilentError as error:
            raise CameraLostError(self.camera_id, time.monotonic() - self._last_s) from error
        except DecoderDiedError as error:
            raise SourceError(str(self.source), f"{error}; reopening") from error
        match message:
            case Picture() if pixels is not None:
                return self._taken(message, pixels)
            case Ended(broken=fault) | Failed(fault=fault):
                raise SourceError(str(self.source), f"{fault or 'ended'}; reopening")
            case Opened() | _:
                return None

    def _taken(self, picture: Picture, pixels: Pixels) -> Frame:
        self._last_s = time.monotonic()
        self._skipped = picture.skipped
        wh = picture.width, picture.height
        resized, self._wh = self._wh not in (None, wh), wh
        frame = Frame(
            pixels,
            datetime.fromtimestamp(picture.captured_at_s, UTC),
            picture.monotonic_s,
            self._frames + self._skipped_before + picture.skipped,
            picture.seam or resized,
        )
        self._frames += 1
        return frame
