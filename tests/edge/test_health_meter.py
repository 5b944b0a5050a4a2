"""Health figures: what is counted, over which time, and how it reaches the wire."""

from uuid import UUID

import pytest

from edge.care.health import FrameMeter, HealthReporter
from edge.testing import ManualClock
from wire import CameraHealth, Health, OutboxHealth
from wire.topics import Address

BOOT = UUID("01946f2a-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("at_s", "now_s", "frames_per_s"),
    [
        pytest.param([], 0.0, 0.0, id="no frame yet"),
        pytest.param([100.0], 100.0, 0.0, id="one frame says nothing"),
        pytest.param([100 + n / 25 for n in range(500)], 119.96, 25.0, id="a steady camera"),
        pytest.param([100.0, 100.5, 101.0, 101.5], 102.0, 2.0, id="since the start of a new one"),
        pytest.param([100.0, 101.0], 140.0, 0.0, id="silent for longer than the window"),
    ],
)
def test_frames_per_s(at_s: list[float], now_s: float, frames_per_s: float) -> None:
    """The rate is that of the last ten seconds."""
    meter = FrameMeter()
    for looked_s in at_s:
        meter.looked(looked_s - 0.04, looked_s)
    assert meter.frames_per_s(now_s) == pytest.approx(frames_per_s, rel=0.01)
    assert meter.frames == len(at_s)


def test_latency() -> None:
    """Latency is the median from capture to findings of the last hundred frames."""
    meter = FrameMeter()
    assert meter.latency_ms() == 0.0
    for latency_s in (9.0,) * 40 + (0.05,) * 60 + (0.03,) * 40:
        meter.looked(100.0, 100.0 + latency_s)
    assert meter.latency_ms() == pytest.approx(50)


class Gauge:
    def health(self) -> CameraHealth:
        return CameraHealth(
            camera_id="yard",
            site_id="east-gate",
            state="silent",
            frames=7,
            skipped=1,
            frames_per_s=0.0,
            latency_ms=40.0,
            silent_s=21.5,
        )


def test_report() -> None:
    """A report goes over the wire whole, and its uptime counts from the start of the program."""
    clock = ManualClock()
    reporter = HealthReporter(Address("harbour", "gate-7"), BOOT, "sanse 0.1.0", clock, [Gauge()])
    clock.advance(90)
    outbox = OutboxHealth(queued=2, oldest_s=30.0, delivered=5)
    report = reporter.report(lambda: outbox, lambda: 123)
    assert Health.from_bytes(report.to_bytes()) == report
    assert (report.uptime_s, report.disk_free_bytes) == (90, 123)
    assert report.cameras[0].state == "silent"
