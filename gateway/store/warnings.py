"""Warnings: pages of them, one with all that supports it, and the case behind it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, tuple_, update

from gateway.casework.case import Case, Change
from gateway.store.events import add_event
from gateway.store.schema import alerts, evidence_files, evidence_items, history, sites, warnings
from gateway.views import (
    Acknowledged,
    EvidenceView,
    HistoryView,
    Reason,
    WarningDetail,
    WarningPage,
    WarningView,
)
from wire import Alert, Position, Site
from wire.alert import Scenario

SHOWN_ALERTS: Final = 50

Which = Literal["open", "closed", "all"]

_RANK: Final = {"blue": 0, "yellow": 2, "red": 4}


_SITE_COLUMNS = (sites.c.name, sites.c.address, sites.c.latitude_deg, sites.c.longitude_deg)
_VIEW = select(warnings, *_SITE_COLUMNS).join(sites, sites.c.site_id == warnings.c.site_id)
_VIEW_BY_ID = _VIEW.where(warnings.c.id == bindparam("warning"))
_BY_ID = select(warnings).where(warnings.c.id == bindparam("warning"))
_SAVE = update(warnings).where(warnings.c.id == bindparam("warning"))
_OPEN_AT = select(warnings).where(
    warnings.c.site_id == bindparam("site"),
    warnings.c.scenario == bindparam("offence"),
    warnings.c.closed_at.is_(None),
)


def page(connection: Connection, which: Which, limit: int, after: str | None) -> WarningPage:
    """Open ones first the unacknowledged and the redder; closed and all of them, newest first.

    Raises:
        ValueError: ``after`` is not what an earlier page gave as ``next``.
    """
    query = _VIEW
    if which == "open":
        query = query.where(warnings.c.closed_at.is_(None))
        query = query.order_by(warnings.c.rank.desc(), warnings.c.id.desc())
    else:
        query = query.order_by(warnings.c.id.desc())
    if which == "closed":
        query = query.where(warnings.c.closed_at.is_not(None))
    if after is not None:
        rank, _, last_id = after.partition(".")
        query = query.where(
            tuple_(warnings.c.rank, warnings.c.id) < (int(rank), int(last_id))
            if which == "open"
            else warnings.c.id < int(last_id)
        )
    rows = connection.execute(query.limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    following = f"{rows[-1].rank}.{rows[-1].id}" if more else None
    return WarningPage(items=tuple(_view(row) for row in rows), next=following)


def one(connection: Connection, warning_id: int) -> WarningView | None:
    row = connection.execute(_VIEW_BY_ID, {"warning": warning_id}).one_or_none()
    return None if row is None else _view(row)


def detail(connection: Connection, warning_id: int) -> WarningDetail | None:
    view = one(connection, warning_id)
    if view is None:
        return None
    named = _named_evidence(connection, warning_id)
    return WarningDetail(
        **dict(view),
        alerts=_newest_alerts(connection, warning_id),
        evidence=tuple(
            EvidenceView(
                kind=row.kind,
                media_type=row.media_type,
                sha256=row.sha256,
                url=evidence_url(row.sha256),
            )
            for row in named
            if row.arrived
        ),
        evidence_pending=sum(not row.arrived for row in named),
        history=tuple(
            HistoryView.model_validate(row._mapping)
            for row in connection.execute(
                select(history).where(history.c.warning_id == warning_id).order_by(history.c.id)
            )
        ),
    )


def evidence_url(sha256: str) -> str:
    return f"/api/v1/evidence/{sha256}"


def find_case(connection: Connection, warning_id: int) -> Case | None:
    row = connection.execute(_BY_ID, {"warning": warning_id}).one_or_none()
    return None if row is None else _case(row)


def get_case(connection: Connection, warning_id: int) -> Case:
    """The case of a warning that is known to be there."""
    return _case(connection.execute(_BY_ID, {"warning": warning_id}).one())


def find_open(connection: Connection, site_id: str, scenario: Scenario) -> tuple[int, Case] | None:
    """The one open warning of a site and offence."""
    asked = {"site": site_id, "offence": scenario}
    row = connection.execute(_OPEN_AT, asked).one_or_none()
    return None if row is None else (row.id, _case(row))


def due(connection: Connection, now: datetime, limit: int) -> list[int]:
    query = select(warnings.c.id).where(warnings.c.due_at <= now)
    return list(connection.scalars(query.order_by(warnings.c.due_at).limit(limit)))


def set_deadlines(connection: Connection, deadline: Callable[[Case], datetime | None]) -> None:
    """Gives every warning that waits for one the deadline that is right now."""
    for row in connection.execute(select(warnings).where(warnings.c.due_at.is_not(None))).all():
        due_at = deadline(_case(row))
        if due_at != row.due_at:
            connection.execute(_SAVE.values(due_at=due_at), {"warning": row.id})


def add_case(connection: Connection, change: Change, alert: Alert) -> int:
    row = _row(change.case) | {"site_id": alert.site.site_id, "scenario": alert.scenario}
    made = connection.execute(insert(warnings), row | {"footage": alert.footage})
    assert made.inserted_primary_key is not None
    warning_id: int = made.inserted_primary_key[0]
    _write_history(connection, warning_id, change)
    return warning_id


def save_case(connection: Connection, warning_id: int, change: Change) -> None:
    connection.execute(_SAVE, _row(change.case) | {"warning": warning_id})
    _write_history(connection, warning_id, change)


def show_snapshot(connection: Connection, warning_id: int) -> None:
    """Puts the newest snapshot that has arrived on the warning."""
    newest = (
        select(evidence_items.c.sha256)
        .join(evidence_files, evidence_files.c.sha256 == evidence_items.c.sha256)
        .where(evidence_items.c.warning_id == warning_id, evidence_items.c.kind == "snapshot")
        .order_by(evidence_items.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    connection.execute(
        update(warnings).where(warnings.c.id == warning_id).values(snapshot_sha256=newest)
    )


def announce(
    connection: Connection, warning_id: int, now: datetime, happened_at: datetime | None = None
) -> WarningView:
    """Puts the warning as it stands into the feed."""
    view = one(connection, warning_id)
    if view is None:
        raise LookupError(f"there is no warning {warning_id}")
    add_event(connection, "warning", view, now, happened_at)
    return view


def _view(row: Row[Any]) -> WarningView:
    case = _case(row)
    position = (
        None
        if row.latitude_deg is None
        else Position(latitude_deg=row.latitude_deg, longitude_deg=row.longitude_deg)
    )
    return WarningView(
        id=row.id,
        color=case.color,
        state=case.state,
        scenario=row.scenario,
        site=Site(site_id=row.site_id, name=row.name, address=row.address, position=position),
        raised_at=case.raised_at,
        updated_at=case.updated_at,
        due_at=case.due_at,
        version=case.version,
        reasons=case.reasons,
        acknowledged=case.acknowledged,
        alert_count=case.alert_count,
        footage=row.footage,
        snapshot=evidence_url(row.snapshot_sha256) if row.snapshot_sha256 else None,
        late=case.late,
    )


def _case(row: Row[Any]) -> Case:
    """Inverse of ``_row``."""
    acknowledged = (
        None
        if row.acknowledged_at is None
        else Acknowledged(by=row.acknowledged_by, at=row.acknowledged_at, comment=row.comment)
    )
    return Case(
        color=row.color,
        raised_at=row.raised_at,
        updated_at=row.updated_at,
        reasons=tuple(Reason.model_validate(reason) for reason in row.reasons),
        due_at=row.due_at,
        latched=row.latched,
        late=row.late,
        active=row.active,
        shelved_until=row.shelved_until,
        acknowledged=acknowledged,
        closed_at=row.closed_at,
        alert_count=row.alert_count,
        version=row.version,
    )


def _row(case: Case) -> dict[str, Any]:
    seen = case.acknowledged
    return {
        "color": case.color,
        "raised_at": case.raised_at,
        "updated_at": case.updated_at,
        "reasons": [reason.model_dump() for reason in case.reasons],
        "due_at": case.due_at,
        "latched": case.latched,
        "late": case.late,
        "active": case.active,
        "shelved_until": case.shelved_until,
        "acknowledged_by": seen and seen.by,
        "acknowledged_at": seen and seen.at,
        "comment": seen.comment if seen else "",
        "closed_at": case.closed_at,
        "alert_count": case.alert_count,
        "version": case.version,
        "rank": _RANK[case.color] + (case.state == "unacknowledged"),
    }


def _write_history(connection: Connection, warning_id: int, change: Change) -> None:
    rows = [entry.model_dump() | {"warning_id": warning_id} for entry in change.entries]
    if rows:
        connection.execute(insert(history), rows)


def _newest_alerts(connection: Connection, warning_id: int) -> tuple[Alert, ...]:
    """The newest revision of each of the newest alerts, newest first."""
    newest = (
        select(alerts.c.alert_id, func.max(alerts.c.revision).label("revision"))
        .where(alerts.c.warning_id == warning_id)
        .group_by(alerts.c.alert_id)
        .order_by(func.max(alerts.c.id).desc())
        .limit(SHOWN_ALERTS)
        .subquery()
    )
    query = select(alerts.c.payload).join(
        newest,
        and_(newest.c.alert_id == alerts.c.alert_id, newest.c.revision == alerts.c.revision),
    )
    payloads = connection.scalars(query.order_by(alerts.c.id.desc()))
    return tuple(Alert.from_bytes(payload) for payload in payloads)


def _named_evidence(connection: Connection, warning_id: int) -> list[Row[Any]]:
    """What the shown alerts name, newest first; ``arrived`` where the file is there."""
    shown = (
        select(evidence_items.c.alert_id, func.max(evidence_items.c.id).label("id"))
        .where(evidence_items.c.warning_id == warning_id)
        .group_by(evidence_items.c.alert_id)
        .order_by(func.max(evidence_items.c.id).desc())
        .limit(SHOWN_ALERTS)
        .subquery()
    )
    query = (
        select(evidence_items, evidence_files.c.sha256.is_not(None).label("arrived"))
        .join(shown, shown.c.alert_id == evidence_items.c.alert_id)
        .outerjoin(evidence_files, evidence_files.c.sha256 == evidence_items.c.sha256)
        .order_by(evidence_items.c.id.desc())
    )
    return list(connection.execute(query))
