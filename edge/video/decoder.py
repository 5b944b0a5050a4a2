"""The box's end of a decoding child: starts it, hears it, and kills it when it hangs."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

import edge
from edge.video.frame import Pixels
from edge.video.protocol import ASK, LENGTH_BYTES, Message, Order, Picture, unpack

_LARGEST_MESSAGE_BYTES: Final = 1 << 20
_LARGEST_PICTURE_BYTES: Final = 1 << 30


class DecoderDiedError(Exception):
    """The child ended without a last word, or spoke nonsense; start another."""


class DecoderSilentError(Exception):
    """Nothing came in time; kill the child and start another."""


class Decoder:
    """One decoding child. Leaving the ``with`` kills it, whatever it is doing."""

    def __init__(self, order: Order) -> None:
        root = str(Path(edge.__file__).parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._asks = False
        self._order = order
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  closed in __exit__ with the child
        self._child = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "edge.video.child"),
                *(json.dumps(asdict(order)), str(os.getpid())),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"},
            # A Ctrl-C is for the box, which then ends its children.
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        # A child that hangs inside the kernel, on a lost network disk, ends when that lets it go.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(5)
        for end in (self._child.stdin, self._child.stdout, self._words):
            if end is not None:
                end.close()

    def kill(self) -> None:
        """From any thread; whoever reads is told that the child died."""
        self._child.kill()

    def read(self, timeout_s: float) -> tuple[Message, Pixels | None]:
        """The child's next message and, of a ``Picture``, its pixels.

        Raises:
            DecoderSilentError: It took longer than that.
            DecoderDiedError: The child is gone; in words.
        """
        deadline_s = time.monotonic() + timeout_s
        if self._asks:
            self._ask()
        size = int.from_bytes(self._exactly(LENGTH_BYTES, deadline_s).tobytes())
        if size > _LARGEST_MESSAGE_BYTES:
            raise DecoderDiedError(f"the decoder announced a message of {size} bytes")
        try:
            message = unpack(self._exactly(size, deadline_s).tobytes())
        except ValueError as error:
            raise DecoderDiedError(str(error)) from error
        if not isinstance(message, Picture):
            # From here on a live child sends a picture only when asked, and then the newest.
            self._asks = self._order.live
            return message, None
        if not 0 < message.pixel_bytes <= _LARGEST_PICTURE_BYTES:
            raise DecoderDiedError(f"the decoder sent {message.width}x{message.height} pixels")
        flat = self._exactly(message.pixel_bytes, deadline_s)
        return message, flat.reshape(message.height, message.width, 3)

    def _ask(self) -> None:
        assert self._child.stdin is not None
        # What a dead child said last may still lie in the other pipe.
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(ASK)

    def _exactly(self, count: int, deadline_s: float) -> Pixels:
        assert self._child.stdout is not None
        pipe = self._child.stdout.fileno()
        content = np.empty(count, np.uint8)
        left = content.data
        while left:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline_s - time.monotonic()))
            if not ready:
                raise DecoderSilentError
            got = os.readv(pipe, [left])
            if not got:
                raise DecoderDiedError(self._last_words())
            left = left[got:]
        return content

    def _last_words(self) -> str:
        code = self._child.wait()
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        self._words.seek(0)
        lines = self._words.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"the decoder died ({how}{': ' + last[:200] if last else ''})"
