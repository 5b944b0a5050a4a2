"""An open dumping outlives a restart and a change of light, followed by its look until it goes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pytest

from edge.agent import Agent
from edge.config import DumpingConfig
from edge.ids import uuid7
from edge.memory import packed, read
from edge.remembering import RememberingAgent, memory_of
from edge.scenarios.dumping import Dumping
from edge.scenarios.night import Night
from edge.video.frame import Frame, Pixels
from edge.vision.eye import Eye
from edge.vision.scene import Box, Parked, Scene, Thing, Track
from tests.edge.test_always_there import Sink, identity, phases, street
from tests.edge.test_dumping import BAG, NOBODY, START, STAY_S, THING, passes, standing, walker
from wire import Alert, DumpingFacts

EMPTY: Final = street()
DEMO_FPS: Final = 12
LAY_S: Final = 20
"""So long the load of the bundled clip lies there after the restart, and 60 s its place is bare."""


def demo() -> list[Pixels]:
    """The bundled clip."""
    clip, shown = cv2.VideoCapture(str(files("sanse") / "demo" / "dumping.mp4")), []
    while (read := clip.read())[0]:
        shown.append(read[1].astype(np.uint8, copy=False))
    return shown


def after(shown: list[Pixels]) -> list[Pixels]:
    """Its last moments, over and over, and then its first ones."""
    return [*shown[-10:] * (LAY_S * DEMO_FPS // 10 + 1), *shown[:8] * (60 * DEMO_FPS // 8)]


def with_bag(light: float = 1.0, look: int = 5) -> Pixels:
    left, top, right, bottom = (int(edge) for edge in BAG)
    seen = EMPTY.copy()
    seen[top:bottom, left:right] = street(look)[top:bottom, left:right]
    return (seen * light).clip(0, 255).astype(np.uint8)


class Told:
    """An eye that is told what it sees."""

    tracks: Sequence[Track] = ()
    things: Sequence[Thing] = ()
    parked: Sequence[Parked] = ()
    settled = True

    def look(self, frame: Frame) -> Scene:
        seen = tuple(self.tracks), tuple(self.things)
        return Scene(frame, NOBODY, self.settled, *seen, NOBODY, tuple(self.parked))


class Camera:
    """A box whose clock begins anew at each start; a bag lies there from the first one on."""

    def __init__(self, state: Path, live: bool = True) -> None:
        self.state, self.live, self.sink, self.off_s = state, live, Sink(), 0.0
        self.start()
        for k in range(250):
            self.now_s = k / 10
            self.eye.tracks, self.eye.things = passes(self.now_s), standing(self.now_s)
            self.step(with_bag() if self.now_s > 4 else EMPTY)
        self.eye.tracks = ()

    def start(self) -> None:
        self.eye, self.now_s = Told(), 0.0
        self.dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, UTC), uuid7)
        agent = Agent(identity(), self.eye, [self.dumping], self.sink, self.sink)
        memory = memory_of(self.state, "yard")
        self.agent = RememberingAgent(agent, memory, self.state, self.live)

    def restart(self, off_s: float = 600.0, *, power_cut: bool = False) -> None:
        if not power_cut:
            self.agent.close()
        self.off_s += self.now_s + off_s
        self.start()

    def step(self, picture: Pixels) -> None:
        at = START + timedelta(seconds=self.off_s + self.now_s)
        self.agent.step(Frame(picture, at, self.now_s, round(self.now_s * 10)))

    def watch(self, picture: Pixels, seconds: float) -> list[Alert]:
        before = len(self.sink.filed)
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self.step(picture)
        return self.sink.filed[before:]

    def begins_anew(self, light: float) -> None:
        """The light changes at once, and the load is part of the eye's new reference."""
        self.eye.settled, self.eye.things = False, ()
        self.watch(with_bag(light), 5)
        self.eye.settled = True


@pytest.fixture
def box(tmp_path: Path) -> Camera:
    box = Camera(tmp_path)
    assert phases(box.sink.filed) == ["opened"]
    return box


@pytest.mark.parametrize("power_cut", [False, True], ids=["shut down", "power cut"])
def test_it_outlives_a_restart(box: Camera, power_cut: bool) -> None:
    """While it lies there nothing is told; once the ground shows it closes, with the time."""
    (opened,) = box.sink.filed
    box.restart(power_cut=power_cut)
    assert not box.watch(with_bag(), 300)
    (closed,) = box.watch(EMPTY, 60)
    assert (closed.alert_id, closed.phase) == (opened.alert_id, "closed")
    assert closed.revision > opened.revision
    stayed_s = 25 + 600 + 300 - 8
    assert isinstance(closed.facts, DumpingFacts)
    assert closed.facts.stayed_s == pytest.approx(stayed_s, abs=25 if power_cut else 3)
    assert closed.reasons[0].en == "It is gone, after 15 min"


def test_what_was_taken_while_the_box_was_off(box: Camera) -> None:
    box.restart()
    assert phases(box.watch(EMPTY, 60)) == ["closed"]
    box.restart()
    assert not box.watch(EMPTY, 60)


@pytest.mark.parametrize("light", [0.5, 1.4], ids=["dark", "bright"])
def test_it_outlives_a_change_of_light(box: Camera, light: float) -> None:
    """The eye begins anew, with the load in its reference."""
    box.begins_anew(light)
    assert not box.watch(with_bag(light), 300)
    assert phases(box.watch((EMPTY * light).clip(0, 255).astype(np.uint8), 60)) == ["closed"]


AROUND: Final[Box] = (90.0, 100.0, 150.0, 210.0)


