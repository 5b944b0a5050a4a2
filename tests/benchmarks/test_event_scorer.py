"""Alerts are scored against truth as the rules say; every figure here was counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.events.alarms import Alarm
from benchmarks.events.rules import Rules, Xyxy, is_at
from benchmarks.events.score import Judged, judge, score
from benchmarks.events.tally import Cell, tally
from benchmarks.events.truth import Clip, Event, Moment, Scenario, Thing
from benchmarks.events.words import of_false_alarm, of_miss

PLACE = (600.0, 400.0, 660.0, 440.0)
ELSEWHERE = (100.0, 100.0, 160.0, 140.0)
BAG = Event("dumping", True, 10.0, 60.0, ("man", "bag"), PLACE, 0.3, "A bag stays at the gate.")
CREW = Event("dumping", False, 5.0, 90.0, ("crew",), ELSEWHERE, 0.0, "The crew does its job.")
RULES = Rules()
"""Dumping: 60 s of dwell and 60 s more."""


def clip(*events: Event, name: str = "gate", moments: tuple[Moment, ...] = ()) -> Clip:
    return Clip(
        name=name,
        scenarios=("dumping",),
        light="night",
        background="composed",
        seconds=1800.0,
        began_at=datetime(2026, 3, 4, tzinfo=UTC),
        wh=(1280, 720),
        events=events,
        moments=moments,
    )


def alarm(t_s: float, xyxy: Xyxy | None = PLACE, carrier: str = "") -> Alarm:
    return Alarm("dumping", t_s, xyxy, carrier=carrier)


def judged(events: Sequence[Event], alarms: Sequence[Alarm]) -> Judged:
    return judge(clip(*events), "dumping", alarms, RULES)


def cell(*judged: Judged) -> Cell:
    (only,) = tally(judged)
    return only


def test_found() -> None:
    """An alert in time and at the place is the event's, and its delay counts from the deed."""
    only = cell(judged([BAG], [alarm(82.0)]))
    assert (only.events, only.found, only.alarms, only.false_alarms) == (1, 1, 1, 0)
    assert (only.recall, only.precision, only.delay_median_s) == (1.0, 1.0, 72.0)
    assert only.hours == 0.5
    assert only.false_per_hour == 0.0


@pytest.mark.parametrize(
    ("t_s", "found"),
    [
        pytest.param(9.9, 0, id="before the deed"),
        pytest.param(10.0, 1, id="with the deed"),
        pytest.param(180.0, 1, id="at the end of grace"),
        pytest.param(180.1, 0, id="too late"),
    ],
)
def test_time(t_s: float, found: int) -> None:
    """An alert counts from the deed until dwell and a minute after its end; else it is false."""
    only = cell(judged([BAG], [alarm(t_s)]))
    assert (only.found, only.false_alarms) == (found, 1 - found)


@pytest.mark.parametrize(
    ("region", "at"),
    [
        pytest.param((610.0, 405.0, 655.0, 445.0), True, id="on it"),
        pytest.param((560.0, 340.0, 700.0, 460.0), True, id="around it, IoU 0.14"),
        pytest.param((640.0, 430.0, 644.0, 434.0), True, id="a small part of it"),
        pytest.param((675.0, 400.0, 685.0, 440.0), True, id="beside it, within half its size"),
        pytest.param((690.0, 400.0, 720.0, 440.0), False, id="a size of its own away"),
        pytest.param((0.0, 0.0, 1280.0, 720.0), False, id="the whole picture"),
        pytest.param(None, True, id="no box told"),
    ],
)
def test_place(region: Xyxy | None, at: bool) -> None:
    """A region is at a place by overlap, or by its middle where it is no larger."""
    assert is_at(region, PLACE) is at


def test_two_alerts_on_one_event() -> None:
    """The earlier is the event's, the later a duplicate: no false alarm, yet not precise."""
    only = cell(judged([BAG], [alarm(100.0), alarm(80.0)]))
    assert (only.found, only.duplicates, only.false_alarms) == (1, 1, 0)
    assert (only.precision, only.delays_s) == (0.5, (70.0,))


