"""How a running camera heeds what is marked as always there, and notes what can be marked.

Charging asks the fixtures, construction its baseline; both close their alert themselves. Of dumping
what comes again to its place with its look is held back here, until it is marked no more or has
grown well beyond what was marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import numpy as np
import structlog

from edge.agent import ScenarioWatch
from edge.always_there import Mark, MarkFolder, RaisedAlert, RaisedTable, Spot
from edge.evidence.redaction import redacted
from edge.ids import uuid7
from edge.saying import Complaint
from edge.scenarios.dumping import Dumping
from edge.scenarios.finding import Finding, NearMiss
from edge.scenarios.words import always_there
from edge.video.frame import Frame
from edge.vision.boxes import iou
from edge.vision.known import SAME_PLACE, Known, patch
from edge.vision.scene import Box, Scene
from wire.alert import Scenario

REFRESH_EVERY_S: Final = 2.0
MOST_LARGER: Final = 2.0
"""What is so much larger than what was marked is more than that."""
MOST_FOLLOWED: Final = 200

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


@dataclass(slots=True)
class NotingWatch:
    """A scenario whose alerts can be marked later; one that is marked ends with that reason."""

    inner: ScenarioWatch
    marks: CameraMarks
    raised: RaisedTable
    camera_id: str

    def evaluate(self, scene: Scene) -> list[Finding]:
        found = []
        for finding in self.inner.evaluate(scene):
            if finding.phase != "closed":
                self.raised.note(raised_on(finding, scene, self.camera_id))
                found.append(finding)
            elif finding.finding_id in self.marks.of(finding.scenario):
                found.append(replace(finding, reasons=(always_there(),)))
            else:
                found.append(finding)
        return found

    def near_misses(self) -> list[NearMiss]:
        return self.inner.near_misses()


@dataclass(slots=True)
class HeedingDumping:
    """Dumping without what is always there.

    Attributes:
        told: The last word of each open alert, by the number that dumping gave it.
        silent: What is held back, and by which mark.
        renamed: What was told anew has a number of its own.
    """

    inner: Dumping
    marks: CameraMarks
    told: dict[UUID, Finding] = field(default_factory=dict)
    silent: dict[UUID, tuple[Finding, UUID]] = field(default_factory=dict)
    renamed: dict[UUID, UUID] = field(default_factory=dict)

    def evaluate(self, scene: Scene) -> list[Finding]:
        """What dumping finds, what a mark closes, and what is marked no more."""
        marks = self.marks.of("dumping")
        ended = [self._ended(key, marks) for key in list(self.told)]
        again = [self._again(key, marks, scene) for key in list(self.silent)]
        heard = [self._heard(finding, marks, scene) for finding in self.inner.evaluate(scene)]
        for known in (self.told, self.silent, self.renamed):
            for key in list(known)[:-MOST_FOLLOWED]:
                del known[key]
        return [finding for finding in (*ended, *again, *heard) if finding is not None]

    def near_misses(self) -> list[NearMiss]:
        return self.inner.near_misses()

    def _ended(self, key: UUID, marks: Mapping[UUID, RaisedAlert]) -> Finding | None:
        last = self.told[key]
        if last.finding_id not in marks:
            return None
        del self.told[key]
        self.silent[key] = last, last.finding_id
        return replace(last, revision=last.revision + 1, phase="closed")

    def _again(self, key: UUID, marks: Mapping[UUID, RaisedAlert], scene: Scene) -> Finding | None:
        """What was held back by a mark that is no more, where it is still there."""
        last, mark = self.silent[key]
        if mark in marks or not scene.settled:
            return None
        things = np.array([thing.xyxy for thing in scene.things], np.float32).reshape(-1, 4)
        if iou(np.array([last.xyxy], np.float32), things).max(initial=0.0) < SAME_PLACE:
            del self.silent[key]
            return None
        return self._opened(key, last, scene)

    def _heard(
        self, finding: Finding, marks: Mapping[UUID, RaisedAlert], scene: Scene
    ) -> Finding | None:
        key = finding.finding_id
        if key in self.told:
            finding = replace(finding, finding_id=self.renamed.get(key, key))
            self.told[key] = finding
            if finding.phase == "closed":
                del self.told[key]
                self.renamed.pop(key, None)
            return finding
        if finding.phase == "closed":
            self.silent.pop(key, None)
            return None
        mark = marked_by(finding, marks, scene)
        if mark is None:
            return self._opened(key, finding, scene)
        if finding.phase == "opened":
            self._forget_place(finding, scene)
        self.silent[key] = finding, mark
        return None

    def _forget_place(self, finding: Finding, scene: Scene) -> None:
        """What is always there makes no repeated place."""
        places = list(reversed(self.inner.places))
        if finding.xyxy in places:
            places.remove(finding.xyxy)
        self.inner.recall(reversed(places), scene.frame.wh)

    def _opened(self, key: UUID, finding: Finding, scene: Scene) -> Finding:
        """As an alert of its own; what was never told keeps its number."""
        if self.silent.pop(key, None) is not None:
            self.renamed[key] = uuid7(scene.frame.captured_at)
            finding = replace(finding, finding_id=self.renamed[key], revision=0, phase="opened")
        self.told[key] = finding
        return finding


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


def marked_by(finding: Finding, marks: Mapping[UUID, RaisedAlert], scene: Scene) -> UUID | None:
    """The alert whose mark says that what was found is always there."""
    box, wh = np.array(finding.xyxy, np.float32), scene.frame.wh
    for key, alert in marks.items():
        scale = wh[0] * wh[1] / (alert.frame_wh[0] * alert.frame_wh[1])
        larger = finding.facts.area_px > MOST_LARGER * scale * alert.area_px
        known = [k for k in alert.known(wh) if not larger and k.holds(box)]
        if any(k.is_shown(scene.frame.pixels) for k in known):
            return key
    return None


def _boxes(finding: Finding) -> list[Box]:
    if finding.scenario != "charging":
        return [finding.xyxy]
    outlines = [np.array(mark.xy) for mark in finding.trail if mark.kind == "thing"]
    boxes = [(*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist()) for xy in outlines]
    return [(left, top, right, bottom) for left, top, right, bottom in boxes]
