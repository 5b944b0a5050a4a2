"""One camera's whole story: look, decide, keep the evidence, file the alert."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID

from edge.explain.explainer import NoExplainer
from edge.near_misses import NoMissLog
from edge.scenarios.finding import Finding, NearMiss
from edge.video.frame import Frame
from edge.vision.scene import Scene
from wire import Alert, Evidence, Model, Region, Site


class Eye(Protocol):
    """Makes a scene of a frame; remembers what it saw before."""

    def look(self, frame: Frame) -> Scene: ...


class ScenarioWatch(Protocol):
    """Decides over scenes; one per offence and camera."""

    def evaluate(self, scene: Scene) -> list[Finding]: ...

    def near_misses(self) -> list[NearMiss]:
        """What all but alerted, and is over, since this was asked last."""


class Witness(Protocol):
    """Keeps evidence of a finding, durably, and says what it kept; never raises for a full disk."""

    def keep(self, scene: Scene, finding: Finding) -> Evidence: ...


class MissLog(Protocol):
    """Remembers what all but alerted; never raises for a full disk."""

    def note(self, camera_id: str, miss: NearMiss) -> None: ...


class Explainer(Protocol):
    """Remembers what the camera showed, and keeps a picture of what led to an alert."""

    def see(self, scene: Scene) -> None: ...

    def explain(self, scene: Scene, finding: Finding, alert: Alert) -> None: ...


class Outbox(Protocol):
    """Takes an alert for delivery; once it returns, the alert survives a power cut."""

    def file(self, alert: Alert) -> None: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who speaks in the alerts of one camera."""

    district: str
    device: str
    camera_id: str
    site: Site
    boot_id: UUID
    footage: Literal["camera", "recording", "composed"]
    model: Model | None
    software: str


@dataclass(frozen=True, slots=True)
class Agent:
    """Holds the parts of one camera. The outbox numbers the alerts; all else is decided here."""

    identity: Identity
    eye: Eye
    scenarios: Sequence[ScenarioWatch]
    witness: Witness
    outbox: Outbox
    misses: MissLog = field(default_factory=NoMissLog)
    explainer: Explainer = field(default_factory=NoExplainer)

    def step(self, frame: Frame) -> None:
        scene = self.eye.look(frame)
        self.explainer.see(scene)
        for scenario in self.scenarios:
            for finding in scenario.evaluate(scene):
                evidence = self.witness.keep(scene, finding)
                alert = alert_of(self.identity, scene, finding, evidence)
                self.outbox.file(alert)
                self.explainer.explain(scene, finding, alert)
            for miss in scenario.near_misses():
                self.misses.note(self.identity.camera_id, miss)


def alert_of(who: Identity, scene: Scene, finding: Finding, evidence: Evidence) -> Alert:
    """A finding as the wire has it; the outbox numbers it."""
    left, top, right, bottom = (round(edge, 1) for edge in finding.xyxy)
    return Alert(
        alert_id=finding.finding_id,
        revision=finding.revision,
        phase=finding.phase,
        district=who.district,
        device=who.device,
        camera_id=who.camera_id,
        site=who.site,
        boot_id=who.boot_id,
        sequence=0,
        scenario=finding.scenario,
        captured_at=scene.frame.captured_at,
        confidence=round(finding.confidence, 3),
        urgency=finding.urgency,
        facts=finding.facts,
        reasons=finding.reasons,
        region=Region(xyxy=(left, top, right, bottom), frame_wh=scene.frame.wh),
        evidence=evidence,
        footage=who.footage,
        model=who.model,
        software=who.software,
    )