def test_one_alert_for_two_events() -> None:
    """One alert finds one event, however many it may be."""
    other = replace(BAG, begin_s=12.0)
    result = judged([BAG, other], [alarm(80.0)])
    assert [hit.event for hit in result.hits] == [BAG]
    assert [miss.event for miss in result.misses] == [other]


def test_as_many_pairs_as_can_be() -> None:
    """An alert that overlaps two events leaves the one that another alert needs."""
    near = replace(BAG, begin_s=12.0, place_xyxy=(640.0, 400.0, 700.0, 440.0))
    both, first_only = alarm(80.0, (612.0, 400.0, 672.0, 440.0)), alarm(90.0, PLACE)
    at_end = alarm(95.0, (575.0, 400.0, 610.0, 440.0))
    assert len(judged([BAG, near], [both, first_only]).hits) == 2
    result = judged([BAG, near], [both, at_end])
    assert {hit.event.begin_s: hit.alarm.t_s for hit in result.hits} == {10.0: 95.0, 12.0: 80.0}


def test_hard_negative() -> None:
    """An alert on what only looks like an offence is false, and named to it."""
    result = judged([BAG, CREW], [alarm(30.0, ELSEWHERE), alarm(40.0, ELSEWHERE)])
    assert [wrong.negative for wrong in result.false_alarms] == [CREW, CREW]
    only = cell(result)
    assert (only.false_alarms, only.negatives, only.negatives_hit) == (2, 1, 1)
    assert only.false_per_hour == 4.0


def test_what_alerts_claim() -> None:
    """Counted together where they claim alike; a second alert is as wrong as a false one."""
    bag = alarm(80.0)
    told = [
        replace(bag, confidence=0.95),
        replace(bag, t_s=90.0, confidence=0.9),
        replace(bag, t_s=40.0, xyxy=ELSEWHERE, confidence=0.5),
    ]
    only = cell(judged([BAG], told))
    claims = [(claim.claimed, claim.alarms, claim.right) for claim in only.claims]
    assert claims == [(0.5, 1, 0), (pytest.approx(0.925), 2, 1)]
    assert only.confidence == pytest.approx((0.95 + 0.9 + 0.5) / 3)
    assert cell(judged([BAG], [])).confidence is None


def test_no_clips() -> None:
    """Nothing judged is no cell, and no error."""
    assert score([], {}, RULES) == ()
    assert tally([]) == ()


def test_zero_hours() -> None:
    """A clip without length has no rate, but counts."""
    empty = replace(clip(), seconds=0.0)
    only = cell(judge(empty, "dumping", [alarm(0.0)], RULES))
    assert (only.false_alarms, only.hours) == (1, 0.0)
    assert only.false_per_hour is None
    assert only.false_per_hour_interval is None
    assert only.recall is None
    assert only.delay_p90_s is None


def test_strangers() -> None:
    """Alerts of a clip that is not there are not passed over in silence."""
    with pytest.raises(ValueError, match="'yard', which is no clip"):
        score([clip(BAG)], {"yard": []}, RULES)


def test_other_scenario() -> None:
    """An alert of another scenario neither finds the event nor counts in its cell."""
    other = Alarm("charging", 80.0, PLACE)
    both: tuple[Scenario, ...] = ("charging", "dumping")
    charging, dumping = score([replace(clip(BAG), scenarios=both)], {"gate": [other]}, RULES)
    assert (charging.alarms, dumping.alarms, len(dumping.misses)) == (1, 0, 1)
    assert dumping.misses[0].nearest is None


