"""It stands, a cable reaches it from the building, and it may not: without any one, no alert."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.config import ChargingConfig
from edge.ids import uuid7
from edge.scenarios.charging import Charging
from edge.scenarios.charging_bike import Bike
from edge.scenarios.charging_cable import CableLook
from edge.scenarios.finding import Finding, NearMiss
from edge.scenarios.night import Night
from edge.site import SiteFile, load_site
from edge.video.frame import Frame, Pixels
from edge.vision.scene import Box, Parked, Scene
from wire import ChargingFacts

START = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NOBODY = np.empty((0, 4), np.float32)
HIGH, WIDE = 300, 400
BIKE: Box = (150, 230, 200, 280)
SECOND: Box = (215, 230, 265, 280)
FAR: Box = (330, 230, 380, 280)
DWELL_S, STEP_S = 20.0, 0.4
Way = tuple[tuple[int, int], tuple[int, int]]
CABLE: Way = ((120, 60), (178, 240))
OTHER: Way = ((128, 62), (240, 240))


@dataclass(frozen=True)
class Street:
    """What stands and hangs at one time."""

    bikes: tuple[Box, ...] = (BIKE,)
    cables: tuple[Way, ...] = (CABLE,)
    pipe: bool = False


Told = Callable[[float], Street]


def picture(street: Street, seed: int) -> Pixels:
    rng = np.random.default_rng(seed)
    wall = 110 + rng.normal(0, 2, (HIGH, WIDE, 3))
    drawn: Pixels = wall.clip(0, 255).astype(np.uint8)
    if street.pipe:
        cv2.line(drawn, (175, 0), (175, 240), (210, 210, 210), 3, cv2.LINE_AA)
    for (x, y), (to_x, to_y) in street.cables:
        along = np.linspace(0, 1, 40)
        across = x + (to_x - x) * along - 30 * along * (1 - along)
        way = np.stack([across, y + (to_y - y) * along], axis=1).round().astype(np.int32)
        cv2.polylines(drawn, [way], False, (215, 215, 215), 1, cv2.LINE_AA)
    for left, top, right, bottom in street.bikes:
        drawn[int(top) : int(bottom), int(left) : int(right)] = (40, 30, 90)
        drawn[int(bottom) - 20 : int(bottom) - 8, int(left) : int(right)] = (90, 90, 150)
    return drawn


def play(
    told: Told,
    seconds: float = 60,
    site: SiteFile | None = None,
    kind: str = "e-bike",
    *,
    accepted: bool = False,
    seam: bool = False,
    knows_bikes: bool = False,
    overlooked_s: float = 0,
    dwell_s: float = DWELL_S,
    lost_s: tuple[float, float] = (0, 0),
) -> tuple[list[Finding], list[NearMiss]]:
    """All that is said of a story; for so long the detector overlooks its bikes.

    ``lost_s``: from when to when the camera was away.
    """
    config, night = ChargingConfig(dwell_s=dwell_s), Night(None, UTC)
    charging = Charging(config, night, uuid7, site, knows_bikes=knows_bikes)
    found: list[Finding] = []
    missed: list[NearMiss] = []
    since: dict[Box, float] = {}
    for k in range(round(seconds / STEP_S)):
        now_s = k * STEP_S
        if lost_s[0] <= now_s < lost_s[1]:
            continue
        street = told(now_s)
        known = street.bikes if now_s >= overlooked_s else ()
        for box in known:
            since.setdefault(box, now_s)
        parked = tuple(
            Parked(list(since).index(box) + 1, box, kind, since[box], now_s - since[box])
            for box in known
        )
        if accepted:
            parked = tuple(
                Parked(p.fixture_id, p.xyxy, p.kind, p.since_s, p.stood_s, accepted=True)
                for p in parked
            )
        at = START + timedelta(seconds=now_s)
        scene = Scene(Frame(picture(street, k % 7), at, now_s, k), NOBODY, True, parked=parked)
        found += charging.evaluate(scene)
        missed += charging.near_misses()
    if seam:
        found += charging.evaluate(replace(scene, frame=replace(scene.frame, seam=True)))
        missed += charging.near_misses()
    return found, missed


def opened(found: list[Finding]) -> list[ChargingFacts]:
    facts = [finding.facts for finding in found if finding.phase == "opened"]
    assert all(isinstance(fact, ChargingFacts) for fact in facts)
    return [fact for fact in facts if isinstance(fact, ChargingFacts)]


def test_a_cable_to_a_bike_that_stands_is_told_once_with_its_ends_and_length() -> None:
    found, missed = play(lambda now_s: Street())
    (facts,) = opened(found)
    assert len(found) == 1
    assert facts.vehicle == "e-bike"
    assert facts.bikes == 1
    assert DWELL_S <= facts.stood_s < DWELL_S + 6
    assert 150 <= facts.cable_px <= 220
    assert facts.upper_xy == pytest.approx((120, 60), abs=12)
    assert facts.lower_xy[1] == pytest.approx(230, abs=8)
    assert 0 < facts.seen_s <= facts.stood_s
    assert missed == []
    (finding,) = found
    assert finding.xyxy[1] < 75
    assert finding.xyxy[3] == 280
    assert finding.reasons[0].en.startswith("An e-bike has stood for")
    assert "电线" in finding.reasons[1].zh


@pytest.mark.parametrize(
    "street",
    [
        Street(cables=()),
        Street(cables=(((120, 60), (165, 190)),)),
        Street(cables=(((40, 40), (70, 240)),)),
        Street(cables=(), pipe=True),
        Street(bikes=()),
    ],
    ids=["no cable", "ends in the air", "hangs elsewhere", "a pipe behind the bike", "no bike"],
)
def test_what_only_looks_like_charging_is_none(street: Street) -> None:
    assert play(lambda now_s: street)[0] == []


def test_a_line_that_was_there_before_the_bike_has_nothing_to_do_with_it() -> None:
    found, _ = play(lambda now_s: Street() if now_s >= 14 else Street(bikes=()), seconds=70)
    assert found == []


def test_a_bike_that_was_overlooked_at_first_did_not_come_after_its_cable() -> None:
    found, _ = play(lambda now_s: Street(), seconds=70, overlooked_s=14)
    assert len(opened(found)) == 1


def test_a_line_half_old_and_half_new_is_no_cable() -> None:
    """Where a pipe leads up from a bike, the new cable of its neighbor is no part of it."""
    lower, upper = ((178, 190), (178, 240)), ((120, 30), (178, 190))

    def street(now_s: float) -> Street:
        return Street(cables=(lower, upper) if now_s >= 10 else (lower,))

    assert opened(play(lambda now_s: Street(cables=(lower, upper)))[0])
    assert not opened(play(street)[0])


def test_a_cable_that_comes_after_the_bike_is_the_surest() -> None:
    later, _ = play(lambda now_s: Street() if now_s >= 8 else Street(cables=()))
    always, _ = play(lambda now_s: Street())
    assert len(opened(later)) == 1
    assert later[0].confidence > always[0].confidence


@pytest.mark.parametrize(
    ("kind", "box", "comes_s", "told"),
    [
        ("vehicle", BIKE, 8, 1),
        ("vehicle", BIKE, 0, 0),
        ("tricycle", BIKE, 0, 1),
        ("vehicle", (30, 180, 330, 280), 8, 0),
    ],
    ids=["a bike's size", "a bike's size, cable always there", "a tricycle", "a car"],
)
def test_what_may_hang_on_a_cable(kind: str, box: Box, comes_s: float, told: int) -> None:
    """Of what is not known for a two-wheeler only a cable that was seen to come is believed."""
    found, _ = play(
        lambda now_s: Street(bikes=(box,), cables=(CABLE,) if now_s >= comes_s else ()), kind=kind
    )
    assert len(opened(found)) == told


def test_a_detector_that_knows_bikes_is_believed() -> None:
    """What it calls a vehicle of another kind is none, were it of a bike's size."""

    def comes(now_s: float) -> Street:
        return Street(cables=(CABLE,) if now_s >= 8 else ())

    assert not opened(play(comes, kind="vehicle", knows_bikes=True)[0])
    assert opened(play(comes, kind="bicycle", knows_bikes=True)[0])


