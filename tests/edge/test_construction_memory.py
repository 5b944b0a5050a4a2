"""What construction has learned outlives a restart; what is always there alerts no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import cv2
import numpy as np
import pytest
import structlog

from edge.config import ConstructionConfig
from edge.ids import uuid7
from edge.scenarios.construction import Construction
from edge.scenarios.construction_memory import packed, unpacked
from edge.scenarios.finding import Finding
from edge.scenarios.night import Night
from edge.video.frame import Frame, Pixels
from edge.vision.boxes import Floats
from edge.vision.known import Known, patch
from edge.vision.scene import Scene
from tests.edge.footage import Street
from wire import ConstructionFacts

START = datetime(2026, 11, 20, 1, tzinfo=UTC)
WH = (320, 240)
LEFT, FLOOR = 140, 180
BLUE = (190, 110, 40)
NOBODY = np.empty((0, 4), np.float32)


def built() -> Construction:
    night = Night(None, timezone(timedelta(hours=8)))
    return Construction(ConstructionConfig(looks=3, span_h=24), None, night, uuid7)


@dataclass
class Box:
    """A box that looks every eight hours at a shed that rises from the 16th on."""

    street: Street = field(default_factory=lambda: Street(WH))
    construction: Construction = field(default_factory=built)
    booted_h: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    def frame(self, at_h: float, pixels: Pixels) -> Frame:
        since_boot_s = (at_h - self.booted_h) * 3600
        return Frame(pixels, START + timedelta(hours=at_h), since_boot_s, round(at_h))

    def look(self, at_h: float, pixels: Pixels, people: Floats = NOBODY) -> list[Finding]:
        found = self.construction.evaluate(Scene(self.frame(at_h, pixels), people))
        self.findings += found
        return found

    def shed(self, at_h: float, light: float = 1.0) -> Pixels:
        height = min(round(0.8 * at_h), 60) if at_h >= 16 else 0
        if not height:
            return self.street.picture(light=light)
        return self.street.picture(((LEFT, FLOOR - height, LEFT + 60, FLOOR), BLUE), light=light)

    def live(self, since_h: int, until_h: int) -> list[Finding]:
        return [f for h in range(since_h, until_h, 8) for f in self.look(h, self.shed(h))]

    def restart(self, at_h: float, pixels: Pixels) -> None:
        """The machine boots a minute before: its monotonic clock begins anew."""
        saved = self.construction.saved()
        assert saved is not None
        self.booted_h, self.construction = at_h - 1 / 60, built()
        self.construction.restore(saved, self.frame(at_h, pixels))


def phases(found: list[Finding]) -> list[str]:
    return [finding.phase for finding in found]


def marked(finding: Finding, pixels: Pixels) -> Mapping[UUID, Known]:
    xyxy = np.array(finding.xyxy, np.float32)
    return {finding.finding_id: Known(xyxy, patch(pixels, xyxy))}


def test_a_restart_costs_nothing() -> None:
    """The shed that was seen twice before it is told at the same look as without."""
    steady, restarted = Box(), Box()
    steady.live(0, 81)
    restarted.live(0, 30)
    restarted.restart(30, restarted.shed(30))
    restarted.live(32, 81)
    first, same = steady.findings[0].facts, restarted.findings[0].facts
    assert isinstance(first, ConstructionFacts)
    assert isinstance(same, ConstructionFacts)
    assert (same.looks, same.since, same.baseline_at) == (first.looks, first.since, START)
    assert same.span_h == pytest.approx(first.span_h, abs=0.01)
    assert phases(restarted.findings) == phases(steady.findings)


def test_an_open_alert_is_closed_after_a_restart() -> None:
    """It keeps its number."""
    box = Box()
    opened = box.live(0, 60)[0]
    box.restart(60, box.shed(60))
    gone = [f for at_h in (64, 72, 80) for f in box.look(at_h, box.street.picture())]
    assert [(f.finding_id, f.phase) for f in gone] == [(opened.finding_id, "closed")]


def test_what_was_saved_is_saved_again_alike() -> None:
    box = Box()
    box.live(0, 60)
    before = box.construction.saved()
    box.restart(60, box.shed(60))
    assert before is not None
    after = box.construction.saved()
    assert after is not None
    assert {k: v for k, v in after.items() if k.endswith("png")} == {
        k: v for k, v in before.items() if k.endswith("png")
    }
    assert sum(map(len, before.values())) < 2_000_000


def test_what_a_permit_covers_is_kept() -> None:
    """By its number; an older file says only that there was one."""
    box = Box()
    box.live(0, 30)
    learned = box.construction.learned
    assert learned is not None
    learned.places[0].noted = "P-12"
    files = packed(learned)
    (kept,) = unpacked(files, 0.0, START).places
    assert (kept.noted, len(kept.sights)) == ("P-12", 2)
    about = files["construction.json"]
    for older, noted, sights in ((b"true", "?", 1), (b"false", "", 2)):
        files["construction.json"] = about.replace(b'"noted":"P-12"', b'"noted":' + older)
        (kept,) = unpacked(files, 0.0, START).places
        assert (kept.noted, len(kept.sights)) == (noted, sights)


@pytest.mark.parametrize(
    "torn",
    [{}, {"construction.json": b"{}"}, {"picture-0.png": b"no picture"}, {"place-0.png": None}],
    ids=["nothing", "another file", "a torn picture", "a mask is missing"],
)
def test_a_torn_memory_is_refused(torn: dict[str, bytes | None]) -> None:
    box = Box()
    box.live(0, 30)
    saved = dict(box.construction.saved() or {})
    saved = {k: v for k, v in (saved | torn).items() if v is not None} if torn else {}
    with pytest.raises(ValueError, match="is no"):
        built().restore(saved, box.frame(30, box.street.picture()))


def test_a_baseline_of_another_camera() -> None:
    """It is said once, and the next look is the baseline."""
    box = Box()
    box.live(0, 30)
    elsewhere = Street(WH, seed=9)
    box.restart(30, elsewhere.picture())
    with structlog.testing.capture_logs() as said:
        for at_h in range(32, 40):
            box.look(at_h, elsewhere.picture())
    assert [line["event"].split(":")[0] for line in said] == [
        "the baseline of construction is from another camera or another view"
    ]
    learned = box.construction.learned
    assert learned is not None
    assert learned.baseline_at == START + timedelta(hours=32)


def test_a_camera_that_was_moved_while_off_leaves_open_what_was() -> None:
    """It says that nobody saw it go."""
    box = Box()
    opened = box.live(0, 60)[0]
    elsewhere = Street(WH, seed=9)
    box.restart(60, elsewhere.picture())
    (last,) = box.look(62, elsewhere.picture())
    assert (last.finding_id, last.phase) == (opened.finding_id, "updated")
    assert "go and see" in last.reasons[0].en


def test_what_nobody_saw_go_can_be_marked() -> None:
    """Days later and after another restart, too."""
    box = Box()
    opened = box.live(0, 60)[0]
    elsewhere = Street(WH, seed=9)
    box.restart(60, elsewhere.picture())
    (last,) = box.look(62, elsewhere.picture())
    box.restart(90, elsewhere.picture())
    box.construction.accept(marked(opened, box.shed(56)))
    (closed,) = box.look(91, elsewhere.picture())
    assert (closed.finding_id, closed.phase) == (opened.finding_id, "closed")
    assert closed.revision > last.revision
    assert "always there" in closed.reasons[0].en
    assert not box.look(93, elsewhere.picture())


@pytest.mark.parametrize("seen", ["night", "fog", "infrared"])
def test_who_cannot_see_gives_up_no_baseline(seen: str) -> None:
    """After a restart at night the baseline of the day stays."""
    box = Box()
    box.live(0, 30)
    pictures = {
        "night": np.full((240, 320, 3), 6, np.uint8),
        "fog": cv2.GaussianBlur(Street(WH, seed=9).picture(), (0, 0), 9).astype(np.uint8),
        "infrared": np.repeat(Street(WH, seed=9).picture().mean(axis=2)[..., None] // 3, 3, axis=2),
    }
    box.restart(30, pictures[seen].astype(np.uint8))
    box.look(32, pictures[seen].astype(np.uint8))
    learned = box.construction.learned
    assert learned is not None
    assert learned.baseline_at == START


def test_what_people_hid_is_watched_once_they_are_gone() -> None:
    """Where somebody stood in the first look, what rises later is told as anywhere."""
    box, rising = Box(), (LEFT, FLOOR - 60, LEFT + 60, FLOOR)
    people = np.array([rising], np.float32)
    box.look(0, box.street.picture((rising, (10, 10, 240))), people)
    box.live(8, 81)
    assert phases(box.findings)[:1] == ["opened"]


def test_no_people_are_kept() -> None:
    """Where somebody stood the baseline is blank, and what stands there later is no change."""
    box = Box()
    somebody = (60, 100, 90, 190)
    people = np.array([somebody], np.float32)
    box.look(0, box.street.picture((somebody, (10, 10, 240))), people)
    box.look(8, box.street.picture((somebody, (10, 10, 240)), light=0.7), people)
    learned = box.construction.learned
    assert learned is not None
    for kept in learned.baseline.kept:
        assert len(np.unique(kept.pixels[100:190, 60:90].reshape(-1, 3), axis=0)) == 1
        assert not kept.counts[100:190, 60:90].any()
    for at_h in range(16, 90, 8):
        box.look(at_h, box.street.picture((somebody, (10, 240, 10))))
    assert not box.findings
    assert not learned.places


@pytest.mark.parametrize("light", [1.0, 0.6, 1.2], ids=["same light", "dull", "bright"])
def test_what_is_always_there_alerts_no_more(light: float) -> None:
    """The alert closes with the reason; after a restart and in another light nothing follows."""
    box = Box()
    opened = box.live(0, 57)[0]
    box.construction.accept(marked(opened, box.shed(56)))
    (closed,) = box.look(81, box.shed(81))
    assert (closed.finding_id, closed.phase) == (opened.finding_id, "closed")
    assert "always there" in closed.reasons[0].en
    box.restart(82, box.shed(82))
    box.construction.accept(marked(opened, box.shed(56)))
    assert not [f for h in range(84, 200, 8) for f in box.look(h, box.shed(h, light))]
    learned = box.construction.learned
    assert learned is not None
    assert not learned.places


def test_more_than_what_is_always_there_alerts() -> None:
    """A mark is for what stands there, not for what is built on it."""
    box = Box()
    opened = box.live(0, 57)[0]
    box.construction.accept(marked(opened, box.shed(56)))
    box.live(80, 90)
    for at_h in range(96, 180, 8):
        size = min(at_h - 80, 70)
        more = ((LEFT + 60, FLOOR - size, LEFT + 130, FLOOR), (40, 60, 200))
        old = ((LEFT, FLOOR - 60, LEFT + 60, FLOOR), BLUE)
        box.look(at_h, box.street.picture(old, more))
    assert "opened" in phases(box.findings[2:])


def test_a_mark_is_taken_back() -> None:
    """What was marked is watched again, and told anew."""
    box = Box()
    opened = box.live(0, 57)[0]
    box.construction.accept(marked(opened, box.shed(56)))
    assert phases(box.live(80, 89)) == ["closed"]
    box.restart(90, box.shed(90))
    box.construction.accept({})
    again = box.live(96, 120)
    assert phases(again)[:1] == ["opened"]
    assert again[0].finding_id != opened.finding_id
