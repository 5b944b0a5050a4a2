"""One believed alert into the record: its site, its occurrence, its warning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.casework.case import Report, follow, open_case
from gateway.casework.policy import Facts, Policy
from gateway.casework.timing import Timing, time_of
from gateway.store import Connection, Row, warnings
from gateway.store.alerts import (
    Told,
    add_alert,
    all_gone,
    keep_site,
    occurred_since,
    place_in_occurrence,
)
from wire import Alert


@dataclass(frozen=True, slots=True)
class Filed:
    """An alert in the record."""

    warning_id: int
    timing: Timing
    is_new: bool
    """The first that was heard of it; otherwise a later revision."""


def file_alert(
    connection: Connection, policy: Policy, told: Told, stored: Sequence[Row[Any]]
) -> Filed:
    """Stores an alert, and lets casework decide what it means.

    Args:
        stored: Other revisions of it that are in the record, the newest last.
    """
    alert = told.alert
    keep_site(connection, alert.site)
    if stored:
        newest = stored[-1]
        warning_id = newest.warning_id
        timing = Timing(newest.happened_at, newest.clock_offset_s, newest.late)
        shows = add_alert(connection, told, timing, warning_id)
        if alert.revision > newest.revision:
            _told_more(connection, policy, told, newest)
    else:
        age_s, now = told.signed.age_s, told.received_at
        timing = time_of(alert.captured_at, age_s, now, policy.late_after)
        warning_id = _first_told(connection, policy, told, timing)
        shows = add_alert(connection, told, timing, warning_id)
    if shows:
        warnings.show_snapshot(connection, warning_id)
    return Filed(warning_id, timing, is_new=not stored)


def _first_told(connection: Connection, policy: Policy, told: Told, timing: Timing) -> int:
    alert, site_id, now = told.alert, told.alert.site.site_id, told.received_at
    at = timing.happened_at
    recurs = place_in_occurrence(connection, site_id, alert.scenario, at, policy.occurrence)
    facts = _facts(connection, policy, alert, at)
    gone = alert.phase == "closed"
    found = warnings.find_open(connection, site_id, alert.scenario)
    if found is None:
        report = Report(facts, late=timing.late, gone=gone)
        return warnings.add_case(connection, open_case(report, policy, now), alert)
    warning_id, case = found
    report = Report(facts, recurs=recurs, late=timing.late, gone=gone and not case.active)
    warnings.save_case(connection, warning_id, follow(case, report, policy, now))
    return warning_id


def _told_more(connection: Connection, policy: Policy, told: Told, earlier: Row[Any]) -> None:
    """A later revision: its figures count, and it may say that the thing is gone."""
    warning_id: int = earlier.warning_id
    case = warnings.get_case(connection, warning_id)
    if case.closed_at is not None:
        return
    report = Report(
        _facts(connection, policy, told.alert, earlier.happened_at),
        is_new=False,
        recurs=False,
        gone=told.alert.phase == "closed" and all_gone(connection, warning_id),
    )
    change = follow(case, report, policy, told.received_at)
    warnings.save_case(connection, warning_id, change)


def _facts(connection: Connection, policy: Policy, alert: Alert, at: datetime) -> Facts:
    site_id, since = alert.site.site_id, at - policy.memory
    return Facts(
        scenario=alert.scenario,
        told=alert.facts,
        confidence=alert.confidence,
        at=at,
        occurred=occurred_since(connection, site_id, alert.scenario, since),
    )