def test_of_two_bikes_that_one_line_leads_to_it_belongs_to_the_one_it_reaches_better() -> None:
    y = np.arange(240, 60, -4, dtype=np.float32)

    def look(x_px: float, short_px: float, clear: float = 2.0) -> CableLook:
        return CableLook(
            0.0, np.stack([x_px + y / 10, y], axis=1), "held", short_px=short_px, clear=clear
        )

    near, far, beside = look(100, 0), look(102, 12), look(140, 0)
    assert look(100, 0, clear=3.0).reach > near.reach > far.reach
    assert far.is_on(near)
    assert not beside.is_on(near)


def test_a_line_is_also_that_of_a_bike_whose_cable_was_seen_in_its_last_look_alone() -> None:
    """What came later has had fewer looks than the neighbor that borrows its cable."""
    way = np.array([(178, 230), (150, 150), (120, 60)], np.float32)
    bike = Bike(Parked(1, BIKE, "e-bike", 0.0, DWELL_S))
    bike.see(CableLook(0.0, way, "held", lacking=0.0), START)
    assert bike.cable is None
    assert bike.seen is not None
    bike.see(CableLook(4.0, way, "short", lacking=0.2), START)
    assert bike.seen is None


def test_bikes_on_cables_from_one_opening_are_one_alert() -> None:
    street = Street(bikes=(BIKE, SECOND), cables=(CABLE, OTHER))
    (facts,) = opened(play(lambda now_s: street)[0])
    assert facts.bikes == 2


