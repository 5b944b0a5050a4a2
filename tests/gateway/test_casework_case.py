"""The life of one warning, step by step and in any order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.casework.case import (
    Case,
    Change,
    Condition,
    Report,
    StaleError,
    acknowledge,
    condition_of,
    follow,
    open_case,
    sweep,
)
from gateway.casework.policy import load_policy
from gateway.views import Acknowledged, Color, State
from tests.gateway.test_casework_policy import days_ago, facts

AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
POLICY = load_policy()
COLORS: tuple[Color, ...] = ("blue", "yellow", "red")


def minutes(count: float) -> datetime:
    return AT + timedelta(minutes=count)


def opened(**changes: Any) -> Case:
    return open_case(Report(facts(), **changes), POLICY, AT).case


def seen(case: Case, at: datetime = AT, by: str = "Li Wei") -> Case:
    given_ = Acknowledged(by=by, at=at, comment="on my way")
    return acknowledge(case, given_, case.version, POLICY).case


def kinds(change: Change) -> list[str]:
    return [entry.kind for entry in change.entries]


def test_opens() -> None:
    """A first alert makes a blue, unacknowledged warning with its reason and a deadline."""
    change = open_case(Report(facts()), POLICY, AT)
    assert (change.case.color, change.case.state) == ("blue", "unacknowledged")
    assert change.case.due_at == minutes(15)
    assert [reason.code for reason in change.case.reasons] == ["left-behind"]
    assert kinds(change) == ["raised"]


def test_acknowledged_is_told() -> None:
    """An acknowledgement keeps who, when and what they said, and lasts as the policy says."""
    case = seen(opened(), minutes(2))
    assert case.state == "acknowledged"
    assert case.acknowledged == Acknowledged(by="Li Wei", at=minutes(2), comment="on my way")
    assert case.due_at == minutes(2 + 24 * 60)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda case: follow(case, Report(facts()), POLICY, AT).case, id="an alert"),
        pytest.param(seen, id="another person"),
        pytest.param(lambda case: replace(case, version=case.version + 1), id="any other change"),
    ],
)
def test_refuses_stale(change: Any) -> None:
    """Who saw an earlier version is refused, and nothing changes."""
    before = opened()
    now = change(before)
    with pytest.raises(StaleError, match="look again"):
        acknowledge(now, Acknowledged(by="Li", at=AT, comment=""), before.version, POLICY)


@pytest.mark.parametrize(
    ("report", "state", "color", "late", "told"),
    [
        pytest.param(
            Report(facts(), recurs=True),
            "unacknowledged",
            "blue",
            False,
            ["recurred"],
            id="a recurrence asks anew",
        ),
        pytest.param(
            Report(facts(), recurs=False),
            "acknowledged",
            "blue",
            False,
            [],
            id="more of the same occurrence does not",
        ),
        pytest.param(
            Report(facts(occurred=days_ago(1)), recurs=True),
            "unacknowledged",
            "yellow",
            False,
            ["rose"],
            id="a repeat asks anew, in yellow",
        ),
        pytest.param(
            Report(facts(), recurs=True, late=True),
            "acknowledged",
            "blue",
            False,
            ["recurred"],
            id="a late one is noted quietly",
        ),
        pytest.param(
            Report(facts(occurred=days_ago(1)), late=True),
            "unacknowledged",
            "yellow",
            True,
            ["rose"],
            id="a late one that raises the color asks quietly",
        ),
        pytest.param(
            Report(facts(), is_new=False, recurs=False),
            "acknowledged",
            "blue",
            False,
            [],
            id="a later revision only brings figures",
        ),
        pytest.param(
            Report(facts(), is_new=False, recurs=False, gone=True),
            "closed",
            "blue",
            False,
            ["cleared", "closed"],
            id="seen and gone is done",
        ),
    ],
)
def test_after_acknowledgement(
    report: Report, state: State, color: Color, late: bool, told: list[str]
) -> None:
    """An acknowledgement covers what was there at the press."""
    change = follow(seen(opened()), report, POLICY, minutes(1))
    case = change.case
    assert (case.state, case.color, case.late, kinds(change)) == (state, color, late, told)


def test_reasons_are_kept() -> None:
    """Reasons once true stay with the color they led to, with the newest numbers."""
    case = opened()
    case = follow(case, Report(facts(night=True, stayed_s=99)), POLICY, minutes(1)).case
    case = follow(case, Report(facts(night=False, stayed_s=300)), POLICY, minutes(2)).case
    assert [reason.code for reason in case.reasons] == ["left-behind", "night"]
    assert "300 s" in case.reasons[0].en


def test_missed_time_raises() -> None:
    """Unacknowledged past its time it rises one color, and red stays red on the screen."""
    case, seen_colors = opened(), ["blue"]
    for at in (minutes(15), minutes(25), minutes(30), minutes(10_000)):
        change = sweep(case, POLICY, at)
        if change is not None:
            case = change.case
            seen_colors.append(case.color)
    assert seen_colors == ["blue", "yellow", "red", "red"]
    assert case.state == "unacknowledged"
    assert case.reasons[-1].en == "Nobody acknowledged it within 5 min."


def test_downtime_is_one_step() -> None:
    """A gateway that was away for a week raises one color, and leaves people their time again."""
    change = sweep(opened(), POLICY, AT + timedelta(days=7))
    assert change is not None
    assert change.case.color == "yellow"
    assert sweep(change.case, POLICY, AT + timedelta(days=7, minutes=9)) is None


def test_alerts_do_not_put_off() -> None:
    """However many more alerts come, an unacknowledged warning's deadline stays."""
    case = opened()
    for minute in range(1, 15):
        case = follow(case, Report(facts(), recurs=False), POLICY, minutes(minute)).case
    assert case.due_at == minutes(15)


