"""The whole story of one camera, in its order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import numpy as np
import pytest

from edge.agent import Agent, Identity
from edge.ids import uuid7
from edge.scenarios.finding import Finding, NearMiss
from edge.video.frame import Frame
from edge.vision.eye import Eye
from edge.vision.scene import Scene
from wire import Alert, DumpingFacts, Evidence, EvidenceItem, Site

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
ITEM = EvidenceItem(kind="snapshot", media_type="image/jpeg", sha256="0" * 64, size_bytes=9)
FACTS = DumpingFacts(
    carrier="unknown",
    carrier_track=3,
    contact_at=AT,
    departed_at=AT,
    stayed_s=10,
    stay_limit_s=10,
    area_px=100,
    area_share=0.01,
    night=True,
)


@dataclass
class Diary:
    """Plays scenario, witness and outbox at once and writes down who was asked when."""

    kept: Evidence
    asked: list[str] = field(default_factory=list)
    filed: list[Alert] = field(default_factory=list)

    def evaluate(self, scene: Scene) -> list[Finding]:
        self.asked.append("decide")
        xyxy = (1.0, 2.0, 11.0, 12.0)
        return [Finding(uuid7(AT), 0, "opened", "dumping", 0.7, 6, FACTS, xyxy)]

    def near_misses(self) -> list[NearMiss]:
        return []

    def keep(self, scene: Scene, finding: Finding) -> Evidence:
        self.asked.append("keep")
        return self.kept

    def file(self, alert: Alert) -> None:
        self.asked.append("file")
        self.filed.append(alert)


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(Evidence(state="stored", items=(ITEM,)), id="stored"),
        pytest.param(Evidence(state="unavailable", reason="the disk is full"), id="disk full"),
    ],
)
def test_evidence_before_alert(kept: Evidence) -> None:
    """Evidence is kept before the alert is filed; where it cannot be, the alert still goes."""
    diary = Diary(kept)
    boot_id: UUID = uuid4()
    site = Site(site_id="gate", name="Gate")
    who = Identity("harbour", "gate-7", "yard", site, boot_id, "camera", None, "sanse 0.1")
    agent = Agent(who, Eye(), [diary], diary, diary)
    agent.step(Frame(np.zeros((48, 64, 3), np.uint8), AT, 0.0, 0))
    assert diary.asked == ["decide", "keep", "file"]
    (alert,) = diary.filed
    assert alert.evidence == kept
    assert alert.captured_at == AT
    assert alert.region.frame_wh == (64, 48)
    assert (alert.device, alert.camera_id, alert.boot_id) == ("gate-7", "yard", boot_id)
    assert Alert.from_bytes(alert.to_bytes()) == alert
