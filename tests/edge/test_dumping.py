"""Contact, departure and stay: each must hold, and without any one of them nothing is raised."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import numpy as np
import pytest

from edge.config import DumpingConfig
from edge.ids import uuid7
from edge.scenarios.dumping import Dumping
from edge.scenarios.dumping_extent import confidence, urgency
from edge.scenarios.finding import Finding
from edge.scenarios.night import Night
from edge.site import Hours
from edge.video.frame import Frame
from edge.vision.boxes import Floats
from edge.vision.scene import Box, Looks, Scene, Thing, Track
from wire import DumpingFacts, Position

START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
BAG: Box = (105, 170, 130, 200)
DROPPED_S, STEP_S, STAY_S = 3.0, 0.1, 10.0
PIXELS = np.zeros((300, 400, 3), np.uint8)

THING = Thing(
    thing_id=1,
    xyxy=BAG,
    appeared_s=DROPPED_S,
    calm_since_s=DROPPED_S,
    visible=True,
    detached=True,
    area_px=600,
    newness=0.8,
    texture_kept=0.0,
    looks=Looks(),
)


def walker(left: float, track_id: int = 1, top: float = 100, since_s: float = 0.0) -> Track:
    box = (left, top, left + 40, top + 100)
    return Track(track_id, box, "unknown", since_s, 0.0, 100.0, 0.0, seen=True)


Cast = Callable[[float], tuple[list[Track], list[Thing]]]
NOBODY = np.empty((0, 4), np.float32)


def play(
    cast: Cast, seconds: float = 40, seam_s: float | None = None, people: Floats = NOBODY
) -> list[Finding]:
    """Every finding of a story told scene by scene."""
    dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, CHINA), uuid7)
    scenes = told(cast, seconds, seam_s, people)
    return [finding for scene in scenes for finding in dumping.evaluate(scene)]


def told(cast: Cast, seconds: float, seam_s: float | None, people: Floats) -> Iterable[Scene]:
    for k in range(round(seconds / STEP_S)):
        now_s = k * STEP_S
        tracks, things = cast(now_s)
        seam = seam_s is not None and abs(now_s - seam_s) < STEP_S / 2
        frame = Frame(PIXELS, START + timedelta(seconds=now_s), now_s, k, seam)
        yield Scene(frame, people, True, tuple(tracks), tuple(things))


def facts_of(finding: Finding) -> DumpingFacts:
    assert isinstance(finding.facts, DumpingFacts)
    return finding.facts


def passes(now_s: float) -> list[Track]:
    """Walks by from left to right, at the bag's place when it appears; gone at 10 s."""
    return [walker(65 + 35 * (now_s - DROPPED_S))] if now_s < 10 else []


def standing(now_s: float, thing: Thing = THING) -> list[Thing]:
    return [thing] if now_s >= DROPPED_S + 1.3 else []


def whole(now_s: float) -> tuple[list[Track], list[Thing]]:
    return passes(now_s), standing(now_s)


def test_raised_once_and_in_time() -> None:
    """Brought, left and staying: one alert, ten seconds after the departure, with its facts."""
    (finding,) = play(whole)
    facts = facts_of(finding)
    assert finding.phase == "opened"
    assert finding.xyxy == BAG
    assert facts.contact_at < facts.departed_at
    assert facts.stayed_s == pytest.approx(STAY_S, abs=0.2)
    assert (facts.carrier, facts.carrier_track) == ("unknown", 1)
    contact_s = (facts.contact_at - START).total_seconds()
    departed_s = (facts.departed_at - START).total_seconds()
    assert contact_s == pytest.approx(DROPPED_S + 0.7, abs=0.3)
    assert DROPPED_S + 2 < departed_s < DROPPED_S + 5


def nobody(now_s: float) -> tuple[list[Track], list[Thing]]:
    return [], standing(now_s)


def elsewhere(now_s: float) -> tuple[list[Track], list[Thing]]:
    return [walker(track.xyxy[0], top=-20) for track in passes(now_s)], standing(now_s)


def too_late(now_s: float) -> tuple[list[Track], list[Thing]]:
    return [walker(-100 + 35 * (now_s - DROPPED_S))], standing(now_s)


def stays_beside(now_s: float) -> tuple[list[Track], list[Thing]]:
    return [walker(min(65 + 35 * (now_s - DROPPED_S), 120))], standing(now_s)