def test_composed_and_real_never_share_a_cell() -> None:
    """The same scenario and light in drawn streets and in real footage are two cells."""
    real = replace(clip(BAG, name="real"), background="real")
    day = replace(clip(BAG, name="day"), light="day")
    cells = tally(score([clip(BAG), real, day], {"gate": [alarm(80.0)]}, RULES))
    assert [(one.background, one.light, one.found, one.events) for one in cells] == [
        ("composed", "day", 0, 1),
        ("composed", "night", 1, 1),
        ("composed", "all", 1, 2),
        ("real", "night", 0, 1),
    ]


@pytest.mark.parametrize(
    ("carrier", "wrong"),
    [
        pytest.param("person", False, id="who did it"),
        pytest.param("truck", True, id="who did not"),
        pytest.param("unknown", False, id="says that it knows not"),
        pytest.param("", False, id="does not say"),
    ],
)
def test_carrier(carrier: str, wrong: bool) -> None:
    """An alert that names a carrier of another kind than any party is an identity error."""
    man = Thing("man", "person", "person", "walks", (560.0, 300.0, 600.0, 440.0))
    truck = Thing("parked", "truck", "truck", "stands", (0.0, 0.0, 90.0, 90.0))
    here = clip(BAG, moments=(Moment(10.0, (man, truck)),))
    only = cell(judge(here, "dumping", [alarm(80.0, carrier=carrier)], RULES))
    assert (only.found, only.wrong_carriers) == (1, int(wrong))


def test_delays() -> None:
    """Median and ninetieth percentile are of the events found."""
    events = [replace(BAG, begin_s=float(k), end_s=60.0) for k in range(5)]
    clips = [clip(event, name=str(k)) for k, event in enumerate(events)]
    raised = {str(k): [alarm(k + 10.0 * (k + 1))] for k in range(5)}
    only = cell(*score(clips, raised, RULES))
    assert only.delays_s == (10.0, 20.0, 30.0, 40.0, 50.0)
    assert only.delay_median_s == 30.0
    assert only.delay_p90_s == pytest.approx(46.0)


@pytest.mark.parametrize(
    ("alarms", "says"),
    [
        pytest.param([], "No alert.", id="none"),
        pytest.param(
            [alarm(5.9, (812.0, 400.0, 872.0, 440.0))],
            "No alert; the nearest was 4.1 s early, 212 px away.",
            id="early and aside",
        ),
        pytest.param(
            [alarm(190.0)], "No alert; the nearest was 10.0 s late, at the place.", id="late"
        ),
        pytest.param(
            [alarm(5.0), alarm(80.0, (600.0, 600.0, 660.0, 640.0))],
            "No alert; the nearest was in time, 200 px away.",
            id="time goes before place",
        ),
    ],
)
def test_why_missed(alarms: Sequence[Alarm], says: str) -> None:
    """A miss tells how near the nearest alert came."""
    (miss,) = judged([BAG], alarms).misses
    assert of_miss(miss, RULES) == says


def test_why_false() -> None:
    """A false alarm tells what truly was there."""
    bike = Thing("bike", "e-bike", "e-bike", "stands", (100.0, 100.0, 150.0, 150.0))
    rope = Thing("rope", "rope", "", "hangs", (140.0, 60.0, 150.0, 120.0))
    away = Thing("car", "car", "car", "stands", (900.0, 400.0, 1000.0, 500.0))
    hidden = Thing("bag", "bag", "waste", "stands", None)
    here = clip(BAG, CREW, moments=(Moment(30.0, (away, bike, rope, hidden)),))
    raised = [alarm(30.0, ELSEWHERE), alarm(400.0, (60.0, 500.0, 90.0, 530.0)), alarm(200.0)]
    first, late, nothing = judge(here, "dumping", raised, RULES).false_alarms
    assert of_false_alarm(first, RULES) == (
        "A parked e-bike and a rope were there. Only looks like one: The crew does its job."
    )
    assert of_false_alarm(late, RULES) == (
        "Nothing of the cast was there. An offence there was over 20.0 s before."
    )
    assert of_false_alarm(nothing, RULES) == "Nothing of the cast was there."