def test_a_bike_more_is_an_update_and_the_end_is_told() -> None:
    def told(now_s: float) -> Street:
        if now_s < 30:
            return Street()
        if now_s < 80:
            return Street(bikes=(BIKE, SECOND), cables=(CABLE, OTHER))
        return Street(bikes=(), cables=())

    found, _ = play(told, seconds=100)
    assert [(finding.phase, finding.revision) for finding in found] == [
        ("opened", 0),
        ("updated", 1),
        ("closed", 2),
    ]
    assert len({finding.finding_id for finding in found}) == 1
    assert found[1].reasons[0].en == "2 vehicles hang there, not 1"
    assert found[2].reasons[0].en.startswith("The vehicle has gone")


def test_a_cable_that_is_drawn_in_closes_the_alert_though_the_bike_stays() -> None:
    found, _ = play(lambda now_s: Street() if now_s < 40 else Street(cables=()), seconds=80)
    assert [finding.phase for finding in found] == ["opened", "closed"]
    assert found[1].reasons[0].en.startswith("The cable is gone")


@pytest.mark.parametrize("back_s", [45.0, 100.0, 800.0])
def test_a_stream_that_was_lost_tells_nothing_twice(back_s: float) -> None:
    """What still hangs there goes on; what has gone meanwhile is closed."""
    found, _ = play(lambda now_s: Street(), back_s + 60, lost_s=(40.0, back_s))
    assert [finding.phase for finding in found] == ["opened"]
    found, _ = play(
        lambda now_s: Street() if now_s < 40 else Street(bikes=(), cables=()),
        back_s + 60,
        lost_s=(40.0, back_s),
    )
    assert [finding.phase for finding in found] == ["opened", "closed"]


def test_what_is_always_there_never_alerts() -> None:
    assert play(lambda now_s: Street(), accepted=True)[0] == []


SITE = """
site_id = "yard"
name = "Yard"
frame_wh = [400, 300]
[[shed]]
name = "Shed"
polygon = [[140, 220], [210, 220], [210, 290], [140, 290]]
"""
STAIRWELL = """
site_id = "yard"
name = "Yard"
frame_wh = [400, 300]
ground = [
  { pixel = [0, 200], metres = [0, 4] }, { pixel = [400, 200], metres = [8, 4] },
  { pixel = [0, 300], metres = [0, 2] }, { pixel = [400, 300], metres = [8, 2] },
]
[[zone]]
name = "Door"
kind = "stairwell"
polygon = [[140, 220], [210, 220], [210, 290], [140, 290]]
"""


def drawn(tmp_path: Path, text: str) -> SiteFile:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return load_site(path)


def test_in_a_registered_shed_it_may_charge(tmp_path: Path) -> None:
    assert play(lambda now_s: Street(), site=drawn(tmp_path, SITE))[0] == []


