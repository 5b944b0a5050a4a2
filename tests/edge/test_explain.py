"""What led to an alert is told by pictures that a person can judge, in which nobody has a face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest

from edge.agent import Agent, Identity
from edge.config import ChargingConfig, DumpingConfig
from edge.explain.explainer import NOW_PX, PictureExplainer
from edge.explain.keyframes import LONG_SIDE_PX, KeyFrames, key_frame
from edge.explain.sheet import GAP_PX, HEAD_PX, MARGIN_PX, PAPER, WIDE_PX, sheet
from edge.explain.story import Story, story
from edge.explain.strokes import COLORS
from edge.ids import uuid7
from edge.replay import NoWitness
from edge.scenarios.charging import Charging
from edge.scenarios.dumping import Dumping
from edge.scenarios.finding import Finding
from edge.scenarios.night import Night
from edge.video.frame import Frame, Pixels
from edge.vision.eye import Eye
from edge.vision.scene import Parked, Scene
from tests.edge import test_charging, test_construction
from tests.edge.alerts import make_alert, make_finding, make_scene
from tests.edge.footage import Box, Street, timed
from tests.edge.test_redaction import VISITORS, faces, visitor_frames
from wire import Alert, Sentence, Site

BAG: Box = (170, 155, 196, 177)
STAYS_S = 5.0


@dataclass
class Notebook:
    """Writes down what is filed and what is drawn, in the order in which it comes."""

    said: list[str] = field(default_factory=list)
    drawn: list[tuple[Alert, bytes]] = field(default_factory=list)

    def file(self, alert: Alert) -> None:
        self.said.append(f"{alert.phase} filed")

    def put(self, alert: Alert, jpeg: bytes) -> None:
        self.said.append(f"{alert.phase} drawn")
        self.drawn.append((alert, jpeg))


class Played:
    """A scenario whose findings are told as stories, too."""

    def __init__(self, scenario: Dumping | Charging, kept: KeyFrames) -> None:
        self._scenario = scenario
        self._kept = kept
        self.stories: list[Story] = []
        self.findings: list[Finding] = []

    def see(self, scene: Scene) -> None:
        self._kept.see(scene)
        for finding in self._scenario.evaluate(scene):
            self.findings.append(finding)
            self.stories.append(story(finding, self._kept, key_frame(scene)))


def leaves_a_bag(street: Street, at_s: float) -> Pixels:
    """Somebody walks through the street and leaves a bag in its middle."""
    left = round(-40 + 30 * (at_s - 3))
    bag = ((BAG, (30, 30, 30)),) if at_s >= 10 else ()
    return street.picture(*bag, ((left, 90, left + 30, 175), (30, 30, 40)))


def street_frames() -> Iterator[Frame]:
    street = Street()
    return timed(leaves_a_bag(street, k / 10) for k in range(260))


class Again:
    """An eye that sees once more what was seen."""

    def __init__(self, scenes: list[Scene]) -> None:
        self._scenes = iter(scenes)

    def look(self, frame: Frame) -> Scene:
        return next(self._scenes)


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    eye = Eye()
    return [eye.look(frame) for frame in street_frames()]


@pytest.fixture(scope="module")
def notebook(scenes: list[Scene]) -> Notebook:
    book = Notebook()
    site = Site(site_id="east-gate", name="东门 East gate")
    who = Identity("harbour", "gate-7", "yard", site, UUID(int=7), "composed", None, "sanse 0.1")
    agent = Agent(
        who,
        Again(scenes),
        [Dumping(DumpingConfig(stay_s=STAYS_S), Night(None, UTC), uuid7)],
        NoWitness(),
        book,
        explainer=PictureExplainer(book, UTC, detects=False),
    )
    for scene in scenes:
        agent.step(scene.frame)
    return book


def test_the_alert_is_filed_before_its_picture_is_drawn(notebook: Notebook) -> None:
    """What can fail or take time comes after what must not be lost."""
    assert notebook.said == ["opened filed", "opened drawn"]


def test_the_picture_is_wide_and_has_four_panels(notebook: Notebook, tmp_path: Path) -> None:
    """It opens as any picture does: panels in a row, paper between them and beneath."""
    ((alert, jpeg),) = notebook.drawn
    (tmp_path / "a.jpg").write_bytes(jpeg)
    picture = cv2.imread(str(tmp_path / "a.jpg"))
    assert picture is not None
    assert picture.shape[1] == WIDE_PX
    assert 600 <= picture.shape[0] <= 1200
    assert len(jpeg) < 1_000_000
    panel_px = (WIDE_PX - 2 * MARGIN_PX - 3 * GAP_PX) // 4
    row = picture[HEAD_PX + 20 : HEAD_PX + 120].astype(int)
    is_paper = (np.abs(row - PAPER).max(axis=2) <= 12).all(axis=0)
    begins = np.flatnonzero(np.diff(is_paper.astype(int)) == -1) + 1
    assert begins == pytest.approx([MARGIN_PX + k * (panel_px + GAP_PX) for k in range(4)], abs=2)
    assert alert.scenario == "dumping"


def test_dumping_is_told_as_before_there_gone_now(scenes: list[Scene]) -> None:
    """Each panel shows what its words say: the bag's place is bare, hidden, and black since."""
    kept = KeyFrames(detects=False)
    played = Played(Dumping(DumpingConfig(stay_s=STAYS_S), Night(None, UTC), uuid7), kept)
    for scene in scenes:
        played.see(scene)
    (told,) = played.stories
    assert [p.caption.en.split(",")[0] for p in told.panels] == [
        "Before anybody came",
        "Someone or something is at the place",
        "Gone; this is left behind",
        "Still there",
    ]
    assert all(p.caption.zh for p in told.panels)
    times = [p.shown.at_s for p in told.panels]
    assert times == sorted(times)
    left, top, right, bottom = BAG
    bag = [p.shown.pixels()[top + 4 : bottom - 4, left + 4 : right - 4].mean() for p in told.panels]
    assert bag[0] > 80
    assert max(bag[2:]) < 50
    roles = [{stroke.role for stroke in panel.strokes} for panel in told.panels]
    assert roles == [{"place"}, {"place", "path", "carrier"}, {"path", "thing"}, {"thing"}]
    (carrier,) = (s for s in told.panels[1].strokes if s.role == "carrier")
    across = [x for x, _ in carrier.xy]
    assert min(across) - 30 <= (left + right) / 2 <= max(across) + 30
    path = next(s.xy for s in told.panels[2].strokes if s.role == "path")
    assert path[-1][0] > right


