"""What a place makes of a dumping, what becomes of one, and what all but was one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from edge.config import DumpingConfig
from edge.ids import uuid7
from edge.scenarios.dumping import Dumping
from edge.scenarios.finding import Finding, NearMiss
from edge.scenarios.night import Night
from edge.site import SiteFile
from edge.vision.boxes import Floats
from edge.vision.scene import Looks, Parked, Thing, Track
from tests.edge.test_dumping import (
    BAG,
    CHINA,
    NOBODY,
    START,
    STAY_S,
    THING,
    Cast,
    facts_of,
    passes,
    standing,
    stays_beside,
    taken_back,
    told,
    walker,
    whole,
)

FRAME_WH = (400, 300)
AROUND_BAG = ((95, 160), (145, 160), (145, 210), (95, 210))
ELSEWHERE = ((200, 160), (300, 160), (300, 210), (200, 210))
GROUND = [
    {"pixel": (x, y), "metres": (x / 50, y / 50)}
    for x, y in ((0, 100), (400, 100), (400, 300), (0, 300))
]


def site(**areas: Any) -> SiteFile:
    return SiteFile.model_validate(
        {"site_id": "yard-7", "name": "七号院", "frame_wh": FRAME_WH, **areas}
    )


def zone(kind: str, polygon: tuple[tuple[int, int], ...] = AROUND_BAG) -> dict[str, object]:
    return {"name": kind, "kind": kind, "polygon": polygon}


def point(*hours: tuple[str, str]) -> dict[str, object]:
    opened = [{"from": since, "until": until} for since, until in hours]
    return {"name": "3 号投放点", "polygon": AROUND_BAG, "hours": opened}


def play(
    cast: Cast,
    seconds: float = 40,
    here: SiteFile | None = None,
    vehicles: Callable[[float], Floats] = lambda now_s: NOBODY,
) -> tuple[list[Finding], list[NearMiss]]:
    """Every finding and near miss of a story; the seam at its end ends what is open."""
    dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, CHINA), uuid7, here)
    found = []
    for scene in told(cast, seconds, seconds - 0.1, NOBODY):
        now = scene.frame.monotonic_s
        found += dumping.evaluate(replace(scene, vehicles=vehicles(now)))
    return found, dumping.near_misses()


def test_place_makes_it_worse() -> None:
    """Border, area and load by the measured ground, each with its reason in both languages."""
    (finding,), _ = play(whole, here=site(zone=[zone("border")], ground=GROUND))
    facts = facts_of(finding)
    assert facts.border
    assert facts.area_m2 == pytest.approx(600 / 50**2, abs=0.01)
    assert facts.load == "item"
    said = [reason.en for reason in finding.reasons]
    assert "It measures about 0.2 m²: a single item" in said
    assert "It lies in a border zone" in said
    assert "It has stayed 10 s since; the limit is 10 s" in said
    assert "位于交界地带" in [reason.zh for reason in finding.reasons]


@pytest.mark.parametrize(
    ("hours", "closed_point"),
    [
        pytest.param([("06:00", "09:30")], "3 号投放点", id="closed"),
        pytest.param([("06:00", "23:30:02")], "3 号投放点", id="closed just before it was brought"),
    ],
)
def test_a_closed_point_is_dumping(hours: list[tuple[str, str]], closed_point: str) -> None:
    """Outside its hours a collection point is a place like any other, and is named."""
    (finding,), missed = play(whole, here=site(collection=[point(*hours)]))
    assert facts_of(finding).closed_point == closed_point
    assert not missed


@pytest.mark.parametrize(
    ("hours", "until"),
    [
        pytest.param([("22:00", "01:00")], "open until 01:00", id="open"),
        pytest.param([], "always open", id="without hours"),
        pytest.param([("06:00", "23:30:08")], "open until 23:30", id="open when it was brought"),
    ],
)
def test_an_open_point_is_none(hours: list[tuple[str, str]], until: str) -> None:
    """What is brought while it is open is no dumping, and a near miss says so."""
    found, (missed,) = play(whole, here=site(collection=[point(*hours)]))
    assert not found
    assert missed.code == "open-point"
    assert missed.why.en == f"lies in the collection point 3 号投放点, {until}"


@pytest.mark.parametrize(
    ("zones", "alerts"),
    [
        pytest.param([zone("watch")], 1, id="in the watched zone"),
        pytest.param([zone("watch", ELSEWHERE)], 0, id="outside it"),
        pytest.param([zone("ignore")], 0, id="in an ignored zone"),
    ],
)
def test_watched(zones: list[dict[str, object]], alerts: int) -> None:
    """Only what stands where it is watched counts; elsewhere it is a near miss."""
    found, missed = play(whole, here=site(zone=zones))
    assert len(found) == alerts
    assert [miss.code for miss in missed] == ["not-watched"] * (1 - alerts)


@pytest.mark.parametrize(
    ("label", "area_px", "load"),
    [
        pytest.param("unknown", 1500, "item", id="a bag beside a walker"),
        pytest.param("person", 3600, "heap", id="as large as who brought it"),
        pytest.param("vehicle", 2400, "truckload", id="half of the vehicle that brought it"),
    ],
)
def test_load_by_its_carrier(label: str, area_px: int, load: str) -> None:
    """Without a measured ground, the carrier is the measure."""
    thing = replace(THING, area_px=area_px, xyxy=(100.0, 140.0, 145.0, 220.0))

    def brought(now_s: float) -> tuple[list[Track], list[Thing]]:
        return [replace(t, label=label) for t in passes(now_s)], standing(now_s, thing)

    found, _ = play(brought)
    assert facts_of(found[0]).load == load


def test_builders_waste() -> None:
    """What the detector calls bulky in a third of its looks."""
    thing = replace(THING, looks=Looks(6, waste=1.0, bulky=0.5))
    (finding,), _ = play(lambda now_s: (passes(now_s), standing(now_s, thing)))
    assert facts_of(finding).builders_waste


def sized(now_s: float, sizes: dict[float, int]) -> list[Thing]:
    """The bag with the area that it has since the last of some times; 0 is gone."""
    area_px = [area for since_s, area in sizes.items() if since_s <= now_s][-1]
    return standing(now_s, replace(THING, area_px=area_px)) if area_px else []


@pytest.mark.parametrize(
    ("sizes", "told_at"),
    [
        pytest.param({0: 600, 30: 650}, {}, id="a tenth more is nothing"),
        pytest.param({0: 600, 100: 800}, {"updated": 103}, id="a third more, after three seconds"),
        pytest.param({0: 700, 20: 500}, {"updated": 77}, id="a part taken, not within a minute"),
        pytest.param({0: 600, 50: 900, 52: 600}, {}, id="a flicker"),
        pytest.param({0: 600, 90: 0}, {"closed": 94}, id="gone, after four seconds"),
        pytest.param({0: 600, 90: 0, 92: 600}, {}, id="out of sight for a moment"),
    ],
)
def test_what_becomes_of_it(sizes: dict[float, int], told_at: dict[str, float]) -> None:
    """Revisions of the same finding, numbered on, each with its reason first."""
    found, missed = play(lambda now_s: (passes(now_s), sized(now_s, sizes)), seconds=200)
    opened, *later = found
    assert opened.phase == "opened"
    assert {f.phase: (f.finding_id, f.revision) for f in later} == {
        phase: (opened.finding_id, k) for k, phase in enumerate(told_at, 1)
    }
    for finding, at_s in zip(later, told_at.values(), strict=True):
        since = facts_of(finding).departed_at - START
        told_s = since.total_seconds() + facts_of(finding).stayed_s
        gone = finding.phase == "closed"
        assert told_s == pytest.approx(at_s - 4 if gone else at_s, abs=1)
        assert len(finding.reasons) == len(opened.reasons) + 1
    assert not missed


def test_closing_says_when_it_went() -> None:
    """The stay ends with the thing, and its size is what it was."""
    (_, closed), _ = play(lambda now_s: (passes(now_s), sized(now_s, {0: 600, 90: 0})), 120)
    facts = facts_of(closed)
    went = facts.departed_at + timedelta(seconds=facts.stayed_s)
    assert (went - START).total_seconds() == pytest.approx(90, abs=0.2)
    assert facts.area_px == 600
    assert closed.reasons[0].en.startswith("It is gone, after ")


def test_found_again_it_is_the_same() -> None:
    """What the eye lost, behind a truck or by beginning anew, is neither gone nor another."""
    again = replace(THING, thing_id=7, appeared_s=55.0, calm_since_s=55.0)

    def behind_a_truck(now_s: float) -> tuple[list[Track], list[Thing]]:
        if now_s < 50:
            return passes(now_s), standing(now_s, replace(THING, visible=now_s < 20))
        return [], [again] if 56 <= now_s < 130 else []

    opened, closed = play(behind_a_truck, 150)[0]
    assert (opened.phase, closed.phase) == ("opened", "closed")
    assert closed.finding_id == opened.finding_id


def test_a_second_load_is_an_update() -> None:
    """What another carrier puts to a heap makes it larger, not another alert."""
    more = replace(THING, thing_id=2, appeared_s=83.0, calm_since_s=83.0, xyxy=(130, 170, 160, 200))

    def comes_again(now_s: float) -> tuple[list[Track], list[Thing]]:
        second = [walker(65 + 35 * (now_s - 83), track_id=5, since_s=80)] if now_s > 80 else []
        things = [*standing(now_s), *([more] if now_s > 84 else [])]
        return [*passes(now_s), *second[: now_s < 90]], things

    opened, updated = play(comes_again, 130)[0]
    assert (opened.phase, updated.phase) == ("opened", "updated")
    assert updated.finding_id == opened.finding_id
    assert facts_of(updated).area_px == 1200
    assert updated.xyxy == (105, 170, 160, 200)
    assert updated.reasons[0].en == "It has grown to 2.0 times its size"


def test_a_repeated_place_is_told() -> None:
    """What comes to a place where something was raised and has gone is another alert."""
    second = replace(THING, thing_id=2, appeared_s=63.0, calm_since_s=63.0)

    def again(now_s: float) -> tuple[list[Track], list[Thing]]:
        if now_s < 60:
            return passes(now_s), standing(now_s) if now_s < 40 else []
        later = now_s - 60
        tracks = [replace(t, track_id=9, since_s=60.0) for t in passes(later)]
        return tracks, standing(later, second)

    found, _ = play(again, 100)
    assert [finding.phase for finding in found] == ["opened", "closed", "opened"]
    assert [facts_of(finding).earlier for finding in found] == [0, 0, 1]
    assert found[0].finding_id != found[2].finding_id


def nobody(now_s: float) -> tuple[list[Track], list[Thing]]:
    return [], standing(now_s)


def crumb(now_s: float) -> tuple[list[Track], list[Thing]]:
    return passes(now_s), standing(now_s, replace(THING, area_px=24, xyxy=(105, 192, 111, 198)))


def person_like(now_s: float) -> tuple[list[Track], list[Thing]]:
    large = replace(THING, xyxy=(90, 120, 130, 200), area_px=2000, looks=Looks(5, person=0.6))
    return passes(now_s), standing(now_s, large)


def patch_of_light(now_s: float) -> tuple[list[Track], list[Thing]]:
    return passes(now_s), standing(now_s, replace(THING, newness=0.55))


@pytest.mark.parametrize(
    ("story", "code", "said", "lacking"),
    [
        pytest.param(taken_back, "stay-too-short", "stayed 5 of 10 s", 0.5, id="taken back"),
        pytest.param(nobody, "nobody", "nobody was there when it appeared", 1, id="nobody"),
        pytest.param(
            stays_beside,
            "carrier-stays",
            "the carrier still stands there, 0 of 40 px away",
            1,
            id="its carrier stays",
        ),
        pytest.param(crumb, "tiny", "measures about 48 of 60 cm²", 0.2, id="a crumb"),
        pytest.param(
            patch_of_light,
            "faint",
            "its outline is faint and the detector does not know it: 0.50 sure, not 0.55",
            0.1,
            id="a patch of light",
        ),
        pytest.param(
            person_like,
            "looks-like-person",
            "looks like a person in 60% of 5 looks",
            0.43,
            id="a person",
        ),
    ],
)
def test_near_misses(story: Cast, code: str, said: str, lacking: float) -> None:
    """Told once, when it is over, with the one condition that failed."""
    found, (missed,) = play(story)
    assert not found
    assert (missed.scenario, missed.code, missed.why.en) == ("dumping", code, said)
    assert missed.lacking == pytest.approx(lacking, abs=0.1)


def test_two_failures_are_no_near_miss() -> None:
    """What nobody brought and did not stay came close to nothing."""
    assert play(lambda now_s: ([], standing(now_s) if now_s < 8 else [])) == ([], [])


@pytest.mark.parametrize(
    ("vehicle", "alerts"),
    [
        pytest.param(lambda now_s: now_s >= 2, 0, id="came with it and stands there"),
        pytest.param(lambda now_s: now_s >= 0, 1, id="stood there before it was brought"),
        pytest.param(lambda now_s: 1 <= now_s < 6, 1, id="brought it and has gone"),
        pytest.param(lambda now_s: now_s >= 9, 1, id="came later"),
        pytest.param(lambda now_s: 5 <= now_s < 6, 1, id="drove through"),
    ],
)
def test_parts_of_a_parked_vehicle(vehicle: Callable[[float], bool], alerts: int) -> None:
    """What came with a vehicle that stands there belongs to it."""
    left, top, right, bottom = BAG
    bike = np.array([(left - 60, top - 40, right + 5, bottom + 5)], np.float32)
    late = replace(THING, appeared_s=27.0, calm_since_s=27.0)

    def parked(now_s: float) -> tuple[list[Track], list[Thing]]:
        return passes(now_s - 24), standing(now_s - 24, late)

    began_s = 0 if vehicle(0) else 24
    found, missed = play(
        parked, 60, vehicles=lambda now_s: bike if vehicle(now_s - began_s) else NOBODY
    )
    assert len(found) == alerts
    assert [miss.code for miss in missed] == ["of-a-vehicle"] * (1 - alerts)


@pytest.mark.parametrize(("gap_px", "alerts"), [(-5, 0), (-14, 0), (-26, 1)])
def test_the_shadow_of_a_parked_vehicle_lies_beside_it(gap_px: int, alerts: int) -> None:
    """To a tenth of its height; what reaches farther has been left there."""
    left, top, right, bottom = BAG
    bike = np.array([(left - 60, top - 70, right + 5, bottom + gap_px)], np.float32)
    late = replace(THING, appeared_s=27.0, calm_since_s=27.0)
    found, _ = play(
        lambda now_s: (passes(now_s - 24), standing(now_s - 24, late)),
        60,
        vehicles=lambda now_s: bike if now_s >= 26 else NOBODY,
    )
    assert len(found) == alerts


def test_a_parked_bike_that_the_detector_overlooks() -> None:
    """What is known to stand keeps its parts, though the whole picture shows no bike for long."""
    left, top, right, bottom = BAG
    bike = (left - 60.0, top - 40.0, right + 5.0, bottom + 5.0)
    known = Parked(1, bike, "bicycle", since_s=26.0, stood_s=10.0)
    late = replace(THING, appeared_s=27.0, calm_since_s=27.0)
    dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, CHINA), uuid7)

    def cast(now_s: float) -> tuple[list[Track], list[Thing]]:
        return passes(now_s - 24), standing(now_s - 24, late)

    for scene in told(cast, 60, 59.9, NOBODY):
        now_s = scene.frame.monotonic_s
        seen = np.array([bike]) if 25 <= now_s < 28 else NOBODY
        parked = (known,) if now_s >= 28 else ()
        assert not dumping.evaluate(replace(scene, vehicles=seen, parked=parked))
    assert [miss.code for miss in dumping.near_misses()] == ["of-a-vehicle"]