def test_a_measured_stairwell_tells_metres_and_is_more_urgent(tmp_path: Path) -> None:
    found, _ = play(lambda now_s: Street(), site=drawn(tmp_path, STAIRWELL))
    (facts,) = opened(found)
    assert facts.stairwell
    assert facts.cable_m == pytest.approx(facts.cable_px / 50, abs=0.1)
    (plain,) = play(lambda now_s: Street())[0]
    assert found[0].urgency == plain.urgency + 2


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (lambda now_s: Street() if now_s < 16 else Street(bikes=()), "stand-too-short"),
        (
            lambda now_s: Street(
                bikes=(BIKE,) if now_s < 40 else (),
                cables=(((120, 60), (169, 202)),) if now_s >= 2 else (),
            ),
            "cable-ends-short",
        ),
    ],
    ids=["rides on before the time", "the cable ends above the bike"],
)
def test_a_near_miss_is_told_once_it_is_over(told: Told, code: str) -> None:
    found, missed = play(told)
    assert found == []
    assert [miss.code for miss in missed] == [code]
    assert 0 < missed[0].lacking <= 0.5


def test_a_bike_that_stays_is_told_at_its_time_and_no_more() -> None:
    """Whoever asks in the morning why it did not alert finds it, though it stands there still."""

    def told(now_s: float) -> Street:
        return Street(cables=(CABLE,) if 6 <= now_s < 14 else ())

    found, missed = play(told, 100)
    assert found == []
    assert [miss.code for miss in missed] == ["cable-unsteady"]
    assert "of the last 5 looks" in missed[0].why.en


@pytest.mark.parametrize("dwell_s", [40.0, 41.0, 42.0, 43.0])
def test_what_alerts_at_its_time_is_no_near_miss_before(dwell_s: float) -> None:
    """Its time may be up between two looks; it is told at the next one."""
    found, missed = play(lambda now_s: Street(), 60, dwell_s=dwell_s)
    assert len(opened(found)) == 1
    assert missed == []


def test_a_bike_with_a_cable_and_its_time_lacks_only_a_line_of_its_own() -> None:
    """``Charging`` asks only about those that did not alert."""
    bike = Bike(Parked(1, BIKE, "e-bike", 0.0, DWELL_S + 10))
    assert bike.doubt(DWELL_S, None) is None
    way = np.array([(178, 230), (150, 150), (120, 60)], np.float32)
    for k in range(5):
        bike.see(CableLook(4.0 * k, way, "held", lacking=0.0), START)
    doubt = bike.doubt(DWELL_S, None)
    assert doubt is not None
    assert (doubt.code, doubt.lacking) == ("line-of-another", 0.0)


def test_two_alerts_that_prove_to_be_of_one_opening_become_one() -> None:
    """A third bike that comes between two far ones, on the same opening, joins their alerts."""
    middle: Box = (280, 230, 330, 280)
    ways: tuple[Way, ...] = (((200, 60), (178, 240)), ((206, 60), (388, 240)))
    last: Box = (360, 230, 410, 280)

    def told(now_s: float) -> Street:
        if now_s < 40:
            return Street(bikes=(BIKE, last), cables=ways)
        return Street(bikes=(BIKE, last, middle), cables=(*ways, ((203, 60), (305, 240))))

    found, _ = play(told, 110)
    phases = [(finding.phase, finding.reasons[0].en) for finding in found]
    assert [phase for phase, _ in phases].count("opened") == 2
    assert ("closed", "It is one with another alert of the same opening") in phases
    assert ("updated", "3 vehicles hang there, not 1") in phases


def test_what_the_end_of_the_footage_leaves_is_told() -> None:
    """A bike that still stands when the footage ends is a near miss too."""
    found, missed = play(lambda now_s: Street(), 16, seam=True)
    assert found == []
    assert [miss.code for miss in missed] == ["stand-too-short"]


def test_metres_are_the_same_where_the_site_was_drawn_at_another_size(tmp_path: Path) -> None:
    site = drawn(tmp_path, STAIRWELL)
    large = site.model_copy(
        update={
            "frame_wh": (800, 600),
            "zone": (),
            "ground": tuple(
                spot.model_copy(update={"pixel": (2 * spot.pixel[0], 2 * spot.pixel[1])})
                for spot in site.ground
            ),
        }
    )
    (usual,) = opened(play(lambda now_s: Street(), site=site)[0])
    (told,) = opened(play(lambda now_s: Street(), site=large)[0])
    assert told.cable_m == usual.cable_m
