"""Hardware played by the box's own code: a clock that is set by hand, a disk that fails on call."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.evidence.disk import Disk, SystemDisk


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
    """

    def __init__(self, fails_at: int, fault: BaseException, disk: Disk | None = None) -> None:
        self._disk = disk or SystemDisk()
        self._fault = fault
        self._left = fails_at - 1
        self.free: int | None = None
        """What ``free_bytes`` says, where it is not to be asked of the real disk."""

    @property
    def failed(self) -> bool:
        return self._left < 0

    def mend(self) -> None:
        self._left = 1 << 30

    def write(self, path: Path, content: bytes) -> None:
        self._do(
            lambda: self._disk.write(path, content),
            lambda: self._disk.write(path, content[: len(content) // 2]),
        )

    def rename(self, old: Path, new: Path) -> None:
        self._do(lambda: self._disk.rename(old, new), lambda: None)

    def remove(self, path: Path) -> None:
        self._do(lambda: self._disk.remove(path), lambda: None)

    def free_bytes(self, folder: Path) -> int:
        return self._disk.free_bytes(folder) if self.free is None else self.free

    def _do(self, whole: Callable[[], None], half: Callable[[], None]) -> None:
        if self._left <= 0:
            self._left = -1
            half()
            raise self._fault
        self._left -= 1
        whole()


class PowerCut(BaseException):
    """The machine is off: no handler of the program runs any more."""
