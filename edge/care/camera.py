"""One camera of a running box: its frames go through an agent, and its state can be read off."""

import time
from collections.abc import Callable
from threading import Event
from typing import Protocol

from edge.care.health import FrameMeter
from edge.video.frame import Frame
from edge.video.live import LiveCamera
from wire import CameraHealth


class Looker(Protocol):
    """What a camera's frames go through."""

    def step(self, frame: Frame) -> None: ...

    def close(self) -> None:
        """Keeps what it has learned; not asked of one that broke."""


class WatchedCamera:
    """A part for the watchdog, and a gauge for the health report."""

    def __init__(
        self, camera_id: str, site_id: str, live: LiveCamera, make_agent: Callable[[], Looker]
    ) -> None:
        """``make_agent`` is asked anew at each start: a broken agent's memory is not trusted."""
        self._camera_id = camera_id
        self._site_id = site_id
        self._live = live
        self._make_agent = make_agent
        self._meter = FrameMeter()

    @property
    def name(self) -> str:
        return f"camera {self._camera_id}"

    def run(self, stop: Event) -> None:
        agent = self._make_agent()
        for frame in self._live.frames():
            if stop.is_set():
                break
            agent.step(frame)
            self._meter.looked(frame.monotonic_s, time.monotonic())
        agent.close()

    def close(self) -> None:
        """Ends ``run``; from any thread."""
        self._live.close()

    def health(self) -> CameraHealth:
        now_s = time.monotonic()
        status = self._live.status(now_s)
        return CameraHealth(
            camera_id=self._camera_id,
            site_id=self._site_id,
            state=status.state,
            frames=self._meter.frames,
            skipped=status.skipped,
            frames_per_s=self._meter.frames_per_s(now_s),
            latency_ms=self._meter.latency_ms(),
            silent_s=status.silent_s,
        )
