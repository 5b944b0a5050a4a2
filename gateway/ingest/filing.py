"""One believed alert into the record: its site, its occurrence, its warning."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.casework.case import Report, follow, open_case
from gateway.casework.policy import Facts, Policy
from gateway.casework.timing import Timing, time_of
from gateway.store import Connection, Row, warnings
from gateway.store.alerts import (
    add_alert,
    all_gone,
    attach_alert,
    keep_site,
    newest_revision,
    occurred_since,
    place_in_occurrence,
)
from wire import Alert, Signed


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as it was told, and when it arrived."""

    alert: Alert
    signed: Signed
    received_at: datetime


def file_alert(connection: Connection, policy: Policy, told: Told) -> Timing:
    """Stores an alert that is not stored yet, and lets casework decide what it means."""
    alert, now = told.alert, told.received_at
    earlier = newest_revision(connection, alert.alert_id)
    if earlier is None:
        timing = time_of(alert.captured_at, told.signed.age_s, now, policy.late_after)
    else:
        timing = Timing(earlier.happened_at, earlier.clock_offset_s, earlier.late)
    keep_site(connection, alert.site)
    row_id = add_alert(connection, alert, told.signed, timing, now)
    if earlier is None:
        warning_id = _first_told(connection, policy, told, timing)
    else:
        warning_id = earlier.warning_id
        if alert.revision > earlier.revision:
            _told_more(connection, policy, told, earlier)
    if attach_alert(connection, row_id, alert, warning_id):
        warnings.show_snapshot(connection, warning_id)
    warnings.announce(connection, warning_id, now, None if earlier else timing.happened_at)
    return timing


def _first_told(connection: Connection, policy: Policy, told: Told, timing: Timing) -> int:
    alert, site_id, now = told.alert, told.alert.site.site_id, told.received_at
    at = timing.happened_at
    recurs = place_in_occurrence(connection, site_id, alert.scenario, at, policy.occurrence)
    facts = _facts(connection, policy, alert, at)
    gone = alert.phase == "closed"
    warning_id = warnings.find_open(connection, site_id, alert.scenario)
    if warning_id is None:
        report = Report(facts, late=timing.late, gone=gone)
        return warnings.add_case(connection, open_case(report, policy, now), alert)
    case = warnings.get_case(connection, warning_id)
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
        carrier=alert.facts.carrier,
        night=alert.facts.night,
        stayed_s=alert.facts.stayed_s,
        stay_limit_s=alert.facts.stay_limit_s,
        area_share=alert.facts.area_share,
        confidence=alert.confidence,
        at=at,
        occurred=occurred_since(connection, site_id, alert.scenario, since),
    )
