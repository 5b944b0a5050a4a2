"""Replay: every picture of a source once, in order, as fast as it can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self

from edge.errors import BrokenOffError, SourceError
from edge.video.decoder import Decoder, DecoderDiedError, DecoderSilentError
from edge.video.frame import Frame, Pixels
from edge.video.protocol import Ended, Failed, Message, Opened, Order, Picture
from edge.video.source import Source

UNKNOWN_START: Final = datetime(1970, 1, 1, 12, tzinfo=UTC)
"""What a replay counts from where nobody knows: plainly not a real date, the same on every
machine (a file's own date changes when it is copied), and by day, which claims less than night."""

SILENT_AFTER_S: Final = 30.0


class Replay:
    """One reading of a source; a context manager, since a child decodes for it.

    Attributes:
        opened: What the source says of itself.
        started_at: Time of the first picture: as given, or by the source's own word (a clip's
            ``creation_time``, a folder's EXIF or file names), or ``UNKNOWN_START``; for a stream,
            now.
    """

    def __init__(
        self,
        source: Source,
        started_at: datetime | None = None,
        silent_after_s: float = SILENT_AFTER_S,
    ) -> None:
        """
        Raises:
            SourceError: It cannot be read at all.
        """
        self._source = source
        self.silent_after_s = silent_after_s
        self._index = -1
        self._decoder = Decoder(Order(source.kind, source.where, live=False))
        try:
            self.opened = self._read_opened()
        except BaseException:
            self._decoder.__exit__(None, None, None)
            raise
        self.knows_start = started_at is not None or self.opened.started_at_s is not None
        self.started_at = started_at or self._own_start(self.opened)

    @property
    def decoder_pid(self) -> int:
        return self._decoder.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._decoder.__exit__(kind, error, trace)

    def frames(self) -> Iterator[Frame]:
        """Every picture; its time is the start plus the source's own time.

        Raises:
            SourceError: There was no picture.
            BrokenOffError: After the last picture, where the source holds less than it says, or
                its decoder died or hung.
        """
        while True:
            message, pixels = self._read()
            match message:
                case Picture() if pixels is not None:
                    self._index = message.index
                    yield Frame(
                        pixels,
                        self.started_at + timedelta(seconds=message.at_s),
                        message.at_s,
                        message.index,
                        message.seam,
                    )
                case Ended(broken=""):
                    return
                case Ended(broken=fault) | Failed(fault=fault):
                    raise self._lost(fault)

    def _read_opened(self) -> Opened:
        match self._read()[0]:
            case Opened() as opened:
                return opened
            case Failed(fault=fault):
                raise self._lost(fault)
            case _:
                raise self._lost("is no source that the decoder knows")

    def _read(self) -> tuple[Message, Pixels | None]:
        try:
            return self._decoder.read(self.silent_after_s)
        except DecoderSilentError as error:
            raise self._lost(f"gave no picture for {self.silent_after_s:g} s") from error
        except DecoderDiedError as error:
            raise self._lost(str(error)) from error

    def _lost(self, fault: str) -> SourceError:
        if self._index < 0:
            return SourceError(str(self._source), fault)
        return BrokenOffError(str(self._source), fault)

    def _own_start(self, opened: Opened) -> datetime:
        if opened.started_at_s is not None:
            return datetime.fromtimestamp(opened.started_at_s, UTC)
        return datetime.now(UTC) if self._source.kind == "stream" else UNKNOWN_START