def one_of_two_stays(now_s: float) -> tuple[list[Track], list[Thing]]:
    return [*passes(now_s), walker(62, track_id=2)], standing(now_s)


def steps_aside(now_s: float) -> tuple[list[Track], list[Thing]]:
    return [walker(min(65 + 35 * (now_s - DROPPED_S), 160))], standing(now_s)


def became_it(now_s: float) -> tuple[list[Track], list[Thing]]:
    person = replace(THING, xyxy=(80.0, 100.0, 120.0, 200.0))
    return [walker(min(-40 + 40 * now_s, 80))][: now_s < 6], standing(now_s, person)


def taken_back(now_s: float) -> tuple[list[Track], list[Thing]]:
    return passes(now_s), standing(now_s) if now_s < DROPPED_S + 9 else []


def fidgets(now_s: float) -> tuple[list[Track], list[Thing]]:
    restless = replace(THING, calm_since_s=max(DROPPED_S, now_s - now_s % 6))
    return passes(now_s), standing(now_s, restless)


def hidden(now_s: float) -> tuple[list[Track], list[Thing]]:
    return passes(now_s), standing(now_s, replace(THING, visible=now_s < 6 or now_s % 5 < 1))


def born_with_it(now_s: float) -> tuple[list[Track], list[Thing]]:
    shadow = replace(walker(100, since_s=DROPPED_S), traveled_px=2.0)
    return [shadow] if DROPPED_S <= now_s < 8 else [], standing(now_s)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(nobody, id="no contact: nobody was there"),
        pytest.param(elsewhere, id="no contact: someone passed at another depth"),
        pytest.param(too_late, id="no contact: someone came by only afterwards"),
        pytest.param(born_with_it, id="no contact: the only track began with the thing"),
        pytest.param(stays_beside, id="no departure: the carrier stays beside it"),
        pytest.param(steps_aside, id="no departure: the carrier is less than its width away"),
        pytest.param(one_of_two_stays, id="no departure: one of two stays"),
        pytest.param(became_it, id="no departure: someone stopped and stands there himself"),
        pytest.param(taken_back, id="no stay: taken back"),
        pytest.param(fidgets, id="no stay: its look changes again and again"),
        pytest.param(hidden, id="no stay: hidden for most of it"),
    ],
)
def test_one_fact_missing(story: Cast) -> None:
    """Without contact, departure or stay nothing is raised."""
    assert not play(story)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"newness": 0.4}, id="bared ground"),
        pytest.param({"texture_kept": 0.9}, id="a patch of light"),
        pytest.param(
            {"looks": Looks(5, person=0.6), "xyxy": (90, 120, 130, 200), "area_px": 2000},
            id="a person to the detector",
        ),
        pytest.param({"looks": Looks(5, vehicle=0.8)}, id="a vehicle to the detector"),
        pytest.param({"detached": False}, id="a part of someone who stands there"),
    ],
)
def test_no_thing(change: dict[str, object]) -> None:
    """What is no thing of its own is not raised, though all three facts hold."""
    thing = replace(THING, **change)  # type: ignore[arg-type]  # rows of one test differ in type
    assert not play(lambda now_s: (passes(now_s), standing(now_s, thing)))


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((85, 100, 125, 200), id="where the carrier touched, its track stolen"),
        pytest.param((95, 100, 140, 205), id="before the thing"),
    ],
)
def test_person_in_the_place(box: Box) -> None:
    """While the detector sees a person stand there, nothing is raised."""
    assert not play(whole, people=np.array([box], np.float32))


def test_slight_thing_is_no_person() -> None:
    """What is far smaller than who left it is raised, though the detector takes it for a person."""
    bag = replace(THING, looks=Looks(5, person=0.7))

    def known(now_s: float) -> tuple[list[Track], list[Thing]]:
        return [replace(t, label="person") for t in passes(now_s)], standing(now_s, bag)

    assert len(play(known)) == 1


def test_lost_over_what_is_waste() -> None:
    """A carrier whose track ends over its own pile has not become what the detector calls waste."""
    pile = replace(THING, xyxy=(80.0, 100.0, 120.0, 200.0), area_px=3000)

    def lost(now_s: float) -> tuple[list[Track], list[Thing]]:
        looks = Looks(2, waste=1.0) if now_s > 8 else Looks()
        tracks, _ = became_it(now_s)
        return tracks, standing(now_s, replace(pile, looks=looks))

    assert len(play(lost)) == 1


