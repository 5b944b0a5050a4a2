"""What a person marks as always there alerts no more, in a box that runs on."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import structlog
from typer.testing import CliRunner

from edge.agent import Agent, Identity
from edge.always_there import MOST_RAISED, RaisedTable, raised_in
from edge.always_there_watch import NotingExplainer
from edge.config import ChargingConfig, ConstructionConfig, DumpingConfig
from edge.explain.explainer import NoExplainer
from edge.ids import uuid7
from edge.remembering import RememberingAgent, memory_of, raised_of
from edge.scenarios.charging import Charging
from edge.scenarios.construction import Construction
from edge.scenarios.dumping import Dumping
from edge.scenarios.finding import Finding
from edge.scenarios.night import Night
from edge.testing import FaultyDisk, ManualClock, PowerCut
from edge.uplink.outbox import Outbox
from edge.video.frame import Frame, Pixels
from edge.vision.boxes import KINDS, VEHICLE, Detections
from edge.vision.eye import Eye
from edge.vision.scene import Parked, Scene, Thing, Track
from sanse.commands.edge import app
from tests.edge.footage import frames_of
from tests.edge.test_agent import Diary
from tests.edge.test_charging import BIKE, Street, picture
from tests.edge.test_dumping import BAG, STAY_S, THING, passes, standing
from wire import Alert, Evidence, Site

START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
DEMO = Path(__file__).parents[2] / "sanse" / "demo" / "dumping.mp4"
NOBODY = np.empty((0, 4), np.float32)
EVIDENCE = Evidence(state="unavailable", reason="a test keeps none")


@dataclass
class Sink:
    """Takes alerts, keeps no evidence."""

    filed: list[Alert] = field(default_factory=list)

    def file(self, alert: Alert) -> None:
        self.filed.append(alert)

    def keep(self, scene: Scene, finding: Finding) -> Evidence:
        return EVIDENCE


def street(seed: int = 3, wh: tuple[int, int] = (400, 300)) -> Pixels:
    """Blocks of ten pixels, each of its own gray."""
    blocks = np.random.default_rng(seed).uniform(40, 200, (wh[1] // 10, wh[0] // 10))
    gray = np.kron(blocks, np.ones((10, 10)))[..., None]
    return np.repeat(gray, 3, axis=2).astype(np.uint8)


def command(state: Path, *argv: str) -> tuple[int, str, str]:
    config = state.parent / "box.toml"
    config.write_text('[box]\nstate_dir = "state"\n')
    result = CliRunner().invoke(app, ["always-there", "--config", str(config), *argv])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def identity() -> Identity:
    site = Site(site_id="gate", name="Gate")
    return Identity("harbour", "gate-7", "yard", site, uuid4(), "camera", None, "sanse 0.1")


Things = Callable[[float], tuple[list[Track], list[Thing]]]


class Told:
    """An eye that is told what there is."""

    def __init__(self) -> None:
        self.cast: Things = lambda now_s: ([], [])
        self.began_s = 0.0

    def look(self, frame: Frame) -> Scene:
        tracks, things = self.cast(frame.monotonic_s - self.began_s)
        later = [
            replace(
                thing,
                appeared_s=thing.appeared_s + self.began_s,
                calm_since_s=thing.calm_since_s + self.began_s,
            )
            for thing in things
        ]
        return Scene(frame, NOBODY, True, tuple(tracks), tuple(later))


class DumpingBox:
    """A box that watches for dumping; a bag is brought as often as asked."""

    def __init__(self, state: Path) -> None:
        self.state, self.sink, self.brought, self.now_s = state, Sink(), 0, 0.0
        self.start()

    def start(self) -> None:
        self.eye = Told()
        self.dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, UTC), uuid7)
        agent = Agent(identity(), self.eye, [self.dumping], self.sink, self.sink)
        self.agent = RememberingAgent(agent, memory_of(self.state, "yard"), self.state, True)
        self.now_s = 0.0

    def restart(self) -> None:
        self.agent.close()
        self.start()

    def bring(
        self, look: int = 5, light: float = 1.0, area_px: int = 600, until_s: float = 30
    ) -> list[Alert]:
        """A bag is brought, stays, and goes; alerts of it alone."""
        before, self.brought = len(self.sink.filed), self.brought + 1
        bag = replace(THING, thing_id=self.brought, area_px=area_px)

        def cast(now_s: float) -> tuple[list[Track], list[Thing]]:
            tracks = [replace(t, track_id=100 + self.brought) for t in passes(now_s)]
            there = standing(now_s, bag) if now_s < until_s else []
            return tracks, there

        self.play(cast, 40, look, light, until_s)
        return self.sink.filed[before:]

    def play(
        self,
        cast: Things,
        seconds: float,
        look: int,
        light: float = 1.0,
        until_s: float = 1e9,
        *,
        seam: bool = False,
    ) -> None:
        empty = street()
        left, top, right, bottom = (int(edge) for edge in BAG)
        full = empty.copy()
        full[top:bottom, left:right] = street(look)[top:bottom, left:right]
        self.eye.cast, self.eye.began_s = cast, self.now_s
        for k in range(round(seconds * 10)):
            now_s = self.now_s + k / 10
            picture = full if 4.3 <= k / 10 < until_s else empty
            lit = (picture * light).clip(0, 255).astype(np.uint8)
            at = START + timedelta(seconds=now_s)
            self.agent.step(Frame(lit, at, now_s, k, seam and k == 0))
        self.now_s += seconds


def phases(alerts: list[Alert]) -> list[str]:
    return [alert.phase for alert in alerts]


def test_dumping_comes_again_each_night_and_alerts_once(state: Path) -> None:
    """Marked, it is silent with that look, in another light, and after a restart."""
    box = DumpingBox(state)
    first = box.bring()
    assert phases(first) == ["opened", "closed"]
    code, out, _ = command(state, str(first[0].alert_id), "--note", "the shop's bin")
    assert code == 0
    assert "alerts no more" in out
    assert "the shop's bin" in command(state, "--list")[1]
    assert not box.bring()
    assert not box.bring(light=0.4)
    box.restart()
    assert not box.bring()
    assert len(box.dumping.places) == 1


@pytest.mark.slow
def test_a_clip_that_comes_round(state: Path) -> None:
    """What is left at the gate alerts in the first loop, and in none after it was marked."""
    if not DEMO.exists():
        pytest.skip("the bundled clip has not been composed yet")
    sink = Sink()

    def loop(light: float) -> list[Alert]:
        before = len(sink.filed)
        dumping = Dumping(DumpingConfig(stay_s=STAY_S), Night(None, UTC), uuid7)
        agent = Agent(identity(), Eye(), [dumping], sink, sink)
        remembering = RememberingAgent(agent, memory_of(state, "yard"), state, False)
        for frame in frames_of(DEMO):
            lit = (frame.pixels * light).clip(0, 255).astype(np.uint8)
            remembering.step(replace(frame, pixels=lit))
        remembering.close()
        return sink.filed[before:]

    (opened,) = loop(1.0)
    assert command(state, str(opened.alert_id))[0] == 0
    assert not loop(1.0)
    assert not loop(0.7)


def test_another_thing_at_that_place_alerts(state: Path) -> None:
    box = DumpingBox(state)
    command(state, str(box.bring()[0].alert_id))
    assert phases(box.bring(look=8)) == ["opened", "closed"]
    assert phases(box.bring(area_px=1300)) == ["opened", "closed"]


def test_an_open_alert_closes_with_the_reason(state: Path) -> None:
    """Marked while the heap lies there, its alert ends, and what is said is true."""
    box = DumpingBox(state)
    (opened,) = box.bring(until_s=1e9)
    command(state, str(opened.alert_id))
    box.play(lambda now_s: ([], [replace(THING, thing_id=1)]), 5, 5)
    closed = box.sink.filed[-1]
    assert (closed.alert_id, closed.phase, closed.revision) == (opened.alert_id, "closed", 1)
    assert "always there" in closed.reasons[0].en
    assert "常设" in closed.reasons[0].zh


def test_an_open_alert_of_before_a_seam_closes_with_the_reason(state: Path) -> None:
    """Its camera was opened anew since: the heap is not followed any more, and the mark holds."""
    box = DumpingBox(state)
    (opened,) = box.bring(until_s=1e9)
    box.play(lambda now_s: ([], []), 5, 5, seam=True)
    assert box.sink.filed == [opened]
    command(state, str(opened.alert_id))
    box.play(lambda now_s: ([], []), 5, 5)
    (closed,) = box.sink.filed[1:]
    assert (closed.alert_id, closed.phase) == (opened.alert_id, "closed")
    assert "always there" in closed.reasons[0].en


def test_a_thing_that_came_twice_is_told_once_when_its_mark_is_taken_back(state: Path) -> None:
    """Held back before a seam and after it, it is one alert."""
    box = DumpingBox(state)
    alert_id = str(box.bring()[0].alert_id)
    command(state, alert_id)
    assert not box.bring(until_s=1e9)
    box.play(lambda now_s: ([], []), 5, 5, seam=True)
    assert not box.bring(until_s=1e9)
    command(state, alert_id, "--undo")
    lying = replace(THING, thing_id=box.brought)
    box.play(lambda now_s: ([], [lying]), 5, 5)
    assert phases(box.sink.filed[2:]) == ["opened"]


def test_a_mark_that_is_taken_back(state: Path) -> None:
    """The same thing alerts again, at once where it is there."""
    box = DumpingBox(state)
    alert_id = str(box.bring()[0].alert_id)
    command(state, alert_id)
    assert not box.bring(until_s=1e9)
    assert command(state, alert_id, "--undo")[0] == 0
    lying = replace(THING, thing_id=box.brought)
    box.play(lambda now_s: ([], [lying]), 5, 5)
    assert phases(box.sink.filed[-1:]) == ["opened"]
    assert str(box.sink.filed[-1].alert_id) != alert_id
    assert command(state, "--list")[1] == ""
    box.play(lambda now_s: ([], []), 10, 5)
    assert phases(box.sink.filed[-2:]) == ["opened", "closed"]


def test_where_something_was_raised_before_is_known_after_a_restart(state: Path) -> None:
    box = DumpingBox(state)
    box.bring()
    box.restart()
    opened = box.bring()[0]
    assert getattr(opened.facts, "earlier", None) == 1


class Bike:
    """A detector that sees one e-bike wherever it is told to."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        self.box = box

    def detect(self, pixels: Pixels) -> Detections:
        xyxy = np.array([self.box], np.float32)
        kind = np.array([KINDS.index("e-bike")])
        return Detections(xyxy, np.ones(1, np.float32), np.array([VEHICLE]), kind)


