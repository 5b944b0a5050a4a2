"""Alerts as they came, the occurrences they make up, and the evidence they name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.orm import aliased

from gateway.casework.policy import Occurrence
from gateway.casework.timing import Timing
from gateway.store.schema import alerts, evidence_files, evidence_items, occurrences, sites
from wire import Alert, Signed, Site
from wire.alert import Scenario


def stored_sha256(connection: Connection, alert: Alert) -> str | None:
    """Hash of the payload that is stored under this id and revision."""
    found: str | None = connection.scalar(
        select(alerts.c.sha256).where(
            alerts.c.alert_id == str(alert.alert_id), alerts.c.revision == alert.revision
        )
    )
    return found


def newest_revision(connection: Connection, alert_id: UUID) -> Row[Any] | None:
    """``warning_id``, ``revision`` and the times of the newest stored revision."""
    query = select(alerts).where(alerts.c.alert_id == str(alert_id))
    return connection.execute(query.order_by(alerts.c.revision.desc()).limit(1)).one_or_none()


def add_alert(
    connection: Connection, alert: Alert, signed: Signed, timing: Timing, received_at: datetime
) -> int:
    """Stores the payload byte for byte; it belongs to no warning yet."""
    made = connection.execute(
        insert(alerts).values(
            alert_id=str(alert.alert_id),
            revision=alert.revision,
            phase=alert.phase,
            device=alert.device,
            boot_id=str(alert.boot_id),
            sequence=alert.sequence,
            payload=signed.payload,
            sha256=signed.sha256,
            captured_at=alert.captured_at,
            happened_at=timing.happened_at,
            received_at=received_at,
            age_s=signed.age_s,
            clock_offset_s=timing.clock_offset_s,
            late=timing.late,
        )
    )
    assert made.inserted_primary_key is not None
    row_id: int = made.inserted_primary_key[0]
    return row_id


def attach_alert(connection: Connection, row_id: int, alert: Alert, warning_id: int) -> bool:
    """Puts an alert and the evidence it names to its warning; whether a snapshot is there."""
    connection.execute(update(alerts).where(alerts.c.id == row_id).values(warning_id=warning_id))
    known = set(
        connection.scalars(
            select(evidence_items.c.sha256).where(evidence_items.c.alert_id == str(alert.alert_id))
        )
    )
    rows = [
        {
            "alert_id": str(alert.alert_id),
            "warning_id": warning_id,
            "sha256": item.sha256,
            "kind": item.kind,
            "media_type": item.media_type,
        }
        for item in {item.sha256: item for item in alert.evidence.items}.values()
        if item.sha256 not in known
    ]
    if rows:
        connection.execute(insert(evidence_items), rows)
    pictures = [row["sha256"] for row in rows if row["kind"] == "snapshot"]
    arrived = select(func.count()).where(evidence_files.c.sha256.in_(pictures))
    return bool(pictures) and connection.scalar(arrived) != 0


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
    known = connection.execute(select(sites).where(sites.c.site_id == site.site_id)).one_or_none()
    if known is None:
        connection.execute(insert(sites).values(site_id=site.site_id, **row))
    elif any(known._mapping[column] != value for column, value in row.items()):
        connection.execute(update(sites).where(sites.c.site_id == site.site_id).values(row))


def place_in_occurrence(
    connection: Connection, site_id: str, scenario: Scenario, at: datetime, rule: Occurrence
) -> bool:
    """Counts an alert into the occurrence that it belongs to; True where it begins one."""
    near = (
        select(occurrences)
        .where(occurrences.c.site_id == site_id, occurrences.c.scenario == scenario)
        .where(occurrences.c.last_at > at - rule.ends_after)
        .where(occurrences.c.first_at < at + rule.ends_after)
        .order_by(occurrences.c.last_at.desc())
    )
    for row in connection.execute(near):
        if rule.covers(row.first_at, row.last_at, at):
            grown = {"first_at": min(row.first_at, at), "last_at": max(row.last_at, at)}
            connection.execute(update(occurrences).where(occurrences.c.id == row.id).values(grown))
            return False
    made = {"site_id": site_id, "scenario": scenario, "first_at": at, "last_at": at}
    connection.execute(insert(occurrences).values(made))
    return True


def occurred_since(
    connection: Connection, site_id: str, scenario: Scenario, since: datetime
) -> tuple[datetime, ...]:
    query = select(occurrences.c.first_at).where(
        occurrences.c.site_id == site_id,
        occurrences.c.scenario == scenario,
        occurrences.c.last_at >= since,
    )
    return tuple(connection.scalars(query))


def missing_alerts(connection: Connection, device: str, boot_id: str) -> int:
    """How many numbers of this boot were given to alerts that have not arrived."""
    highest, count = connection.execute(
        select(func.max(alerts.c.sequence), func.count(alerts.c.sequence.distinct())).where(
            alerts.c.device == device, alerts.c.boot_id == boot_id
        )
    ).one()
    return 0 if highest is None else highest + 1 - count
