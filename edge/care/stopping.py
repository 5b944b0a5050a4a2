"""Being asked to stop, by SIGTERM or Ctrl-C, however busy the other threads are.

A handler that sets an ``Event`` may never be heard: where the signal comes just as the main thread
begins to wait for the event, nothing wakes it again, or handler and waiter want the same lock. So
the interpreter writes each signal into a socket, and to wait is to look at its other end.
"""

from __future__ import annotations

import select
import signal
import socket
from types import TracebackType
from typing import Final, Self

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Heard from ``with`` on, in the main thread alone; the handlers before it come back after."""

    def __enter__(self) -> Self:
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        self._fd_before = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, lambda *_: None) for number in SIGNALS}
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._fd_before)
        self._told.close()
        self._heard.close()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Whether it has come, within so many seconds; None waits for as long as it takes."""
        return bool(select.select([self._heard], [], [], timeout_s)[0])

    def is_set(self) -> bool:
        return self.wait(0.0)
