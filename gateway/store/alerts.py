"""Alerts as they came, the occurrences they make up, and the evidence they name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from gateway.casework.policy import Occurrence
from gateway.casework.timing import Timing
from gateway.store.schema import alerts, evidence_files, evidence_items, occurrences, sites
from wire import Alert, Signed, Site
from wire.alert import Scenario

_REVISIONS = select(alerts).where(alerts.c.alert_id == bindparam("id")).order_by(alerts.c.revision)
_NAMED = select(evidence_items.c.sha256).where(evidence_items.c.alert_id == bindparam("id"))
_SITE = select(sites).where(sites.c.site_id == bindparam("id"))
_AT_SITE = (
    occurrences.c.site_id == bindparam("site"),
    occurrences.c.scenario == bindparam("offence"),
)
_NEAR = (
    select(occurrences)
    .where(*_AT_SITE)
    .where(occurrences.c.last_at > bindparam("after"), occurrences.c.first_at < bindparam("before"))
    .order_by(occurrences.c.last_at.desc())
)
_SINCE = select(occurrences.c.first_at).where(
    *_AT_SITE, occurrences.c.last_at >= bindparam("since")
)


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as it was told, and when it arrived."""

    alert: Alert
    signed: Signed
    received_at: datetime


def revisions_of(connection: Connection, alert_id: UUID) -> list[Row[Any]]:
    """What is stored of an alert, the newest revision last."""
    return list(connection.execute(_REVISIONS, {"id": str(alert_id)}))


def add_alert(connection: Connection, told: Told, timing: Timing, warning_id: int) -> bool:
    """Stores the payload byte for byte; whether a snapshot it names has arrived before it."""
    alert = told.alert
    row = {
        "alert_id": str(alert.alert_id),
        "revision": alert.revision,
        "phase": alert.phase,
        "device": alert.device,
        "boot_id": str(alert.boot_id),
        "sequence": alert.sequence,
        "warning_id": warning_id,
        "payload": told.signed.payload,
        "sha256": told.signed.sha256,
        "captured_at": alert.captured_at,
        "happened_at": timing.happened_at,
        "received_at": told.received_at,
        "age_s": told.signed.age_s,
        "clock_offset_s": timing.clock_offset_s,
        "late": timing.late,
    }
    connection.execute(insert(alerts), row)
    return _add_evidence(connection, alert, warning_id)


def _add_evidence(connection: Connection, alert: Alert, warning_id: int) -> bool:
    items = {item.sha256: item for item in alert.evidence.items}
    known = connection.scalars(_NAMED, {"id": str(alert.alert_id)}) if items else ()
    for sha256 in known:
        items.pop(sha256, None)
    rows = [
        {
            "alert_id": str(alert.alert_id),
            "warning_id": warning_id,
            "sha256": item.sha256,
            "kind": item.kind,
            "media_type": item.media_type,
        }
        for item in items.values()
    ]
    if rows:
        connection.execute(insert(evidence_items), rows)
    pictures = [item.sha256 for item in items.values() if item.kind == "snapshot"]
    arrived = select(evidence_files.c.sha256).where(evidence_files.c.sha256.in_(pictures)).limit(1)
    return bool(pictures) and connection.scalar(arrived) is not None


def all_gone(connection: Connection, warning_id: int) -> bool:
    """Whether the newest revision of every alert of the warning says that its thing is gone."""
    newer = aliased(alerts)
    standing = (
        select(alerts.c.id)
        .where(alerts.c.warning_id == warning_id, alerts.c.phase != "closed")
        .where(
            ~select(newer.c.id)
            .where(newer.c.alert_id == alerts.c.alert_id, newer.c.revision > alerts.c.revision)
            .exists()
        )
        .limit(1)
    )
    return connection.scalar(standing) is None


def keep_site(connection: Connection, site: Site) -> None:
    """The newest name, address and position of a site are the ones that count."""
    row = {
        "name": site.name,
        "address": site.address,
        "latitude_deg": site.position and site.position.latitude_deg,
        "longitude_deg": site.position and site.position.longitude_deg,
    }
    known = connection.execute(_SITE, {"id": site.site_id}).one_or_none()
    if known is None:
        connection.execute(insert(sites), row | {"site_id": site.site_id})
    elif any(known._mapping[column] != value for column, value in row.items()):
        connection.execute(update(sites).where(sites.c.site_id == site.site_id).values(row))


def place_in_occurrence(
    connection: Connection, site_id: str, scenario: Scenario, at: datetime, rule: Occurrence
) -> bool:
    """Counts an alert into the occurrence that it belongs to; True where it begins one."""
    where = {"site": site_id, "offence": scenario}
    span = {"after": at - rule.ends_after, "before": at + rule.ends_after}
    for row in connection.execute(_NEAR, where | span).all():
        if rule.covers(row.first_at, row.last_at, at):
            grown = {"first_at": min(row.first_at, at), "last_at": max(row.last_at, at)}
            connection.execute(update(occurrences).where(occurrences.c.id == row.id).values(grown))
            return False
    made = {"site_id": site_id, "scenario": scenario, "first_at": at, "last_at": at}
    connection.execute(insert(occurrences), made)
    return True


def occurred_since(
    connection: Connection, site_id: str, scenario: Scenario, since: datetime
) -> tuple[datetime, ...]:
    asked = {"site": site_id, "offence": scenario, "since": since}
    return tuple(connection.scalars(_SINCE, asked))


def missing_alerts(connection: Connection, device: str, boot_id: str) -> int:
    """How many numbers of this boot were given to alerts that have not arrived."""
    highest, count = connection.execute(
        select(func.max(alerts.c.sequence), func.count(alerts.c.sequence.distinct())).where(
            alerts.c.device == device, alerts.c.boot_id == boot_id
        )
    ).one()
    return 0 if highest is None else highest + 1 - count
