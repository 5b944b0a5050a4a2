"""The decoding child, ``python -m edge.video.child ORDER PARENT``: may die, hang or crash alone."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Final

from edge.video.protocol import ASK, Ended, Failed, Order, Picture, pack
from edge.video.reading import open_reading, to_bgr
from edge.video.shot import Reading, Shot, UnreadableError

_PR_SET_PDEATHSIG: Final = 1
_PIPE_BYTES: Final = 1 << 20
FOLDER_PACE_S: Final = 1.0
"""A folder that plays the camera shows a picture a second, whatever lies between their times."""


def main() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(sys.argv[2]):
        return  # The box died before it could take us along.
    order = Order(**json.loads(sys.argv[1]))
    pipe = os.dup(1)
    os.dup2(2, 1)  # What a library prints must not fall among the messages.
    with contextlib.suppress(OSError):  # A user may be allowed no more pipe memory.
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    try:
        (_send_newest if order.live else _send_every)(order, pipe)
    except UnreadableError as error:
        _write(pipe, pack(Failed(str(error))))
    except BrokenPipeError:
        pass  # Nobody looks any more.


def _send_every(order: Order, pipe: int) -> None:
    reading = open_reading(order)
    _write(pipe, pack(reading.opened))
    for shot in reading.shots():
        _send(pipe, shot, skipped=0)
    _write(pipe, pack(Ended(reading.broken())))


def _send_newest(order: Order, pipe: int) -> None:
    reading = open_reading(order)
    _write(pipe, pack(reading.opened))
    slot = Slot()
    threading.Thread(target=_fill, args=(order, reading, slot), daemon=True).start()
    while os.read(0, 1) == ASK:
        shot = slot.take()
        if isinstance(shot, Shot):
            _send(pipe, shot, slot.skipped)
        else:
            _write(pipe, pack(shot))
            return


def _fill(order: Order, reading: Reading, slot: Slot) -> None:
    shots = reading.shots() if order.kind == "stream" else _at_true_pace(order, reading)
    try:
        for shot in shots:
            slot.put(shot)
        slot.put(Ended(reading.broken()))
    except UnreadableError as error:
        slot.put(Failed(str(error)))


def _at_true_pace(order: Order, reading: Reading) -> Iterator[Shot]:
    """A clip or folder as if it were a camera: by its own times, again and again while whole."""
    index, began_s = 0, 0.0
    while True:
        seam, at_s, step_s = index > 0, 0.0, FOLDER_PACE_S
        for position, shot in enumerate(reading.shots()):
            began_s = began_s or time.monotonic()
            due_s = position * FOLDER_PACE_S if order.kind == "folder" else shot.at_s
            step_s, at_s = (due_s - at_s) or step_s, due_s
            time.sleep(max(0.0, began_s + at_s - time.monotonic()))
            shot.monotonic_s, shot.captured_at_s = time.monotonic(), time.time()
            shot.seam, shot.index = shot.seam or seam, index
            seam, index = False, index + 1
            yield shot
        if reading.broken():
            return
        began_s = max(began_s + at_s + step_s, time.monotonic())
        reading = open_reading(order)


class Slot:
    """Holds the newest shot; counts those that nobody took. The end comes after the last shot."""

    def __init__(self) -> None:
        self.skipped = 0
        self._shot: Shot | None = None
        self._end: Ended | Failed | None = None
        self._changed = threading.Condition()

    def put(self, new: Shot | Ended | Failed) -> None:
        with self._changed:
            if not isinstance(new, Shot):
                self._end = new
            else:
                if self._shot is not None:
                    self.skipped += 1
                    new.seam |= self._shot.seam
                self._shot = new
            self._changed.notify()

    def take(self) -> Shot | Ended | Failed:
        with self._changed:
            while self._shot is None and self._end is None:
                self._changed.wait()
            shot, self._shot = self._shot, None
            if shot is not None:
                return shot
            assert self._end is not None
            return self._end


def _send(pipe: int, shot: Shot, skipped: int) -> None:
    pixels = to_bgr(shot.image)
    height, width, _ = pixels.shape
    picture = Picture(
        width,
        height,
        shot.index,
        shot.at_s,
        shot.captured_at_s,
        shot.monotonic_s,
        shot.seam,
        skipped,
    )
    _write(pipe, pack(picture))
    _write(pipe, pixels.data.cast("B"))


def _write(pipe: int, content: bytes | memoryview) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(pipe, left) :]


if __name__ == "__main__":
    main()
