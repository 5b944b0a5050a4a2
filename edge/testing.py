"""Hardware played by the box's own code: a clock that is set by hand, a disk that fails on call."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.evidence.disk import SystemDisk


class ManualClock:
    """Runs only when told to. ``reboot`` begins a new machine boot, as a power cut does."""

    def __init__(self, now: datetime = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)) -> None:
        self._now = now
        self._uptime_s = 1000.0
        self._boots = 1

    def now(self) -> datetime:
        return self._now

    def uptime_s(self) -> float:
        return self._uptime_s

    @property
    def machine_boot_id(self) -> str:
        return f"boot-{self._boots}"

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._uptime_s += seconds

    def set_time(self, now: datetime) -> None:
        """Only the time of day jumps."""
        self._now = now

    def reboot(self) -> None:
        self._boots += 1
        self._uptime_s = 0.0


class FaultyDisk:
    """A real disk whose ``fails_at``-th write, rename or removal (from 1) meets a fault.

    The fault happens in the middle: half of a write is on the disk, a rename has not happened.
    Every later call fails in the same way, until ``mend``.

    Attributes:
        size_bytes: How much fits on it, counting what was written through it; None for the real
            disk's own figure.
    """

    def __init__(self, fails_at: int, fault: BaseException, size_bytes: int | None = None) -> None:
        self._disk = SystemDisk()
        self._fault = fault
        self._left = fails_at - 1
        self._used: dict[Path, int] = {}
        self.size_bytes = size_bytes

    @classmethod
    def small(cls, size_bytes: int) -> "FaultyDisk":
        """One without a fault, that is only small."""
        return cls(1 << 30, PowerCut(), size_bytes)

    @property
    def failed(self) -> bool:
        return self._left < 0

    def mend(self) -> None:
        self._left = 1 << 30

    def write(self, path: Path, content: bytes) -> None:
        if self._fails():
            self._disk.write(path, content[: len(content) // 2])
            raise self._fault
        self._disk.write(path, content)
        self._used[path] = len(content)

    def rename(self, old: Path, new: Path) -> None:
        if self._fails():
            raise self._fault
        self._disk.rename(old, new)
        self._used[new] = self._used.pop(old, 0)

    def remove(self, path: Path) -> None:
        if self._fails():
            raise self._fault
        self._disk.remove(path)
        self._used.pop(path, None)

    def free_bytes(self, folder: Path) -> int:
        if self.size_bytes is None:
            return self._disk.free_bytes(folder)
        return max(0, self.size_bytes - sum(self._used.values()))

    def _fails(self) -> bool:
        self._left = -1 if self._left <= 0 else self._left - 1
        return self.failed


class PowerCut(BaseException):
    """The machine is off: no handler of the program runs any more."""
