"""A small district for tests: alerts as boxes make them, a clock that is set by hand, a desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from gateway.casework.policy import Policy, load_policy
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.ingest.arrival import Arrival
from gateway.ingest.keeper import Answer, Keeper
from gateway.settings import Settings
from gateway.store.database import Database
from gateway.store.devices import enroll_device
from wire import Alert, Evidence, EvidenceItem, Health, Receipt, SigningKey, sha256_of
from wire.alert import Scenario
from wire.topics import Address, Up

NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
DISTRICT = "harbour"
SNAPSHOT = b"\xff\xd8 a picture \xff\xd9"
BOOT = UUID("0197a000-0000-7000-8000-000000000001")


@dataclass
class ManualClock:
    """Stands still until it is moved; also plays the clock that nobody can set."""

    now: datetime = NIGHT
    set_by: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return self.now

    def uptime_s(self) -> float:
        return (self.now - self.set_by - NIGHT).total_seconds()

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)

    def jump(self, **span: float) -> None:
        """Somebody sets the wall clock."""
        self.now += timedelta(**span)
        self.set_by += timedelta(**span)


def make_alert(**changes: Any) -> Alert:
    """An alert of box ``gate-7``; ``facts`` and ``site`` are changed key by key."""
    at = changes.get("captured_at", NIGHT)
    site = {"site_id": "canal-3", "name": "Canal bend", "address": "Canal Road 3"}
    tree: dict[str, Any] = {
        "alert_id": uuid4(),
        "district": DISTRICT,
        "device": "gate-7",
        "camera_id": "yard",
        "boot_id": BOOT,
        "sequence": 0,
        "scenario": "dumping",
        "captured_at": at,
        "confidence": 0.8,
        "urgency": 5,
        "region": {"xyxy": (100.0, 100.0, 180.0, 150.0), "frame_wh": (768, 576)},
        "evidence": Evidence(state="stored", items=(snapshot_item(),)),
        "software": "0.1.0",
    }
    tree |= changes
    tree["facts"] = _seen(tree["scenario"], at) | changes.get("facts", {})
    tree["site"] = site | changes.get("site", {})
    return Alert.model_validate(tree)


def _seen(scenario: Scenario, at: datetime) -> dict[str, Any]:
    """The facts of a small offence by day."""
    facts: dict[Scenario, dict[str, Any]] = {
        "dumping": {
            "carrier": "vehicle",
            "carrier_track": 4,
            "contact_at": at - timedelta(seconds=72),
            "departed_at": at - timedelta(seconds=60),
            "stayed_s": 60.0,
            "stay_limit_s": 60.0,
        },
        "charging": {
            "vehicle": "e-bike",
            "bikes": 1,
            "stood_s": 190.0,
            "stand_limit_s": 180.0,
            "seen_s": 120.0,
            "cable_px": 310.0,
            "upper_xy": (110.0, 10.0),
            "lower_xy": (120.0, 140.0),
        },
        "construction": {
            "looks": 3,
            "looks_limit": 3,
            "span_h": 50.0,
            "span_limit_h": 48.0,
            "since": at - timedelta(hours=50),
            "baseline_at": at - timedelta(days=9),
            "grown": 1.1,
            "stage": "material",
        },
    }
    return facts[scenario] | {"area_px": 4000, "area_share": 0.01, "night": False}


def snapshot_item(content: bytes = SNAPSHOT) -> EvidenceItem:
    return EvidenceItem(
        kind="snapshot",
        media_type="image/jpeg",
        sha256=sha256_of(content),
        size_bytes=len(content),
    )


def make_health(at: datetime = NIGHT, **changes: Any) -> Health:
    tree: dict[str, Any] = {
        "district": DISTRICT,
        "device": "gate-7",
        "boot_id": str(BOOT),
        "at": at.isoformat(),
        "uptime_s": 100.0,
        "cameras": [
            {
                "camera_id": "yard",
                "site_id": "canal-3",
                "state": "live",
                "frames": 900,
                "skipped": 3,
                "frames_per_s": 10.0,
                "latency_ms": 40.0,
                "silent_s": 0.1,
            }
        ],
        "outbox": {"queued": 0, "oldest_s": 0.0, "delivered": 5},
        "disk_free_bytes": 10**10,
        "software": "0.1.0",
    }
    return Health.model_validate_json(
        Health.model_validate(tree | changes, strict=False).to_bytes()
    )


@dataclass
class District:
    """A desk over a real database file, with one enrolled box and the gateway's key."""

    desk: Desk
    clock: ManualClock
    box_key: SigningKey = field(default_factory=lambda: SigningKey.generate("gate-7"))
    key: SigningKey = field(default_factory=lambda: SigningKey.generate("gateway"))

    def __post_init__(self) -> None:
        self.enroll(self.box_key)
        self.keeper = Keeper(self.desk, self.key)

    def enroll(self, key: SigningKey) -> None:
        with self.desk.database.write() as connection:
            enroll_device(connection, key.signer, key.public.as_jwk(), self.clock())

    def arrival(self, payload: bytes, kind: Up = "alert", age_s: float | None = 0.5) -> Arrival:
        message = self.box_key.sign(payload, kind, age_s)
        return Arrival(Address(DISTRICT, "gate-7").up(kind), message, self.clock())

    def tell(self, *alerts: Alert, age_s: float | None = 0.5) -> list[Receipt]:
        """Has the alerts kept in one batch, and reads the receipts."""
        batch = [self.arrival(alert.to_bytes(), age_s=age_s) for alert in alerts]
        return [self.read_receipt(answer) for answer in self.keeper.keep(batch)]

    def read_receipt(self, answer: Answer) -> Receipt:
        return Receipt.from_bytes(self.key.public.verify(answer.message, "receipt").payload)


@contextmanager
def opened_district(state: Path, policy: Policy | None = None) -> Iterator[District]:
    settings = Settings(state=state, district=DISTRICT, disk_reserve_bytes=0)
    clock = ManualClock()
    with Database(settings.database) as database:
        desk = Desk(settings, policy or load_policy(), database, Feed(database), clock=clock)
        yield District(desk, clock)
