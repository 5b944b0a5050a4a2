"""Keeps what arrives: whole batches in one transaction, and receipts only once it is durable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import structlog

from gateway.desk import Desk
from gateway.errors import StoreError
from gateway.ingest.arrival import Arrival, Believed, FindKey, Refused, judge
from gateway.ingest.filing import Filed, file_alert
from gateway.store import Connection, OperationalError, warnings
from gateway.store.alerts import Told, missing_alerts, revisions_of
from gateway.store.boxes import keep_health, keep_presence
from gateway.store.devices import find_key
from gateway.store.quarantine import Kept, add_to_quarantine
from wire import Alert, Presence, Receipt, Signed, SigningKey, VerifyKey
from wire.topics import Address

log = structlog.get_logger()

Outcome = Literal["stored", "duplicate", "late", "quarantined"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A message for a topic."""

    topic: str
    message: bytes


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of one arrival; counted and answered only after the commit."""

    kind: str
    outcome: Outcome | None = None
    receipt: Receipt | None = None
    filed: Filed | None = None
    boot: tuple[str, UUID] | None = None
    fault: str = ""


class Keeper:
    """Writes arrivals into the record.

    Rules kept here:

    - A receipt exists only after the commit of what it names, and for every arrival, repeats too.
    - The same id, revision and bytes change nothing; the same id with other bytes is set aside.
    - Signed but not understood: kept aside, and the box is told. Not signed: kept aside in silence.
    - One message that nobody foresaw is set aside alone and does not hold up the others.
    """

    def __init__(self, desk: Desk, key: SigningKey) -> None:
        self._desk = desk
        self._key = key
        self._missing: dict[str, int] = {}

    def keep(self, batch: Sequence[Arrival]) -> list[Answer]:
        """All of the batch is durable when this returns; then acknowledge it and send the answers.

        Raises:
            StoreError: Nothing of it is; acknowledge nothing.
        """
        try:
            done = self._in_one(batch)
        except OperationalError as error:
            raise StoreError(f"the database cannot be written: {error.orig}") from error
        except Exception:  # found out one by one below; never dropped
            log.exception("batch failed; its messages are kept one by one")
            done = [each for arrival in batch for each in self._alone(arrival)]
        self._count(done)
        self._desk.feed.wake()
        return [self._answer(each.receipt) for each in done if each.receipt is not None]

    def _alone(self, arrival: Arrival) -> list[_Done]:
        try:
            return self._in_one([arrival])
        except OperationalError as error:
            raise StoreError(f"the database cannot be written: {error.orig}") from error
        except Exception as error:  # noqa: BLE001  # set aside with its reason for a person to see
            return self._in_one([arrival], fault=f"the gateway failed at it: {error!r}")

    def _in_one(self, batch: Sequence[Arrival], fault: str | None = None) -> list[_Done]:
        with self._desk.database.write() as connection:
            find = _remembering(connection)
            judged = [judge(each, self._desk.settings.district, find) for each in batch]
            if fault is not None:
                judged = [_set_aside(each, fault) for each in judged]
            done = [self._one(connection, each) for each in judged]
            self._announce(connection, done)
            return done

    def _one(self, connection: Connection, judged: Believed | Refused) -> _Done:
        if isinstance(judged, Refused):
            return _quarantine(connection, judged)
        said, now = judged.said, judged.arrival.received_at
        if isinstance(said, Alert):
            return self._alert(connection, Told(said, judged.signed, now))
        if isinstance(said, Presence):
            keep_presence(connection, said, now)
            return _Done("presence")
        keep_health(connection, said, judged.signed, now)
        return _Done("health")

    def _alert(self, connection: Connection, told: Told) -> _Done:
        alert = told.alert
        stored = revisions_of(connection, alert.alert_id)
        receipt = _receipt(alert.device, alert.alert_id, told.signed, told.received_at)
        twin = next((row for row in stored if row.revision == alert.revision), None)
        if twin is not None and twin.sha256 == told.signed.sha256:
            return _Done("alert", "duplicate", receipt)
        if twin is not None:
            fault = f"alert {alert.alert_id} revision {alert.revision} is stored with other bytes"
            topic = Address(alert.district, alert.device).up("alert")
            kept = Kept(told.received_at, topic, alert.device, fault, told.signed.payload)
            add_to_quarantine(connection, kept)
            aside = receipt.model_copy(update={"outcome": "quarantined"})
            return _Done("alert", "quarantined", aside, fault=fault)
        filed = file_alert(connection, self._desk.policy, told, stored)
        outcome: Outcome = "late" if filed.timing.late else "stored"
        return _Done("alert", outcome, receipt, filed=filed, boot=(alert.device, alert.boot_id))

    def _announce(self, connection: Connection, done: Sequence[_Done]) -> None:
        """Tells the screens once of each warning, and notices which alerts are missing."""
        filed = [each.filed for each in done if each.filed is not None]
        news = {each.warning_id: each.timing.happened_at for each in filed if each.is_new}
        now = self._desk.clock()
        for warning_id in {each.warning_id: None for each in filed}:
            warnings.announce(connection, warning_id, now, news.get(warning_id))
        for device, boot_id in {each.boot for each in done if each.boot is not None}:
            missing = missing_alerts(connection, device, str(boot_id))
            if missing > self._missing.get(device, 0):
                log.warning("alerts are missing so far", device=device, missing=missing)
            self._missing[device] = missing

    def _count(self, done: Sequence[_Done]) -> None:
        metrics, now = self._desk.metrics, self._desk.clock()
        for each in done:
            metrics.arrivals.labels(each.kind).inc()
            if each.outcome is not None:
                metrics.alerts.labels(each.outcome).inc()
            if each.filed is not None and each.filed.is_new:
                metrics.stored(each.filed.timing.happened_at, now)
        aside = [each.fault for each in done if each.fault]
        if aside:
            metrics.quarantined.inc(len(aside))
            log.warning("messages set aside", count=len(aside), first=aside[0])
        for device, missing in self._missing.items():
            metrics.missing.labels(device).set(missing)

    def _answer(self, receipt: Receipt) -> Answer:
        topic = Address(self._desk.settings.district, receipt.device).down("receipt")
        return Answer(topic, self._key.sign(receipt.to_bytes(), "receipt"))


def _remembering(connection: Connection) -> FindKey:
    """Keys as they stand in this transaction, each looked up once."""
    known: dict[str, VerifyKey | None] = {}

    def find(device: str) -> VerifyKey | None:
        if device not in known:
            known[device] = find_key(connection, device)
        return known[device]

    return find


def _set_aside(judged: Believed | Refused, fault: str) -> Refused:
    if isinstance(judged, Refused):
        return judged
    alert_id = judged.said.alert_id if isinstance(judged.said, Alert) else None
    return Refused(judged.arrival, fault, judged.signed, alert_id)


def _quarantine(connection: Connection, refused: Refused) -> _Done:
    arrival, signed = refused.arrival, refused.signed
    signer = signed.signer if signed else None
    message = signed.payload if signed else arrival.message
    kept = Kept(arrival.received_at, arrival.topic, signer, refused.fault, message)
    add_to_quarantine(connection, kept)
    if signed is None or refused.alert_id is None:
        return _Done("refused", fault=refused.fault)
    receipt = _receipt(signed.signer, refused.alert_id, signed, arrival.received_at)
    aside = receipt.model_copy(update={"outcome": "quarantined"})
    return _Done("refused", "quarantined", aside, fault=refused.fault)


def _receipt(device: str, alert_id: UUID, signed: Signed, now: datetime) -> Receipt:
    return Receipt(
        device=device,
        alert_id=alert_id,
        payload_sha256=signed.sha256,
        stored_at=now,
        outcome="stored",
    )
