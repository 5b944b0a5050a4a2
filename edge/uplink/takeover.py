"""Two boxes under one name throw each other off the broker; recognized by how connections end."""

from collections import deque
from typing import Final

SHORT_S: Final = 30.0
TIMES: Final = 3


class TakeoverWatch:
    """MQTT 3.1.1 gives no reason when a broker closes a connection.

    A broker that closes ``TIMES`` connections in a row, each within ``SHORT_S`` of welcoming it and
    with no failed connect in between (it did not go away itself), most probably gave the client id
    to another box.
    """

    def __init__(self) -> None:
        self._lives_s: deque[float] = deque(maxlen=TIMES)

    def lost(self, lived_s: float) -> bool:
        """A connection broke after ``lived_s``; whether this looks like a takeover."""
        self._lives_s.append(lived_s)
        return len(self._lives_s) == TIMES and max(self._lives_s) < SHORT_S

    def away(self) -> None:
        """The broker itself was not there."""
        self._lives_s.clear()
