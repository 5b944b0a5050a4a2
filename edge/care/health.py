"""How the box is doing, in numbers, told every few seconds."""

import statistics
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Protocol
from uuid import UUID

from edge.uplink.clock import Clock
from wire import CameraHealth, Health, OutboxHealth
from wire.topics import Address

WINDOW_S: Final = 10.0
_LATENCIES: Final = 100


class FrameMeter:
    """Counts the frames of one camera that were looked at; one thread writes, another reads."""

    def __init__(self) -> None:
        self._frames = 0
        self._looked_at_s: deque[float] = deque(maxlen=1000)
        self._latency_s: deque[float] = deque(maxlen=_LATENCIES)

    def looked(self, captured_s: float, now_s: float) -> None:
        """One frame is done, from capture to findings; both by one monotonic clock."""
        self._frames += 1
        self._looked_at_s.append(now_s)
        self._latency_s.append(max(0.0, now_s - captured_s))

    @property
    def frames(self) -> int:
        return self._frames

    def frames_per_s(self, now_s: float) -> float:
        """Over the last ``WINDOW_S``, or since the first frame where that is less."""
        recent = [at_s for at_s in tuple(self._looked_at_s) if now_s - at_s <= WINDOW_S]
        if len(recent) < 2:
            return 0.0
        return len(recent) / max(now_s - recent[0], recent[-1] - recent[0])

    def latency_ms(self) -> float:
        """Median of the last frames, 0 before the first."""
        latencies = tuple(self._latency_s)
        return 1000 * statistics.median(latencies) if latencies else 0.0


class CameraGauge(Protocol):
    """Reads off one camera."""

    def health(self) -> CameraHealth: ...


class HealthReporter:
    """Puts the numbers of all parts into one message."""

    def __init__(
        self,
        address: Address,
        boot_id: UUID,
        software: str,
        clock: Clock,
        gauges: Sequence[CameraGauge],
    ) -> None:
        self._address = address
        self._boot_id = boot_id
        self._software = software
        self._clock = clock
        self._gauges = gauges
        self._began_s = clock.uptime_s()

    def report(self, outbox: Callable[[], OutboxHealth], free_bytes: Callable[[], int]) -> Health:
        return Health(
            district=self._address.district,
            device=self._address.device,
            boot_id=self._boot_id,
            at=self._clock.now(),
            uptime_s=max(0.0, self._clock.uptime_s() - self._began_s),
            cameras=tuple(gauge.health() for gauge in self._gauges),
            outbox=outbox(),
            disk_free_bytes=free_bytes(),
            software=self._software,
        )