class ChargingBox:
    """A box that watches a bike on a cable."""

    def __init__(self, state: Path, live: bool = True) -> None:
        self.state, self.sink, self.live = state, Sink(), live
        self.start()

    def start(self) -> None:
        self.eye = Eye(Bike(BIKE))
        charging = Charging(ChargingConfig(dwell_s=5), Night(None, UTC), uuid7)
        agent = Agent(identity(), self.eye, [charging], self.sink, self.sink)
        memory = memory_of(self.state, "yard")
        self.agent = RememberingAgent(agent, memory, self.state, self.live)

    def watch(
        self, since_s: int, until_s: int, light: float = 1.0, shown: Street | None = None
    ) -> list[Alert]:
        before = len(self.sink.filed)
        for k in range(since_s * 2, until_s * 2):
            seen = picture(shown or Street(), k % 7)
            left, top, right, bottom = (int(edge) for edge in BIKE)
            seen[top + 10 : bottom, left:right] = street(5)[top + 10 : bottom, left:right] // 2
            lit = (seen * light).clip(0, 255).astype(np.uint8)
            self.agent.step(Frame(lit, START + timedelta(seconds=k / 2), k / 2, k))
        return self.sink.filed[before:]

    def restart(self) -> None:
        self.agent.close()
        self.start()

    @property
    def bike(self) -> Parked:
        (bike,) = self.eye.fixtures.parked
        return bike


