"""Which alerts to send now: pure, the caller brings the clock and the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edge.uplink.backoff import backoff_s

LIMIT: Final = 50
FIRST_WAIT_S: Final = 10.0
LONGEST_WAIT_S: Final = 300.0


@dataclass(slots=True)
class _Tries:
    count: int
    next_s: float


class Sending:
    """Remembers what is on its way without a receipt.

    Rules it keeps:
        1. At most ``limit`` alerts are on their way; more are sent only as receipts come in.
        2. One without a receipt is sent again after ``first_wait_s``, then after twice as long
           each time, up to ``LONGEST_WAIT_S``.
        3. After ``start_over`` (a new connection, a gateway that is back) all is due at once.
    """

    def __init__(self, limit: int = LIMIT, first_wait_s: float = FIRST_WAIT_S) -> None:
        self._limit = limit
        self._first_wait_s = first_wait_s
        self._tries: dict[str, _Tries] = {}

    @property
    def on_the_way(self) -> int:
        return len(self._tries)

    @property
    def wanted(self) -> int:
        """How much of the queue ``due`` must see to fill the window."""
        return self._limit + len(self._tries)

    def due(self, queue: Sequence[str], now_s: float) -> list[str]:
        """What to send now, first things first, and takes it as sent.

        Args:
            queue: The first ``wanted`` alerts without a receipt, in the order of sending.
            now_s: Any clock that only runs on.
        """
        again = [key for key, tries in self._tries.items() if now_s >= tries.next_s]
        fresh = [key for key in queue if key not in self._tries]
        now = again + fresh[: self._limit - len(self._tries)]
        for key in now:
            tries = self._tries.setdefault(key, _Tries(0, now_s))
            tries.count += 1
            tries.next_s = now_s + backoff_s(tries.count, self._first_wait_s, LONGEST_WAIT_S)
        return now

    def receipted(self, key: str) -> None:
        self._tries.pop(key, None)

    def start_over(self) -> None:
        self._tries.clear()
