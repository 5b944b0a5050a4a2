"""What all but alerted: kept for a week, a day to a file, for whoever sets thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from threading import Lock
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError

from edge.saying import Complaint
from edge.scenarios.finding import NearMiss

KEEP_DAYS: Final = 8
"""Files; a week lies in eight of them."""
MOST_BYTES: Final = 1_000_000
"""Of one day; what comes after that is not written."""

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


_MISSED: Final = TypeAdapter[Missed](Missed)


class NearMissFolder:
    """JSON lines, one file for each UTC day; any thread may note."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._trouble = Complaint(log)

    def note(self, camera_id: str, miss: NearMiss) -> None:
        """Appends one line; a disk that refuses it is said once, and costs nothing but the line."""
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

    def _append(self, missed: Missed) -> None:
        path = self._folder / f"{missed.miss.at:%Y-%m-%d}.jsonl"
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for old in self._days()[: -(KEEP_DAYS - 1)]:
                old.unlink(missing_ok=True)
        elif path.stat().st_size >= MOST_BYTES:
            return
        with path.open("ab") as file:
            # A line begins with its break: what a power cut tore spoils no other.
            file.write(b"\n" + _MISSED.dump_json(missed))

    def _days(self) -> list[Path]:
        return sorted(self._folder.glob("????-??-??.jsonl"))


class NoMissLog:
    """Keeps nothing."""

    def note(self, camera_id: str, miss: NearMiss) -> None:
        """Forgets it."""
