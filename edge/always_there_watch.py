"""How a running camera heeds what is marked as always there, and notes what can be marked.

Each scenario closes what is marked itself: charging asks the fixtures, construction its baseline,
dumping holds back what comes to a marked place with its look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np
import structlog

from edge.agent import Explainer, ScenarioWatch
from edge.always_there import Mark, MarkFolder, RaisedAlert, RaisedTable, Spot
from edge.evidence.redaction import redacted
from edge.saying import Complaint
from edge.scenarios.dumping_raised import Marked
from edge.scenarios.finding import Finding, NearMiss
from edge.scenarios.words import always_there
from edge.video.frame import Frame
from edge.vision.known import Known, patch
from edge.vision.scene import Box, Scene
from wire import Alert
from wire.alert import Scenario

REFRESH_EVERY_S: Final = 2.0

log = structlog.get_logger()


class CameraMarks:
    """The marks of one camera, in the pixels of its frames."""

    def __init__(self, folder: MarkFolder, camera_id: str) -> None:
        self._folder = folder
        self._camera_id = camera_id
        self._looked_s = -np.inf
        self._stamp: object = None
        self._frame_wh = (0, 0)
        self._marks: list[Mark] = []
        self._trouble = Complaint(log)

    def refresh(self, frame: Frame) -> bool:
        """Reads the marks anew where they changed; whether they did."""
        resized = frame.wh != self._frame_wh
        if not resized and 0 <= frame.monotonic_s - self._looked_s < REFRESH_EVERY_S:
            return False
        self._looked_s = frame.monotonic_s
        try:
            stamp = self._folder.stamp()
            if stamp == self._stamp and not resized:
                return False
            every = self._folder.all()
        except OSError as error:
            self._trouble.say(
                f"the marks of what is always there cannot be read ({error}); those read before "
                "hold on; give the folder and its files to the box's user"
            )
            return False
        self._trouble.over()
        self._stamp, self._frame_wh = stamp, frame.wh
        self._marks = [mark for mark in every if mark.alert.camera_id == self._camera_id]
        return True

    def of(self, scenario: Scenario) -> Mapping[UUID, RaisedAlert]:
        """What was marked, by alert."""
        alerts = [mark.alert for mark in self._marks]
        return {alert.alert_id: alert for alert in alerts if alert.scenario == scenario}

    def known(self, scenario: Scenario) -> Mapping[UUID, Sequence[Known]]:
        """Places and looks of what was marked, by alert."""
        return {key: alert.known(self._frame_wh) for key, alert in self.of(scenario).items()}

    def dumped(self) -> Mapping[UUID, Marked]:
        """What was marked of dumping, by alert."""
        return {
            key: Marked(known, alert.area_in(self._frame_wh))
            for key, alert in self.of("dumping").items()
            for known in alert.known(self._frame_wh)
        }


@dataclass(frozen=True, slots=True)
class ReasonedWatch:
    """A scenario of which an alert that is marked ends with that reason."""

    inner: ScenarioWatch
    marks: CameraMarks

    def evaluate(self, scene: Scene) -> list[Finding]:
        return [self._reasoned(finding) for finding in self.inner.evaluate(scene)]

    def near_misses(self) -> list[NearMiss]:
        return self.inner.near_misses()

    def _reasoned(self, finding: Finding) -> Finding:
        if finding.phase == "closed" and finding.finding_id in self.marks.of(finding.scenario):
            return replace(finding, reasons=(always_there(),))
        return finding


@dataclass(slots=True)
class NotingExplainer:
    """Notes what an alert was raised on once it is filed: no alert waits for the table's disk.

    Of an alert on which the power is cut in between, the outbox knows and the table does not: it
    is delivered, and cannot be marked; the next one that is raised there can.

    Attributes:
        noted: An alert was told of since somebody last asked.
    """

    inner: Explainer
    raised: RaisedTable
    noted: bool = False

    def see(self, scene: Scene) -> None:
        self.inner.see(scene)

    def explain(self, scene: Scene, finding: Finding, alert: Alert) -> None:
        self.noted = True
        if finding.phase != "closed" and finding.in_view:
            self.raised.note(raised_on(finding, scene, alert.camera_id))
        self.inner.explain(scene, finding, alert)


def raised_on(finding: Finding, scene: Scene, camera_id: str) -> RaisedAlert:
    """What a finding was raised on: the bikes of charging, else its box; heads are left out."""
    pixels = redacted(scene.frame.pixels, scene.people)
    return RaisedAlert(
        alert_id=finding.finding_id,
        scenario=finding.scenario,
        camera_id=camera_id,
        raised_at=scene.frame.captured_at,
        frame_wh=scene.frame.wh,
        area_px=finding.facts.area_px,
        spots=tuple(
            Spot.of(box, patch(pixels, np.array(box, np.float32))) for box in _boxes(finding)
        ),
    )


def _boxes(finding: Finding) -> list[Box]:
    if finding.scenario != "charging":
        return [finding.xyxy]
    outlines = [np.array(mark.xy) for mark in finding.trail if mark.kind == "thing"]
    boxes = [(*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist()) for xy in outlines]
    return [(left, top, right, bottom) for left, top, right, bottom in boxes]