def test_charging_shows_the_cable_with_both_ends_and_undrawn() -> None:
    """The line is drawn beside the same picture without it; before that, no bike was there."""
    scenario = Charging(ChargingConfig(dwell_s=10), Night(None, UTC), uuid7)
    played = Played(scenario, KeyFrames())
    bike, street = test_charging.BIKE, test_charging.Street
    for k in range(80):
        now_s, came_s = 0.4 * k, 8.0
        there = now_s >= came_s
        shown = street() if there else street(bikes=(), cables=())
        parked = (Parked(1, bike, "e-bike", came_s, now_s - came_s),) if there else ()
        at = test_charging.START + timedelta(seconds=now_s)
        frame = Frame(test_charging.picture(shown, k % 7), at, now_s, k)
        played.see(Scene(frame, test_charging.NOBODY, True, parked=parked))
    told = played.stories[0]
    before, stands, undrawn, followed = told.panels
    assert before.shown.at_s < 8 <= stands.shown.at_s
    assert not undrawn.strokes
    assert undrawn.shown is followed.shown
    (line,) = (stroke.xy for stroke in followed.strokes if stroke.role == "line")
    assert line[0] == pytest.approx(test_charging.CABLE[1], abs=14)
    assert line[-1] == pytest.approx(test_charging.CABLE[0], abs=14)
    left, top, right, bottom = told.focus
    assert all(left <= x <= right and top <= y <= bottom for x, y in line)


def test_construction_outlines_each_look() -> None:
    """Baseline, first sight, one in between and now; the outlines grow as the shed does."""
    played, kept = test_construction.play(), KeyFrames()
    told = None
    for at_h in np.arange(0, 81, test_construction.EVERY_H):
        shapes = test_construction.rises(float(at_h))
        picture = played.street.picture(*shapes)
        at = test_construction.START + timedelta(hours=float(at_h))
        scene = Scene(Frame(picture, at, 3600.0 * at_h, int(at_h)), test_charging.NOBODY)
        kept.see(scene)
        for finding in played.construction.evaluate(scene):
            told = told or story(finding, kept, key_frame(scene))
    assert told is not None
    assert [p.caption.en.partition(" ")[0] for p in told.panels] == ["The", "A", "Look", "Now:"]
    assert [p.shown.at for p in told.panels] == sorted({p.shown.at for p in told.panels})
    (base, *grown) = (_height(panel.strokes[0].xy) for panel in told.panels)
    assert grown == sorted(grown)
    assert grown[0] < grown[-1] == base
    assert {stroke.role for stroke in told.panels[0].strokes} == {"place"}


