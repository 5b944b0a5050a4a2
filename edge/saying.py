"""Trouble that lasts is said when it begins and now and then, not at every try."""

from typing import Final

from structlog.typing import FilteringBoundLogger

REPEAT_S: Final = 600.0


class Complaint:
    """One thing that can be wrong for long."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log
        self._said: str | None = None
        self._said_s = 0.0

    def say(self, sentence: str, now_s: float = 0.0) -> None:
        """Says what is news; where no clock is at hand, once until it changes or is over."""
        if sentence != self._said or now_s - self._said_s >= REPEAT_S:
            self._log.warning(sentence)
            self._said, self._said_s = sentence, now_s

    def over(self) -> None:
        """The next trouble is news again."""
        self._said = None
