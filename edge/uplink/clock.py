"""The box's two clocks: one that tells the time of day, one that only ever runs on."""

import time
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Age is counted on ``uptime_s``, which no set of the time of day can bend."""

    def now(self) -> datetime:
        """Aware UTC; may jump when the time is set."""

    def uptime_s(self) -> float:
        """Seconds since the machine booted, its sleep included; all processes share it."""

    @property
    def machine_boot_id(self) -> str:
        """Names the boot within which two values of ``uptime_s`` may be compared."""


class SystemClock:
    """The kernel's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def uptime_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    @cached_property
    def machine_boot_id(self) -> str:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
