"""Growth in stages that lasts alerts once; what came at once, goes, moves or is filed does not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import cv2
import numpy as np
import pytest

from edge.config import ConstructionConfig
from edge.ids import uuid7
from edge.scenarios.construction import Construction
from edge.scenarios.construction_doubts import about, worst
from edge.scenarios.construction_place import Place, Sight
from edge.scenarios.construction_stage import Stage, stage, urgency
from edge.scenarios.finding import Finding, NearMiss
from edge.scenarios.night import Night
from edge.site import GroundPoint, Permit, SiteFile, Zone
from edge.video.frame import Frame, Pixels
from edge.vision.boxes import PERSON, VEHICLE, Detections
from edge.vision.scene import Scene
from tests.edge.footage import Box, Street
from wire import ConstructionFacts

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
WH = (320, 240)
LEFT, FLOOR = 140, 180
BLUE, GRAY = (190, 110, 40), (60, 60, 70)
EVERY_H, BEGINS_H = 8, 16
Shapes = tuple[tuple[Box, tuple[int, int, int]], ...]
Story = Callable[[float], Shapes]


def shed(height: int) -> Shapes:
    return (((LEFT, FLOOR - height, LEFT + 60, FLOOR), BLUE),)


def rises(at_h: float) -> Shapes:
    """From the first day on, to full height on the fourth."""
    return shed(min(round(0.8 * at_h), 60)) if at_h >= BEGINS_H else ()


def stands(at_h: float) -> Shapes:
    return shed(50) if at_h >= BEGINS_H else ()


def goes(at_h: float) -> Shapes:
    return rises(at_h) if at_h < 36 else ()


def is_torn_down(at_h: float) -> Shapes:
    return rises(at_h) if at_h < 64 else ()


@dataclass
class Play:
    """Looks at a story, a day's third apart."""

    construction: Construction
    street: Street
    findings: list[Finding]
    misses: list[NearMiss]

    def look(self, pixels: Pixels, at_h: float) -> None:
        at_s = at_h * 3600
        frame = Frame(pixels, START + timedelta(seconds=at_s), at_s, int(at_h))
        scene = Scene(frame, np.empty((0, 4), np.float32))
        self.findings += self.construction.evaluate(scene)
        self.misses += self.construction.near_misses()

    def tell(self, story: Story, until_h: float = 81, light: float = 1.0) -> None:
        for at_h in np.arange(0, until_h, EVERY_H):
            dim = light if at_h >= BEGINS_H else 1.0
            self.look(self.street.picture(*story(at_h), light=dim), float(at_h))

    @property
    def codes(self) -> list[str]:
        return [miss.code for miss in self.misses]


class Says:
    """A detector of one opinion: all of the shed's place is a person, or a vehicle."""

    def __init__(self, label: int) -> None:
        self._label = label

    def detect(self, pixels: Pixels) -> Detections:
        height, width, _ = pixels.shape
        whole = (width, height) == WH
        box = (LEFT - 5, FLOOR - 65, LEFT + 65, FLOOR + 5) if whole else (0, 0, width, height)
        return Detections(
            np.array([box], np.float32), np.array([0.9], np.float32), np.array([self._label])
        )


def play(site: SiteFile | None = None, detector: Says | None = None) -> Play:
    config = ConstructionConfig(looks=3, span_h=24)
    construction = Construction(config, site, Night(None, CHINA), uuid7, detector)
    return Play(construction, Street(WH), [], [])


def site(**tables: object) -> SiteFile:
    return SiteFile.model_validate({"site_id": "yard", "name": "Yard", "frame_wh": WH, **tables})


def around(kind: str) -> Zone:
    corners = ((110, 90), (230, 90), (230, 210), (110, 210))
    return Zone.model_validate({"name": "No. 7", "kind": kind, "polygon": corners})


def filed(until: date) -> Permit:
    return Permit.model_validate(
        {
            "number": "P-12",
            "polygon": around("watch").polygon,
            "from": date(2026, 11, 1),
            "until": until,
        }
    )


