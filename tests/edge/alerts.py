"""Made-up alerts, receipts, findings and scenes, for the tests of the box."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt

from edge.scenarios.finding import Finding
from edge.video.frame import Frame
from edge.vision.scene import Scene
from wire import Alert, DumpingFacts, Evidence, EvidenceItem, Receipt, Region, Site, sha256_of

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
BOOT = UUID("01946f2a-0000-7000-8000-000000000001")

FACTS = DumpingFacts(
    carrier="person",
    carrier_track=3,
    contact_at=AT - timedelta(seconds=75),
    departed_at=AT - timedelta(seconds=60),
    stayed_s=60.0,
    stay_limit_s=60.0,
    area_px=900,
    area_share=0.002,
    night=True,
)


def make_alert(
    urgency: int = 5, boot_id: UUID = BOOT, sha256: str | None = None, alert_id: UUID | None = None
) -> Alert:
    """An alert; with ``sha256`` it names that snapshot as its evidence."""
    evidence = Evidence(state="unavailable", reason="none was asked for")
    if sha256 is not None:
        item = EvidenceItem(
            kind="snapshot", media_type="image/jpeg", sha256=sha256, size_bytes=1000
        )
        evidence = Evidence(state="stored", items=(item,))
    return Alert(
        alert_id=alert_id or uuid4(),
        district="harbour",
        device="gate-7",
        camera_id="yard",
        site=Site(site_id="east-gate", name="East gate"),
        boot_id=boot_id,
        sequence=0,
        scenario="dumping",
        captured_at=AT,
        confidence=0.9,
        urgency=urgency,
        facts=FACTS,
        region=Region(xyxy=(10.0, 20.0, 40.0, 50.0), frame_wh=(640, 480)),
        evidence=evidence,
        software="sanse 0.1.0",
    )


def make_receipt(payload: bytes) -> Receipt:
    return Receipt(
        device="gate-7",
        alert_id=Alert.from_bytes(payload).alert_id,
        payload_sha256=sha256_of(payload),
        stored_at=AT,
        outcome="stored",
    )


def make_scene(
    pixels: npt.NDArray[np.uint8], people: list[tuple[float, float, float, float]]
) -> Scene:
    frame = Frame(pixels=pixels, captured_at=AT, monotonic_s=10.0, index=250)
    return Scene(frame=frame, people=np.array(people, np.float32).reshape(-1, 4))


def make_finding() -> Finding:
    return Finding(
        finding_id=uuid4(),
        revision=0,
        phase="opened",
        scenario="dumping",
        confidence=0.9,
        urgency=5,
        facts=FACTS,
        xyxy=(10.0, 20.0, 40.0, 50.0),
    )
