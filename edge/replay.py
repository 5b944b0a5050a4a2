"""Replay: a whole source through the box's own road, with alerts printed instead of sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from edge.agent import Agent, MissLog, Witness
from edge.build import Parts, build_agent
from edge.config import BoxConfig, Camera
from edge.errors import BrokenOffError
from edge.evidence.disk import SystemDisk
from edge.evidence.snapshot import SnapshotWitness
from edge.evidence.store import EvidenceStore
from edge.explain.folder import WrittenFolder
from edge.near_misses import Missed, NoMissLog
from edge.scenarios.finding import Finding, NearMiss
from edge.video.frame import Frame
from edge.video.replay import Replay
from edge.video.source import Source
from edge.vision.detector import OnnxDetector
from edge.vision.scene import Scene
from wire import Alert, Evidence


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """What to look at and how.

    Attributes:
        config: Its first camera is the one that is played; the source takes its place.
        started_at: Aware time of the first picture; None to take the source's own word. Without
            a position its offset is the one by which night is told.
        updates: Later revisions of an alert too, not only its opening.
        evidence: Folder for snapshots; None keeps none.
        detector: The one that the configuration names, open; None lets motion alone decide.
        misses: Told of each near miss as it ends, and of those that the footage's end leaves.
        explain: Folder for one picture for each alert, of what led to it; None draws none.
    """

    source: Source
    config: BoxConfig
    started_at: datetime | None = None
    updates: bool = False
    evidence: Path | None = None
    detector: OnnxDetector | None = None
    misses: MissLog | None = None
    explain: Path | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What was looked at.

    Attributes:
        frames: Pictures looked at.
        footage_s: The source's own time from first to last picture.
        took_s: Time on the wall.
        alerts: Lines printed.
        started_at: Of the first picture.
        start_is_known: Whether anybody said when that was.
        broken: Why the source held less than it says; empty if it did not.
    """

    frames: int
    footage_s: float
    took_s: float
    alerts: int
    started_at: datetime
    start_is_known: bool
    broken: str = ""

    def __str__(self) -> str:
        speed = self.footage_s / self.took_s if self.took_s > 0 else 0.0
        alerts = f"{self.alerts} alert{'' if self.alerts == 1 else 's'}"
        start = "" if self.start_is_known else "; start unknown, give --start for true times"
        return (
            f"{self.frames} frames, {self.footage_s:.1f} s of footage in {self.took_s:.1f} s "
            f"({speed:.1f} x real time), {alerts}{start}"
        )


class Progress(Protocol):
    """Told how far a replay has come."""

    def __call__(self, frames: int, of: int | None, alerts: int) -> None: ...


def replay(
    settings: ReplaySettings, print_line: Callable[[bytes], None], progress: Progress
) -> Summary:
    """Looks at every picture once.

    Raises:
        ConfigError: ``explain`` cannot be written.
        SourceError: Nothing of the source can be read.
    """
    outbox = PrintingOutbox(print_line, settings.updates)
    began_s = time.monotonic()
    frames, footage_s, broken = 0, 0.0, ""
    last: Frame | None = None
    with Replay(settings.source, settings.started_at) as reading:
        agent = _agent(settings, outbox)
        try:
            for frame in reading.frames():
                agent.step(frame)
                last, frames, footage_s = frame, frames + 1, frame.monotonic_s
                progress(frames, reading.opened.pictures, outbox.printed)
        except BrokenOffError as error:
            broken = str(error)
        if settings.misses is not None and last is not None:
            agent.step(replace(last, seam=True))
        return Summary(
            frames,
            footage_s,
            time.monotonic() - began_s,
            outbox.printed,
            reading.started_at,
            reading.knows_start,
            broken,
        )


class PrintingOutbox:
    """Numbers alerts from 0 and prints each as one line: the payload bytes of the wire."""

    def __init__(self, print_line: Callable[[bytes], None], updates: bool) -> None:
        self._print_line = print_line
        self._updates = updates
        self._filed = 0
        self.printed = 0

    def file(self, alert: Alert) -> None:
        alert = alert.model_copy(update={"sequence": self._filed})
        self._filed += 1
        if self._updates or alert.phase == "opened":
            self._print_line(alert.to_bytes())
            self.printed += 1


@dataclass(frozen=True, slots=True)
class Trace:
    """Tells near misses instead of keeping them."""

    tell: Callable[[str], None]
    zone: tzinfo

    def note(self, camera_id: str, miss: NearMiss) -> None:
        self.tell(Missed(camera_id, miss).line(self.zone))


class NoWitness:
    """Keeps nothing, and says so."""

    def keep(self, scene: Scene, finding: Finding) -> Evidence:
        return Evidence(state="unavailable", reason="a replay keeps no evidence unless asked to")


def zone_of(started_at: datetime | None) -> tzinfo:
    """By which clock times are told and, without a position, night is."""
    return UTC if started_at is None else started_at.tzinfo or UTC


def _agent(settings: ReplaySettings, outbox: PrintingOutbox) -> Agent:
    witness: Witness = NoWitness()
    if settings.evidence is not None:
        witness = SnapshotWitness(EvidenceStore(settings.evidence, SystemDisk()), 0)
    misses = settings.misses or NoMissLog()
    explained = None if settings.explain is None else WrittenFolder(settings.explain)
    zone = zone_of(settings.started_at)
    parts = Parts(settings.detector, witness, outbox, uuid4(), zone, misses, explained)
    return build_agent(settings.config, _camera(settings), parts)


def _camera(settings: ReplaySettings) -> Camera:
    """The configuration's first camera, played by the source."""
    camera = settings.config.cameras[0]
    recorded = settings.source.kind != "stream" and camera.footage == "camera"
    return camera.model_copy(
        update={
            "source": settings.source.where,
            "footage": "recording" if recorded else camera.footage,
        }
    )