def facts_of(finding: Finding) -> ConstructionFacts:
    assert isinstance(finding.facts, ConstructionFacts)
    return finding.facts


def test_a_shed_rises() -> None:
    """One alert, once it was seen in three looks over a day, with the facts that led to it."""
    told = play()
    told.tell(rises)
    finding = told.findings[0]
    facts = facts_of(finding)
    assert [f.phase for f in told.findings].count("opened") == 1
    assert (facts.looks, facts.span_h) == (4, 24)
    assert facts.since == START + timedelta(hours=BEGINS_H)
    assert facts.baseline_at == START
    assert facts.grown >= 1.5
    assert facts.area_m2 is None
    np.testing.assert_allclose(finding.xyxy, (140, 148, 200, 180), atol=8)
    assert all(reason.zh and reason.en for reason in finding.reasons)
    assert "4 looks over 24 h" in finding.reasons[0].en
    before = cv2.imdecode(np.frombuffer(finding.before, np.uint8), cv2.IMREAD_COLOR)
    assert before is not None
    assert np.abs(before - told.street.picture().astype(float)).mean() < 4
    assert not any(later.before for later in told.findings[1:])


def test_the_baseline_goes_on_with_the_seasons_beside_what_grows() -> None:
    """Else a shadow that creeps day by day is, after weeks, as large as a wall."""
    told = play()
    told.tell(rises, until_h=81)
    assert told.construction.learned is not None
    first, *later = told.construction.learned.baseline.kept
    assert first.counts.all()
    assert later
    assert not later[-1].counts[FLOOR - 30, LEFT + 30]
    assert later[-1].counts[20:60].all()


def test_it_comes_under_a_roof() -> None:
    """A later stage is a revision of the same alert."""
    told = play()
    told.tell(rises)
    opened, *later = told.findings
    assert {f.finding_id for f in later} <= {opened.finding_id}
    assert [f.revision for f in told.findings] == list(range(len(told.findings)))
    assert facts_of(told.findings[-1]).stage == "roof"


def test_it_is_torn_down() -> None:
    """What an alert was raised for and is gone closes the alert."""
    told = play()
    told.tell(is_torn_down, until_h=97)
    assert (told.findings[0].phase, told.findings[-1].phase) == ("opened", "closed")
    (why,) = told.findings[-1].reasons
    assert "last seen on 2026-11-22 at 17:00, 40.0 h after" in why.en
    assert "2026-11-22 17:00" in why.zh
    assert "2 looks" in why.en


def test_it_came_at_once() -> None:
    """What stands as it came is a truck, a stall, an awning: no alert, and in time the ground."""
    told = play()
    told.tell(stands, until_h=130)
    assert not told.findings
    assert told.codes == ["came-at-once"]


def test_it_goes_again() -> None:
    """What is away before the time is up is a near miss, in numbers."""
    told = play()
    told.tell(goes)
    assert not told.findings
    (miss,) = told.misses
    assert miss.code == "too-short"
    assert miss.lacking == pytest.approx(1 / 3, abs=0.01)
    assert "16 of 24 h" in miss.why.en


@pytest.mark.parametrize("light", [0.6, 1.3], ids=["dull", "bright"])
def test_light_alone(light: float) -> None:
    told = play()
    told.tell(lambda _: (), light=light)
    assert not told.findings
    assert not told.misses


def test_it_rises_in_dull_weather() -> None:
    """Another exposure than the baseline's hides nothing."""
    told = play()
    told.tell(rises, light=0.7)
    assert [f.phase for f in told.findings].count("opened") == 1


def test_a_permit_covers_it() -> None:
    """Filed works are a note with the permit's number."""
    told = play(site(permit=[filed(date(2026, 12, 31))]))
    told.tell(rises)
    assert not told.findings
    assert told.codes == ["permitted"]
    assert "P-12" in told.misses[0].why.zh


def test_a_permit_has_run_out() -> None:
    told = play(site(permit=[filed(date(2026, 11, 20))]))
    told.tell(rises)
    assert told.findings