def test_who_stands_before_it_takes_nothing_away(box: Camera) -> None:
    """Nor does a van that has come to stand there; what the place shows after it counts."""
    box.restart()
    box.watch(with_bag(), 5)
    box.eye.tracks = [walker(95)]
    assert not box.watch(EMPTY, 100)
    box.eye.tracks = ()
    box.eye.parked = [Parked(1, AROUND, "vehicle", since_s=box.now_s, stood_s=9.0)]
    assert not box.watch(EMPTY, 400)
    box.eye.parked = ()
    assert not box.watch(with_bag(), 60)
    assert phases(box.watch(EMPTY, 60)) == ["closed"]


def test_a_look_between_both_decides_nothing(box: Camera) -> None:
    """Half of it is covered by snow: it may lie there, and stays open."""
    box.restart()
    half = with_bag()
    half[185:200, 105:130] = EMPTY[185:200, 105:130]
    assert not box.watch(half, 300)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.zeros_like(EMPTY), id="black"),
        pytest.param(np.full_like(EMPTY, 255), id="white"),
        pytest.param(np.random.default_rng(1).integers(0, 9, EMPTY.shape, np.uint8), id="dark"),
        pytest.param(np.roll(EMPTY, 40, axis=1), id="moved"),
    ],
)
def test_who_cannot_see_closes_nothing(box: Camera, picture: Pixels) -> None:
    """A lamp that fails, a covered lens, a camera that was turned: it may lie there still."""
    box.restart()
    box.watch(with_bag(), 5)
    assert not box.watch(picture, 300)
    assert not box.watch(with_bag(), 60)
    assert phases(box.watch(EMPTY, 60)) == ["closed"]


def test_a_glimpse_of_something_else_closes_nothing(box: Camera) -> None:
    """Two of them, half a minute apart, are no more than two glimpses."""
    box.restart()
    for _ in range(4):
        assert not box.watch(EMPTY, 3)
        assert not box.watch(with_bag(), 30)


def test_what_is_saved_before_the_eye_has_settled(box: Camera) -> None:
    """A box that is shut down at once, in a storm, forgets nothing."""
    box.restart()
    box.eye.settled = False
    box.watch(with_bag(), 1)
    box.restart()
    assert phases(box.watch(EMPTY, 60)) == ["closed"]


def test_what_is_put_to_it_makes_it_larger(box: Camera) -> None:
    """As it would have without the restart: an update, and no second alert."""
    (opened,) = box.sink.filed
    box.restart()
    box.watch(with_bag(), 20)
    more = replace(THING, xyxy=(130, 170, 160, 200), appeared_s=23, calm_since_s=23)
    told = []
    for _ in range(900):
        since_s = box.now_s - 20
        box.eye.tracks = [walker(95 + 35 * (since_s - 3), since_s=20.0)] if since_s < 10 else ()
        box.eye.things = [more] if since_s > 4.3 else ()
        told += box.watch(with_bag(), 0.1)
    (updated,) = told
    assert (updated.alert_id, updated.phase) == (opened.alert_id, "updated")
    assert updated.facts.area_px == 1200


def test_a_recording_begins_anew(tmp_path: Path) -> None:
    """What lies in it lies there each time it is played."""
    box = Camera(tmp_path, live=False)
    box.restart()
    assert not box.watch(EMPTY, 60)


def test_a_torn_memory_is_said_and_costs_only_what_was_open(
    box: Camera, capsys: pytest.CaptureFixture[str]
) -> None:
    box.agent.close()
    file = box.state / "memory" / "yard" / "dumping.zip"
    file.write_bytes(file.read_bytes()[:-40])
    box.restart(power_cut=True)
    assert not box.watch(EMPTY, 60)
    assert "what was learned for dumping cannot be used" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: b"{}", id="another list"),
        pytest.param(lambda kept: re.sub(rb'"look":\[[^]]*\]', b'"look":{}', kept), id="no look"),
    ],
)
def test_an_unknown_list_of_what_is_open_costs_no_places(
    box: Camera, change: Callable[[bytes], bytes]
) -> None:
    """A later version's, or a torn one: where something was raised before is known still."""
    box.agent.close()
    file = box.state / "memory" / "yard" / "dumping.zip"
    about, members = read(file)
    file.write_bytes(packed(about, members | {"open.json": change(members["open.json"])}))
    box.restart(power_cut=True)
    box.watch(EMPTY, 1)
    assert box.dumping.places


@pytest.mark.parametrize("light", [1.0, 0.6], ids=["same light", "dusk"])
def test_the_bundled_clip(tmp_path: Path, light: float) -> None:
    """Through the real eye: bag and box still lie there after the restart, and then do not."""
    sink, shown = Sink(), demo()
    for began_at, pictures in ((START, shown), (START + timedelta(minutes=5), after(shown))):
        dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, UTC), uuid7)
        agent = Agent(identity(), Eye(), [dumping], sink, sink)
        box = RememberingAgent(agent, memory_of(tmp_path, "gate"), tmp_path, True)
        for k, picture in enumerate(pictures):
            dim = light if pictures is not shown else 1.0
            lit = (picture * dim).clip(0, 255).astype(np.uint8)
            now_s = k / DEMO_FPS
            box.step(Frame(lit, began_at + timedelta(seconds=now_s), now_s, k))
            if pictures is not shown and now_s == LAY_S:
                assert phases(sink.filed) == ["opened"]
        box.close()
    assert phases(sink.filed)[-1] == "closed"
    assert len({alert.alert_id for alert in sink.filed}) == 1