def test_a_bike_that_is_always_there(state: Path) -> None:
    """Marked, its alert ends with the reason, and neither dusk nor a restart begins another."""
    box = ChargingBox(state)
    (opened,) = box.watch(0, 24)
    assert command(state, str(opened.alert_id))[0] == 0
    (closed,) = box.watch(24, 28)
    assert (closed.alert_id, closed.phase) == (opened.alert_id, "closed")
    assert "always there" in closed.reasons[0].en
    box.restart()
    assert not box.watch(0, 20)
    box.start()
    assert not box.watch(0, 20, light=0.6)
    assert box.bike.accepted
    command(state, str(opened.alert_id), "--undo")
    assert phases(box.watch(20, 45, light=0.6)) == ["opened"]


@pytest.mark.parametrize("live", [True, False], ids=["a camera", "a recording"])
def test_how_long_a_bike_has_stood(state: Path, live: bool) -> None:
    """A camera's outlives a restart; a recording begins anew."""
    box = ChargingBox(state, live)
    box.watch(0, 25)
    before = box.bike
    box.restart()
    box.watch(0, 15)
    assert (box.bike.stood_s > before.stood_s) == live


def test_an_open_charging_alert_outlives_a_restart(state: Path) -> None:
    """It is not told again, and it is closed when its cable has gone."""
    box = ChargingBox(state)
    (opened,) = box.watch(0, 24)
    box.restart()
    assert not box.watch(0, 24)
    box.restart()
    (closed,) = box.watch(0, 40, shown=Street(cables=()))
    assert (closed.alert_id, closed.phase) == (opened.alert_id, "closed")
    assert closed.revision > opened.revision


