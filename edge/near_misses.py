"""What all but alerted: kept for a week, a day to a file, for whoever sets thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from threading import Lock
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError

from edge.saying import Complaint
from edge.scenarios.finding import NearMiss

WEEK: Final = timedelta(days=7)
MOST_BYTES: Final = 1_000_000
"""Of one day; what comes after that is only counted."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Missed:
    """A near miss, and the camera that saw it."""

    camera_id: str
    miss: NearMiss

    def line(self, zone: tzinfo | None = None) -> str:
        """As people read it; times in ``zone``, without one as on this machine."""
        miss = self.miss
        at = miss.at.astimezone(zone).isoformat(timespec="seconds")
        box = ",".join(f"{edge:.0f}" for edge in miss.xyxy)
        return (
            f"{at} {self.camera_id} {miss.scenario} {miss.code}: {miss.why.en} · {miss.why.zh} "
            f"(lacking {miss.lacking:.0%}, at {box})"
        )


_ANY_DAY: Final = "????-??-??"
_MISSED: Final = TypeAdapter[Missed](Missed)


class NearMissFolder:
    """JSON lines, one file for each UTC day; any thread may note.

    Beside a day that was full, ``.left-out`` holds one byte for each that was not written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._trouble = Complaint(log)
        self._full = Complaint(log)

    def note(self, camera_id: str, miss: NearMiss) -> None:
        """Appends one line, or counts it where its day is full, which is said once a day.

        A disk that refuses it is said once, and costs nothing but the line.
        """
        with self._lock:
            try:
                self._append(Missed(camera_id, miss))
                self._trouble.over()
            except OSError as error:
                self._trouble.say(f"near misses cannot be kept: {error.strerror or error}")

    def since(self, moment: datetime) -> Iterator[Missed]:
        """The oldest first; a line that a power cut tore is passed over.

        Raises:
            OSError: The folder cannot be read.
        """
        found = []
        for path in self._days():
            for line in path.read_bytes().splitlines():
                try:
                    missed = _MISSED.validate_json(line)
                except ValidationError:
                    continue
                if missed.miss.at >= moment:
                    found.append(missed)
        yield from sorted(found, key=lambda missed: missed.miss.at)

    def left_out(self, moment: datetime) -> int:
        """How many of that UTC day and of those after it were counted and not written.

        Raises:
            OSError: The folder cannot be read.
        """
        first = _day(moment)
        full = self._folder.glob(f"{_ANY_DAY}.left-out")
        return sum(path.stat().st_size for path in full if path.stem >= first)

    def _append(self, missed: Missed) -> None:
        day = _day(missed.miss.at)
        path = self._folder / f"{day}.jsonl"
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._forget_before(_day(missed.miss.at - WEEK))
        elif path.stat().st_size >= MOST_BYTES:
            with path.with_suffix(".left-out").open("ab") as file:
                file.write(b".")
            self._full.say(f"near misses of {day} fill their 1 MB; more of that day are counted")
            return
        with path.open("ab") as file:
            # A line begins with its break: what a power cut tore spoils no other.
            file.write(b"\n" + _MISSED.dump_json(missed))

    def _forget_before(self, day: str) -> None:
        for path in self._folder.glob(f"{_ANY_DAY}.*"):
            if path.stem < day:
                path.unlink(missing_ok=True)

    def _days(self) -> list[Path]:
        return sorted(self._folder.glob(f"{_ANY_DAY}.jsonl"))


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


class NoMissLog:
    """Keeps nothing."""

    def note(self, camera_id: str, miss: NearMiss) -> None:
        """Forgets it."""