def test_who_passes_later_does_not_restart_the_stay() -> None:
    """A walker who comes by while it stands delays nothing."""

    def busy(now_s: float) -> tuple[list[Track], list[Thing]]:
        later = [walker(-200 + 40 * (now_s - 8), track_id=7, since_s=8)] if now_s > 8 else []
        return [*passes(now_s), *later], standing(now_s)

    (finding,) = play(busy)
    assert facts_of(finding).carrier_track == 1


def test_one_load_one_alert() -> None:
    """Two bags put down together by one carrier are one alert."""
    second = replace(THING, thing_id=2, xyxy=(135.0, 175.0, 160.0, 202.0))

    def load(now_s: float) -> tuple[list[Track], list[Thing]]:
        return passes(now_s), [*standing(now_s), *standing(now_s, second)]

    assert len(play(load)) == 1


@pytest.mark.parametrize("seam_s", [3.9, 6.0, 12.0])
def test_seam(seam_s: float) -> None:
    """What happened before the source began anew proves nothing about what stands after it."""
    assert not play(whole, seam_s=seam_s)


def test_unsettled_scenes_decide_nothing() -> None:
    """While the eye does not trust itself, nothing is raised."""
    dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, CHINA), uuid7)
    scenes = (replace(scene, settled=False) for scene in told(whole, 40, None, NOBODY))
    assert not [finding for scene in scenes for finding in dumping.evaluate(scene)]


@pytest.mark.parametrize(
    ("position", "moment", "night"),
    [
        pytest.param(None, "2026-11-20T23:30:00+08:00", True, id="by the clock, late"),
        pytest.param(None, "2026-11-20T05:59:00+08:00", True, id="by the clock, early"),
        pytest.param(None, "2026-11-20T06:00:00+08:00", False, id="by the clock, morning"),
        pytest.param((31.2, 121.5), "2026-11-20T18:00:00+08:00", True, id="Shanghai after dusk"),
        pytest.param((31.2, 121.5), "2026-06-20T18:00:00+08:00", False, id="Shanghai in June"),
        pytest.param((78.2, 15.6), "2026-06-20T23:30:00+02:00", False, id="midnight sun"),
    ],
)
def test_night(position: tuple[float, float] | None, moment: str, *, night: bool) -> None:
    """Night is the sun's where the place is known, the clock's elsewhere."""
    here = position and Position(latitude_deg=position[0], longitude_deg=position[1])
    assert Night(here, CHINA).at(datetime.fromisoformat(moment)) is night


@pytest.mark.parametrize(
    ("moment", "night"), [("2026-06-20T19:59:00+08:00", False), ("2026-06-20T20:00:00+08:00", True)]
)
def test_a_site_has_its_own_night(moment: str, *, night: bool) -> None:
    """Its hours go before the sun's."""
    here = Position(latitude_deg=31.2, longitude_deg=121.5)
    hours = Hours(since=time(20), until=time(5))
    assert Night(here, CHINA, hours).at(datetime.fromisoformat(moment)) is night


def test_confidence_follows_the_evidence() -> None:
    """What the detector calls waste is surer than what it knows nothing of; always 0 to 1."""
    plain, waste = THING, replace(THING, looks=Looks(8, waste=1.0))
    faint, doubtful = replace(THING, newness=0.53), replace(THING, looks=Looks(8, person=0.25))
    ordered = [confidence(thing) for thing in (doubtful, plain, waste)]
    assert ordered == sorted(ordered)
    assert confidence(faint) < confidence(plain)
    assert all(0 <= value <= 1 for value in ordered)


def test_urgency_orders_the_queue() -> None:
    """Night, size and what makes it worse go first; always 0 to 9."""
    facts = facts_of(play(whole)[0]).model_copy(update={"night": False})
    worse: list[dict[str, object]] = [
        {"night": True},
        {"load": "heap"},
        {"builders_waste": True},
        {"earlier": 2},
    ]
    for more in worse:
        assert urgency(facts) < urgency(facts.model_copy(update=more))
    worst = facts.model_copy(update={"night": True, "load": "truckload", "border": True})
    assert urgency(facts) < urgency(worst) <= 9
