"""What a comparison of flights found, filed: both photos as evidence, the alert, the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import UUID

import cv2
import numpy as np

from edge.agent import Identity, Witness, alert_of
from edge.build import identity_of
from edge.config import BoxConfig
from edge.errors import SourceError
from edge.evidence.disk import SystemDisk
from edge.evidence.snapshot import SnapshotWitness
from edge.evidence.store import EvidenceStore
from edge.explain.explainer import PictureExplainer
from edge.explain.folder import Shelf, WrittenFolder
from edge.flight_photos import Shown
from edge.replay import NoWitness
from edge.scenarios.construction_flights import Grown
from edge.scenarios.finding import Finding, Mark
from edge.video.frame import Frame, Pixels
from edge.video.replay import Replay
from edge.video.source import Source
from edge.vision.boxes import PERSON
from edge.vision.detector import OnnxDetector
from edge.vision.scene import Scene
from wire import Alert, Evidence


@dataclass(frozen=True, slots=True)
class Filing:
    """Keeps evidence and makes alerts."""

    who: Identity
    witness: Witness
    shelf: Shelf | None
    detector: OnnxDetector | None

    @classmethod
    def of(
        cls,
        config: BoxConfig,
        detector: OnnxDetector | None,
        evidence_explain: tuple[Path | None, Path | None],
        boot_id: UUID,
    ) -> Self:
        """Raises: ConfigError: The folder of pictures cannot be made."""
        evidence, explain = evidence_explain
        camera = config.cameras[0]
        recorded = "recording" if camera.footage == "camera" else camera.footage
        who = identity_of(
            config, camera.model_copy(update={"footage": recorded}), detector, boot_id
        )
        witness: Witness = NoWitness()
        if evidence is not None:
            witness = SnapshotWitness(EvidenceStore(evidence, SystemDisk()), 0)
        return cls(who, witness, None if explain is None else WrittenFolder(explain), detector)

    def alert(self, before: Shown, after: Shown, grown: Grown) -> Alert:
        """Of a finding between two photos, its evidence on disk, its picture drawn.

        Raises:
            ConfigError: The picture cannot be written.
        """
        finding = enlarged(grown.finding, after.wh, after.full_wh)
        scene = self._scene(self._full(after), after.photo.captured_at)
        evidence = self._kept(scene, before, finding)
        alert = alert_of(self.who, scene, finding, evidence)
        if self.shelf is not None:
            self._explain(self.shelf, before, grown, alert)
        return alert

    def _kept(self, scene: Scene, before: Shown, finding: Finding) -> Evidence:
        """The later photo, and beside it the earlier one."""
        now = self.witness.keep(scene, finding)
        if now.state != "stored":
            return now
        then = self.witness.keep(self._scene(self._full(before), before.photo.captured_at), finding)
        items = tuple(item.model_copy(update={"kind": "before"}) for item in then.items)
        return now.model_copy(update={"items": (*now.items, *items)})

    def _explain(self, shelf: Shelf, before: Shown, grown: Grown, alert: Alert) -> None:
        """Draws the earlier photos from where the latest was taken."""
        explainer = PictureExplainer(shelf, UTC, detects=True)
        look = grown.look
        back = np.linalg.inv(look.laid.onto)
        views = [(before.pixels, back, before.photo.captured_at, 0.0)]
        views += [
            (e.frame.pixels, back @ e.laid.onto, e.frame.captured_at, e.frame.monotonic_s)
            for e in grown.earlier
        ]
        for pixels, onto, at, at_s in views:
            seen = np.asarray(cv2.warpPerspective(pixels, onto, look.frame.wh), np.uint8)
            explainer.see(self._scene(seen, at, at_s))
        now = self._scene(look.frame.pixels, look.frame.captured_at, look.frame.monotonic_s)
        explainer.explain(now, grown.finding, alert)

    def _scene(self, pixels: Pixels, at: datetime, at_s: float = 0.0) -> Scene:
        people = np.empty((0, 4), np.float32)
        if self.detector is not None:
            found = self.detector.detect(pixels)
            people = found.where(found.label == PERSON).xyxy
        return Scene(Frame(pixels, at, at_s, 0), people)

    def _full(self, shown: Shown) -> Pixels:
        """The photo itself; as it was compared, where nobody keeps it or it cannot be read."""
        if isinstance(self.witness, NoWitness):
            return np.asarray(cv2.resize(shown.pixels, shown.full_wh), np.uint8)
        try:
            with Replay(Source("folder", str(shown.photo.path))) as reading:
                return next(reading.frames()).pixels
        except (SourceError, StopIteration):
            return np.asarray(cv2.resize(shown.pixels, shown.full_wh), np.uint8)


def enlarged(finding: Finding, wh: tuple[int, int], full_wh: tuple[int, int]) -> Finding:
    """Each side has a scale of its own: a shrunk picture's sides are whole pixels."""
    across, down = (full / shrunk for full, shrunk in zip(full_wh, wh, strict=True))
    left, top, right, bottom = finding.xyxy
    right, bottom = min(right * across, full_wh[0]), min(bottom * down, full_wh[1])
    box = left * across, top * down, right, bottom
    marks = tuple(
        Mark(mark.at, mark.kind, tuple((across * x, down * y) for x, y in mark.xy))
        for mark in finding.trail
    )
    return replace(finding, xyxy=box, trail=marks)