def test_a_memory_of_before_charging_was_remembered_serves(state: Path) -> None:
    """It holds what stands, and nothing that is open on it."""
    box = ChargingBox(state)
    box.watch(0, 24)
    box.agent.close()
    file = state / "memory" / "yard" / "fixtures.zip"
    with zipfile.ZipFile(file) as kept:
        members = {name: kept.read(name) for name in kept.namelist()}
    assert members.pop("charging.json")
    with zipfile.ZipFile(file, "w") as older:
        for name, held in members.items():
            older.writestr(name, held)
    box.start()
    assert phases(box.watch(0, 24)) == ["opened"]


def test_construction_is_kept(state: Path) -> None:
    """The baseline of before the restart is the baseline after it."""

    def started(at_h: int) -> Construction:
        night = Night(None, UTC)
        construction = Construction(ConstructionConfig(), None, night, uuid7)
        agent = Agent(identity(), Told(), [construction], Sink(), Sink())
        remembering = RememberingAgent(agent, memory_of(state, "yard"), state, True)
        remembering.step(Frame(street(), START + timedelta(hours=at_h), 5.0, 0))
        remembering.close()
        return construction

    started(0)
    learned = started(100).learned
    assert learned is not None
    assert learned.baseline_at == START


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((str(uuid4()),), "none of the last alerts"),
        (("yard-7",), "is no number of an alert"),
        ((str(uuid4()), "--undo"), "is not marked; --list prints what is"),
        ((), "want one of"),
        ((str(uuid4()), "--list"), "want one of"),
    ],
    ids=["unknown", "no number", "not marked", "nothing asked", "too much asked"],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    state: Path, argv: tuple[str, ...], said: str
) -> None:
    code, out, err = command(state, *argv)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_the_last_alerts_can_be_marked(state: Path) -> None:
    """Each camera's table is bounded, and a torn one is begun anew."""
    box = DumpingBox(state)
    alert = box.bring()[0]
    assert command(state, "--raised")[1].startswith(f"{alert.alert_id} dumping yard ")
    path = raised_of(state, "yard")
    (known,) = raised_in(path)
    table = RaisedTable(path)
    for _ in range(MOST_RAISED + 5):
        table.note(known.model_copy(update={"alert_id": uuid7(START)}))
    assert len(list(raised_in(path))) == MOST_RAISED
    assert path.stat().st_size < 200_000
    path.write_text("{")
    RaisedTable(path).note(known)
    assert list(raised_in(path)) == [known]
    assert path.with_name("raised.aside-1.json").read_text() == "{"


@pytest.mark.parametrize("fails_at", [1, 2], ids=["the write", "the rename"])
def test_a_power_cut_before_the_table_costs_no_alert(state: Path, fails_at: int) -> None:
    """The alert waits in the outbox all the same; it cannot be marked, and the next one can."""
    path, clock = raised_of(state, "yard"), ManualClock()

    def look(table: RaisedTable, outbox: Outbox) -> None:
        diary = Diary(EVIDENCE)
        noting = NotingExplainer(NoExplainer(), table)
        agent = Agent(identity(), Told(), [diary], diary, outbox, explainer=noting)
        agent.step(Frame(street(), START, 0.0, 0))

    outbox = Outbox(state / "outbox.db", clock)
    with pytest.raises(PowerCut):
        look(RaisedTable(path, FaultyDisk(fails_at, PowerCut())), outbox)
    outbox.close()
    clock.reboot()

    outbox = Outbox(state / "outbox.db", clock)
    filed = [outbox.get(sha256) for sha256 in outbox.queue(9)]
    (alert_id,) = [waiting.alert_id for waiting in filed if waiting is not None]
    assert "none of the last alerts" in command(state, str(alert_id))[2]
    look(RaisedTable(path), outbox)
    outbox.close()
    (known,) = raised_in(path)
    assert known.alert_id != alert_id
    assert command(state, str(known.alert_id))[0] == 0


def test_a_mark_that_is_not_understood_is_said_and_the_others_hold(state: Path) -> None:
    """One of a later version, and one that is torn."""
    box = DumpingBox(state)
    alert_id = str(box.bring()[0].alert_id)
    command(state, alert_id)
    later = (state / "always-there" / f"{alert_id}.json").read_text().replace(": 1,", ": 2,", 1)
    (state / "always-there" / f"{uuid4()}.json").write_text(later)
    (state / "always-there" / f"{uuid4()}.json").write_text("{")
    with structlog.testing.capture_logs() as said:
        assert not box.bring()
    assert [str(line["event"]).count("this mark is not understood") for line in said] == [1, 1]
    assert command(state, "--list")[1].count("\n") == 1