def goes_on(at_h: float) -> Shapes:
    """Half its height under the permit, which ends after 63 h, and the rest later."""
    return shed(min(round(0.8 * at_h), 32) + max(round(at_h) - 64, 0)) if at_h >= BEGINS_H else ()


def spreads(at_h: float) -> Shapes:
    """Out of the parcel, to the right and upward."""
    more = 2 * max(round(at_h) - 56, 0)
    right, top = min(LEFT + 60 + more, WH[0] - 4), max(FLOOR - 40 - more, 20)
    return (((LEFT, top, right, FLOOR), BLUE),) if at_h >= 56 else rises(at_h)


@pytest.mark.parametrize(
    ("story", "until"),
    [(goes_on, date(2026, 11, 22)), (spreads, date(2026, 12, 31))],
    ids=["the permit ends between looks", "it outgrows the parcel"],
)
def test_works_go_on_beyond_the_permit(story: Story, until: date) -> None:
    """What a permit covered is agreed; what is built beyond it is told once, from there on."""
    told = play(site(permit=[filed(until)]))
    told.tell(story, until_h=125)
    assert told.codes == ["permitted"]
    assert [f.phase for f in told.findings].count("opened") == 1
    facts = facts_of(told.findings[0])
    assert facts.since >= START + timedelta(hours=56)
    assert facts.looks >= 3
    assert "Permit P-12 covered what stood there" in told.findings[0].reasons[-1].en


def test_what_was_finished_under_a_permit_is_none() -> None:
    """It stands on after the permit's end, and in time belongs to the place."""
    told = play(site(permit=[filed(date(2026, 11, 22))]))
    told.tell(lambda at_h: goes_on(min(at_h, 56)), until_h=161)
    assert not told.findings
    assert told.codes == ["permitted"]
    learned = told.construction.learned
    assert learned is not None
    assert not learned.places


def test_it_stands_where_nobody_watches() -> None:
    told = play(site(zone=[around("ignore")]))
    told.tell(rises)
    assert not told.findings


def test_parcel_and_area() -> None:
    """Where the district drew its houses and measured the ground, both are told."""
    ground = [
        GroundPoint(pixel=(x, y), metres=(x / 10, y / 10))
        for x, y in ((0, 0), (300, 0), (300, 200), (0, 200))
    ]
    told = play(site(zone=[around("building")], ground=[g.model_dump() for g in ground]))
    told.tell(rises)
    facts = facts_of(told.findings[0])
    assert facts.parcel == "No. 7"
    assert facts.area_m2 == pytest.approx(6 * 3.2, rel=0.25)


@pytest.mark.parametrize("label", [PERSON, VEHICLE], ids=["people", "vehicles"])
def test_what_the_detector_knows(label: int) -> None:
    """A market of people, a parking lot that fills: neither is a structure."""
    told = play(detector=Says(label))
    told.tell(rises)
    assert not told.findings


def test_it_grew_but_passes_for_a_vehicle() -> None:
    """It is told as what blocked it, not as one that came at once."""
    told = play(detector=Says(VEHICLE))
    told.tell(rises, until_h=130)
    assert not told.findings
    assert told.codes == ["vehicle"]
    assert "vehicle in 13 of 13 looks" in told.misses[0].why.en


def place(*area_px: int, vehicles: int = 0) -> Place:
    """Looks half a day apart, the last ones at a vehicle."""
    since = len(area_px) - vehicles
    sights = [
        Sight(START, row * 43200.0, (0, 0, 1, 1), area, 100, 1.0, 1.0, vehicle=row >= since)
        for row, area in enumerate(area_px)
    ]
    return Place(np.zeros((240, 320), np.bool_), sights)