def test_acknowledgement_expires() -> None:
    """Acknowledged and forgotten asks anew, in the same color."""
    case = seen(opened())
    assert sweep(case, POLICY, AT + timedelta(hours=23)) is None
    change = sweep(case, POLICY, AT + timedelta(hours=24))
    assert change is not None
    assert (change.case.state, change.case.color) == ("unacknowledged", "blue")
    assert kinds(change) == ["expired"]


def test_latched_stays() -> None:
    """A yellow warning whose thing is gone waits for a person to close it."""
    case = opened()
    case = follow(case, Report(facts(occurred=days_ago(1))), POLICY, minutes(1)).case
    case = follow(seen(case), Report(facts(), is_new=False, gone=True), POLICY, minutes(2)).case
    assert (case.state, condition_of(case, minutes(2))) == ("acknowledged", "latched")


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        pytest.param({}, "unacknowledged", id="there, nobody saw it"),
        pytest.param({"acknowledged": True}, "acknowledged", id="there, seen"),
        pytest.param({"active": False}, "returned", id="gone, nobody saw it"),
        pytest.param({"active": False, "acknowledged": True}, "normal", id="gone, seen"),
        pytest.param(
            {"active": False, "acknowledged": True, "latched": True},
            "latched",
            id="gone, seen, held",
        ),
        pytest.param({"shelved_until": minutes(5)}, "shelved", id="put aside"),
        pytest.param({"shelved_until": minutes(-5)}, "unacknowledged", id="put aside until now"),
    ],
)
def test_condition(changes: dict[str, Any], condition: Condition) -> None:
    """The name of the state follows from what is kept apart, as in ISA-18.2."""
    if changes.get("acknowledged"):
        changes = changes | {"acknowledged": Acknowledged(by="Li", at=AT, comment="")}
    assert condition_of(replace(opened(), **changes), AT) == condition


REPORTS = st.builds(
    Report,
    facts=st.builds(
        facts,
        night=st.booleans(),
        area_share=st.sampled_from([0.01, 0.2]),
        occurred=st.integers(0, 5).map(lambda count: days_ago(*range(count))),
    ),
    is_new=st.booleans(),
    recurs=st.booleans(),
    late=st.booleans(),
    gone=st.booleans(),
)
STEPS = st.lists(st.one_of(REPORTS, st.just("acknowledge"), st.just("sweep")), max_size=30)


@given(STEPS, st.integers(1, 2000))
def test_whatever_happens(steps: list[Report | str], gap_min: int) -> None:
    """Whatever happens in whatever order: the color never falls, the version never goes back, an
    unacknowledged blue or yellow warning always has a deadline, and closed stays closed."""
    case, now = opened(), AT
    for step in steps:
        if case.closed_at is not None:
            break
        now += timedelta(minutes=gap_min)
        before = case
        if isinstance(step, Report):
            case = follow(case, step, POLICY, now).case
        elif step == "sweep":
            change = sweep(case, POLICY, now)
            case = change.case if change else case
        elif case.state == "unacknowledged":
            case = seen(case, now)
        assert COLORS.index(case.color) >= COLORS.index(before.color)
        assert case.version >= before.version
        assert (
            case.state != before.state
            or case.color == before.color
            or case.version > before.version
        )
        if case.state == "unacknowledged" and case.color != "red":
            assert case.due_at is not None
        assert {reason.code for reason in before.reasons} <= {r.code for r in case.reasons}
