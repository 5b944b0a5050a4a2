"""One warning's standing, and everything that changes it.

Rules kept here, whatever the policy says:

- The color rises by policy and never falls; only a named person may lower it, which is not here.
- An acknowledgement covers what was there when it was given; a recurrence or a higher color asks
  anew.
- It is refused where the version that the person saw is no longer the one that stands.
- A deadline is a moment in the case. Whoever sweeps late makes one step, not all that were missed,
  and more alerts never put it off.
- Late alerts count, and can raise the color, but ask for attention quietly.

Not here: who may do what, where cases are kept, and what time it is; the caller brings the clock.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from gateway.casework.policy import Facts, Policy
from gateway.errors import GatewayError
from gateway.views import Acknowledged, Color, HistoryKind, HistoryView, Reason, State

Condition = Literal["normal", "unacknowledged", "acknowledged", "returned", "latched", "shelved"]
"""The states of ISA-18.2, as far as they are needed."""

_COLORS: tuple[Color, ...] = ("blue", "yellow", "red")


class StaleError(GatewayError):
    """The warning has changed since the person looked: show it again, then ask again."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one arrival of an alert says.

    Attributes:
        is_new: The first arrival of this alert; otherwise a later revision of it.
        recurs: It begins an occurrence of its own.
        late: It was told long after it happened.
        gone: The cameras saw every thing of this warning taken away.
    """

    facts: Facts
    is_new: bool = True
    recurs: bool = True
    late: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """How one warning stands. Color, presence and acknowledgement are kept apart."""

    color: Color
    raised_at: datetime
    updated_at: datetime
    reasons: tuple[Reason, ...]
    due_at: datetime | None
    latched: bool
    late: bool = False
    active: bool = True
    shelved_until: datetime | None = None
    acknowledged: Acknowledged | None = None
    closed_at: datetime | None = None
    alert_count: int = 1
    version: int = 1

    @property
    def state(self) -> State:
        if self.closed_at is not None:
            return "closed"
        return "unacknowledged" if self.acknowledged is None else "acknowledged"


@dataclass(frozen=True, slots=True)
class Change:
    """The case as it stands now, and what goes into its history."""

    case: Case
    entries: tuple[HistoryView, ...] = ()


def condition_of(case: Case, now: datetime) -> Condition:
    """The name of the state by ISA-18.2, derived from what is kept apart."""
    if case.shelved_until is not None and now < case.shelved_until:
        return "shelved"
    if case.active:
        return "unacknowledged" if case.acknowledged is None else "acknowledged"
    if case.acknowledged is None:
        return "returned"
    return "latched" if case.latched else "normal"


def open_case(report: Report, policy: Policy, now: datetime) -> Change:
    """The first alert of a site and offence that has no open warning."""
    color, reasons = policy.judge(report.facts)
    level = policy.level(color)
    case = Case(
        color=color,
        raised_at=now,
        updated_at=now,
        reasons=reasons,
        due_at=now + level.acknowledge_within,
        latched=level.latched,
        late=report.late,
        active=not report.gone,
    )
    return Change(case, (_entry("raised", case, now, *reasons),))


def follow(case: Case, report: Report, policy: Policy, now: datetime) -> Change:
    """A further alert, or a later revision of one, joins its warning."""
    color, reasons = policy.judge(report.facts)
    fresh = _unsaid(case.reasons, reasons)
    joined = replace(
        case,
        updated_at=now,
        reasons=_merged(case.reasons, reasons),
        active=not report.gone,
        alert_count=case.alert_count + report.is_new,
        version=case.version + report.is_new,
    )
    entries: list[HistoryView] = []
    if _COLORS.index(color) > _COLORS.index(case.color):
        joined = _asking(replace(joined, color=color), policy, now, late=report.late)
        entries.append(_entry("rose", joined, now, *fresh))
    elif report.is_new and report.recurs:
        if case.acknowledged is not None and not report.late:
            joined = _asking(joined, policy, now, late=False)
        entries.append(_entry("recurred", joined, now, *fresh))
    if case.acknowledged is None:
        joined = replace(joined, late=case.late and report.late)
    if report.gone and case.active:
        entries.append(_entry("cleared", joined, now))
    return _settled(Change(joined, tuple(entries)), now)


def acknowledge(case: Case, given: Acknowledged, seen_version: int, policy: Policy) -> Change:
    """A person says: seen.

    Raises:
        StaleError: They saw another version, or there is nothing left to acknowledge.
    """
    if case.state != "unacknowledged":
        raise StaleError(f"this warning is {case.state} already; look again")
    if seen_version != case.version:
        raise StaleError(
            f"this warning has changed since you saw it (version {seen_version}, "
            f"now {case.version}); look again"
        )
    seen = replace(
        case,
        acknowledged=given,
        updated_at=given.at,
        due_at=given.at + policy.level(case.color).acknowledgement_lasts,
        version=case.version + 1,
    )
    entry = _entry("acknowledged", seen, given.at).model_copy(
        update={"by": given.by, "comment": given.comment}
    )
    return _settled(Change(seen, (entry,)), given.at)


def latest_due(case: Case, policy: Policy, now: datetime) -> datetime | None:
    """Its deadline, but no later than the policy would set it now.

    A clock that was set back while nobody looked, or a policy with shorter times, would otherwise
    leave a warning without anybody being asked for long.
    """
    if case.due_at is None:
        return None
    level = policy.level(case.color)
    asked = case.acknowledged is None
    longest = level.acknowledge_within if asked else level.acknowledgement_lasts
    return min(case.due_at, now + longest)


def sweep(case: Case, policy: Policy, now: datetime) -> Change | None:
    """What its deadline does to a case; nothing before it."""
    if case.closed_at is not None or case.due_at is None or now < case.due_at:
        return None
    if case.acknowledged is not None:
        expired = policy.expired(case.color)
        asked = _asking(replace(case, updated_at=now), policy, now, late=False)
        asked = replace(asked, reasons=_merged(case.reasons, (expired,)))
        return Change(asked, (_entry("expired", asked, now, expired),))
    overdue = policy.overdue(case.color)
    higher = _COLORS[min(_COLORS.index(case.color) + 1, len(_COLORS) - 1)]
    raised = replace(case, color=higher, updated_at=now, reasons=_merged(case.reasons, (overdue,)))
    raised = _asking(raised, policy, now, late=False)
    if higher == case.color:
        # Nothing stands above red: it stays on the screen as it is, and is not asked for again.
        raised = replace(raised, due_at=None)
    return Change(raised, (_entry("overdue", raised, now, overdue),))


def _asking(case: Case, policy: Policy, now: datetime, *, late: bool) -> Case:
    """The case wants a person's attention anew, in its color."""
    level = policy.level(case.color)
    return replace(
        case,
        acknowledged=None,
        late=late,
        latched=case.latched or level.latched,
        due_at=now + level.acknowledge_within,
        version=case.version + 1,
    )


def _settled(change: Change, now: datetime) -> Change:
    """Closes a case that has come to rest: seen by a person, gone from the picture, not latched."""
    case = change.case
    if condition_of(case, now) != "normal":
        return change
    closed = replace(case, closed_at=now, due_at=None, version=case.version + 1)
    return Change(closed, (*change.entries, _entry("closed", closed, now)))


def _merged(old: tuple[Reason, ...], new: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Reasons once true stay; said again, they carry the newer numbers."""
    by_code = {reason.code: reason for reason in old} | {reason.code: reason for reason in new}
    return tuple(by_code.values())


def _unsaid(old: tuple[Reason, ...], new: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(reason for reason in new if reason not in old)


def _entry(kind: HistoryKind, case: Case, at: datetime, *reasons: Reason) -> HistoryView:
    return HistoryView(at=at, kind=kind, by=None, comment="", color=case.color, reasons=reasons)