@pytest.mark.parametrize(
    ("grows", "codes"),
    [
        (place(100, 150, 200), []),
        (place(100, 150), ["too-short", "came-at-once"]),
        (place(100, 101, 102), ["came-at-once"]),
        (place(100, 100, 180), ["came-at-once"]),
        (place(100, 150, 200, vehicles=2), ["vehicle"]),
        (place(20, 30, 40), ["too-small"]),
        (place(20, 20, 20, vehicles=3), ["came-at-once", "vehicle", "too-small"]),
    ],
    ids=["none", "short", "at once", "once larger", "vehicle", "small", "all but short"],
)
def test_what_speaks_against_it(grows: Place, codes: list[str]) -> None:
    doubts = list(about(grows, 3, 86400))
    assert [doubt.code for doubt in doubts] == codes
    assert all(0 < doubt.lacking <= 1 and doubt.why.zh and doubt.why.en for doubt in doubts)
    assert worst(grows, 3, 86400).code == (codes or ["gone-again"])[0]


def test_looks_of_another_camera() -> None:
    """They are passed over, and the rest goes on."""
    told = play()
    for at_h in range(0, 60, EVERY_H):
        told.look(told.street.picture(*rises(at_h)), at_h)
        told.look(Street(WH, seed=9).picture(), at_h + 3)
    assert [f.phase for f in told.findings].count("opened") == 1


def test_a_moved_camera_begins_anew() -> None:
    """Where no look fits any more for the whole span, the next one is the baseline."""
    told = play()
    for at_h in range(0, 20, 4):
        told.look(told.street.picture(), at_h)
    elsewhere = Street(WH, seed=9)
    for at_h in range(20, 140, EVERY_H):
        began_h = at_h - 60
        told.look(elsewhere.picture(*(rises(began_h) if began_h > 0 else ())), at_h)
    assert [f.phase for f in told.findings].count("opened") == 1


def test_what_is_open_against_a_baseline_that_begins_anew_is_told_once_more() -> None:
    """Nobody saw it go: it stays open, and somebody must go and see."""
    told = play()
    told.tell(rises, until_h=60)
    before, elsewhere = list(told.findings), Street(WH, seed=9).picture()
    for at_h in range(64, 110, EVERY_H):
        told.look(elsewhere, at_h)
    (last,) = told.findings[len(before) :]
    assert (last.finding_id, last.phase) == (before[0].finding_id, "updated")
    assert last.revision == len(before)
    assert "last seen on 2026-11-22 at 17:00" in last.reasons[0].en
    assert "2026-11-22 17:00" in last.reasons[0].zh


def test_a_live_camera_is_looked_at_once_an_hour() -> None:
    """Whatever passes between two looks is not even compared."""
    told = play()
    told.tell(lambda _: (), until_h=25)
    for second in range(1, 60):
        told.look(told.street.picture(((0, 0, *WH), GRAY)), 24 + second / 60)
    told.look(told.street.picture(), 25)
    assert not told.findings
    assert not told.misses


def test_a_drifting_camera() -> None:
    """The place is told where the last look shows it."""
    told = play()
    for at_h in range(0, 60, EVERY_H):
        shift = 5 if at_h > BEGINS_H else 0
        told.look(told.street.picture(*rises(at_h), shift=shift), at_h)
    left, _, right, _ = told.findings[0].xyxy
    assert (left, right) == pytest.approx((145, 205), abs=8)


def sight(filled: float, plain: float) -> Sight:
    return Sight(START, 0.0, (0, 0, 1, 1), 100, 100, filled, plain, vehicle=False)


@pytest.mark.parametrize(
    ("grown", "last", "wanted"),
    [
        (1.1, sight(0.9, 0.8), "material"),
        (1.6, sight(0.9, 0.1), "frame"),
        (3.0, sight(0.5, 0.6), "frame"),
        (3.0, sight(0.9, 0.6), "roof"),
    ],
    ids=["stacks", "stacks and posts", "posts", "closed"],
)
def test_stages(grown: float, last: Sight, wanted: Stage) -> None:
    assert stage(grown, last) == wanted


def test_a_large_roof_is_more_urgent() -> None:
    told = play()
    told.tell(rises)
    facts = facts_of(told.findings[-1])
    small = facts.model_copy(update={"area_share": 0.001})
    large = facts.model_copy(update={"area_share": 0.1})
    assert urgency(small) + 1 == urgency(large) == 5
