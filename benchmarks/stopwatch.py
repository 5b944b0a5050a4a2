"""Time on the wall by part, each without what it asked of another."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Stopwatch:
    """Seconds and calls of each part; one part may be timed within another."""

    def __init__(self, parts: Iterable[str]) -> None:
        self.own_s = dict.fromkeys(parts, 0.0)
        self.calls = dict.fromkeys(self.own_s, 0)
        self._inner_s = [0.0]

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        began_s = time.perf_counter()
        self._inner_s.append(0.0)
        try:
            yield
        finally:
            took_s = time.perf_counter() - began_s
            self.own_s[part] += took_s - self._inner_s.pop()
            self._inner_s[-1] += took_s
            self.calls[part] += 1