def _height(outline: tuple[tuple[float, float], ...]) -> float:
    return max(y for _, y in outline) - min(y for _, y in outline)


def test_without_an_earlier_picture_now_alone_is_shown() -> None:
    """A box that has just begun explains as far as it can."""
    finding, scene = _first_alert()
    told = story(finding, KeyFrames(), key_frame(scene))
    assert [panel.shown.at for panel in told.panels] == [scene.frame.captured_at]


def test_what_lay_before_a_seam_is_no_before() -> None:
    """After the camera was away nobody knows whether it is the same view."""
    finding, scene = _first_alert()
    kept = KeyFrames()
    earlier = replace(scene.frame, captured_at=scene.frame.captured_at - timedelta(seconds=90))
    kept.see(replace(scene, frame=earlier, tracks=()))
    kept.see(replace(scene, frame=replace(scene.frame, seam=True)))
    assert len(story(finding, kept, key_frame(scene)).panels) == 1


def test_a_camera_set_to_another_size_shows_nothing_of_before() -> None:
    """What was seen at another size does not fit the panels."""
    finding, scene = _first_alert()
    kept = KeyFrames()
    earlier = scene.frame.captured_at - timedelta(seconds=90)
    kept.see(replace(scene, frame=Frame(Street((160, 120)).picture(), earlier, 0.0, 0)))
    assert len(story(finding, kept, key_frame(scene)).panels) == 1


@pytest.mark.parametrize("reasons", [0, 1, 9])
@pytest.mark.parametrize("size_wh", [(64, 48), (240, 432), (1920, 1080)], ids=str)
def test_every_alert_can_be_drawn(size_wh: tuple[int, int], reasons: int) -> None:
    """Without reasons and with many long ones, of small, tall and large frames."""
    why = Sentence(zh="离开后物品停留，" * 30, en="It has stayed " * 20)
    site = Site(site_id="east-gate", name="东" * 80, address="西" * 200)
    alert = make_alert().model_copy(update={"reasons": (why,) * reasons, "site": site})
    finding, scene = make_finding(), make_scene(np.zeros((*size_wh[::-1], 3), np.uint8), [])
    picture = sheet(alert, story(finding, KeyFrames(), key_frame(scene)), UTC)
    assert picture.shape[1] == WIDE_PX


def _first_alert() -> tuple[Finding, Scene]:
    return make_finding(), make_scene(Street().picture(), [])


@pytest.mark.parametrize("long_side_px", [LONG_SIDE_PX, NOW_PX])
@pytest.mark.parametrize("index", [240], ids=lambda index: f"frame {index}")
def test_nobody_has_a_face(index: int, long_side_px: int, shared_data: Path) -> None:
    """Where YuNet finds a face in a real frame, it finds none in the picture that is kept of it."""
    pixels, box = visitor_frames(shared_data)[index], VISITORS[index]
    (face,) = faces(shared_data, pixels, box, 480, 0.6)
    at = test_charging.START
    kept = key_frame(Scene(Frame(pixels, at, 0.0, 0), np.array([box], np.float32)), long_side_px)
    shown = kept.pixels()
    here = tuple(round(edge * kept.scale) for edge in box)
    there = [edge * kept.scale for edge in face]
    for size_px in (320, 480, 960):
        for again in faces(shared_data, shown, (here[0], here[1], here[2], here[3]), size_px, 0.5):
            apart = np.hypot(again[0] - there[0], again[1] - there[1])
            assert apart > 10 * kept.scale


def test_without_a_detector_nothing_is_kept_before_people_are_told_by_their_motion() -> None:
    """Who stands in the first pictures would show his face."""
    kept = KeyFrames(detects=False)
    scenes = [Eye().look(frame) for frame in timed([Street().picture()] * 3)]
    for scene in scenes:
        kept.see(scene)
    assert not kept.all()


def test_the_line_is_bright_on_the_sheet(notebook: Notebook) -> None:
    """What is pointed at shows in its own color, in the panels that point at it."""
    ((_, jpeg),) = notebook.drawn
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), int)
    panel_px = (WIDE_PX - 2 * MARGIN_PX) // 4
    panels = [
        picture[HEAD_PX : HEAD_PX + 280, MARGIN_PX + k * panel_px :][:, :360] for k in range(4)
    ]
    red = [int((np.abs(panel - COLORS["thing"]).max(axis=2) < 40).sum()) for panel in panels]
    blue = [int((np.abs(panel - COLORS["carrier"]).max(axis=2) < 40).sum()) for panel in panels]
    assert [amount > 500 for amount in red] == [False, False, True, True]
    assert [amount > 500 for amount in blue[:2]] == [False, True]
