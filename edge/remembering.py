"""An agent that remembers: restored at its first frame, saved with each alert and at times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from edge.agent import Agent
from edge.always_there import MarkFolder, RaisedTable
from edge.always_there_watch import CameraMarks, NotingExplainer, ReasonedWatch
from edge.memory import CameraMemory, Learner, Members
from edge.scenarios.charging import Case, Charging
from edge.scenarios.construction import Construction
from edge.scenarios.dumping import Dumping
from edge.video.frame import Frame
from edge.vision.eye import Eye
from edge.vision.fixtures import Fixtures
from edge.vision.known import Known
from edge.vision.scene import Box

SAVE_EVERY_S: Final = 300.0

_MEMORY: Final = "memory"
_RAISED: Final = "raised.json"
_OPEN: Final = "open.json"
_CASES: Final = TypeAdapter[tuple[Case, ...]](tuple[Case, ...])
_PLACES: Final = TypeAdapter[tuple[Box, ...]](tuple[Box, ...])


class RememberingAgent:
    """One camera's agent with its memory and the marks of what is always there."""

    def __init__(self, agent: Agent, memory: CameraMemory, state_dir: Path, live: bool) -> None:
        """``live``: a recording begins anew each time, and what stands in it does too."""
        camera_id = agent.identity.camera_id
        self._memory = memory
        self._marks = CameraMarks(marks_in(state_dir), camera_id)
        self._eye = agent.eye if isinstance(agent.eye, Eye) else None
        self._dumpings = [s for s in agent.scenarios if isinstance(s, Dumping)]
        self._constructions = [s for s in agent.scenarios if isinstance(s, Construction)]
        self._learners: dict[str, Learner] = {}
        if live and self._eye is not None:
            chargings = [s for s in agent.scenarios if isinstance(s, Charging)]
            self._learners["fixtures"] = _FixturesLearner(self._eye, chargings)
        for dumping in self._dumpings:
            self._learners["dumping"] = _DumpingLearner(dumping, live)
        for construction in self._constructions:
            self._learners["construction"] = _ConstructionLearner(construction)
        table = RaisedTable(raised_of(state_dir, camera_id))
        self._notes = NotingExplainer(agent.explainer, table)
        self._agent = replace(
            agent,
            scenarios=[ReasonedWatch(scenario, self._marks) for scenario in agent.scenarios],
            explainer=self._notes,
        )
        self._last: Frame | None = None
        self._saved_s = 0.0

    def step(self, frame: Frame) -> None:
        if self._last is None:
            self._memory.restore(self._learners, frame)
            self._saved_s = frame.monotonic_s
        if self._marks.refresh(frame):
            self._accept()
        self._agent.step(frame)
        self._last = frame
        is_due = not 0 <= frame.monotonic_s - self._saved_s < SAVE_EVERY_S
        if is_due or self._notes.noted:
            self._memory.save(self._learners, frame, proven=is_due)
            self._notes.noted = False
        if is_due:
            self._saved_s = frame.monotonic_s

    def close(self) -> None:
        """Saves; where the agent broke, its memory is not trusted and this is not called."""
        if self._last is not None:
            self._memory.save(self._learners, self._last)

    def _accept(self) -> None:
        if self._eye is not None:
            every = self._marks.known("charging").values()
            self._eye.fixtures.accept([known for one in every for known in one])
        for dumping in self._dumpings:
            dumping.accept(self._marks.dumped())
        marked: Mapping[UUID, Known] = {
            key: one[0] for key, one in self._marks.known("construction").items() if one
        }
        for construction in self._constructions:
            construction.accept(marked)


def marks_in(state_dir: Path) -> MarkFolder:
    """The marks of one box."""
    return MarkFolder(state_dir / "always-there")


def memory_of(state_dir: Path, camera_id: str) -> CameraMemory:
    return CameraMemory(state_dir / _MEMORY / camera_id, camera_id)


def raised_of(state_dir: Path, camera_id: str) -> Path:
    """The table of a camera's last alerts."""
    return state_dir / _MEMORY / camera_id / _RAISED


def all_raised_of(state_dir: Path) -> list[Path]:
    """The tables of all cameras, of which some may not be there yet.

    Raises:
        OSError: The state folder cannot be read.
    """
    memory = state_dir / _MEMORY
    names = sorted(camera.name for camera in memory.iterdir()) if memory.exists() else []
    return [raised_of(state_dir, name) for name in names]


class _FixturesLearner:
    """What stands, and what is open on it: either without the other would mislead."""

    def __init__(self, eye: Eye, chargings: Sequence[Charging]) -> None:
        self._eye = eye
        self._chargings = chargings

    def epoch(self) -> str:
        return ""

    def saved(self) -> Members | None:
        cases = tuple(case for charging in self._chargings for case in charging.cases)
        return {
            "fixtures.json": self._eye.fixtures.saved(),
            "charging.json": _CASES.dump_json(cases),
        }

    def restore(self, saved: Members, frame: Frame) -> None:
        fixtures = Fixtures.restored(_member(saved, "fixtures.json"), frame.monotonic_s)
        try:
            cases = _CASES.validate_json(saved.get("charging.json", b"[]"))
        except ValidationError as error:
            raise ValueError("it is no list of open alerts") from error
        self._eye.fixtures = fixtures
        for charging in self._chargings:
            charging.recall(cases)


class _DumpingLearner:
    """Where something was raised, and, of a camera, what of it is open."""

    def __init__(self, dumping: Dumping, live: bool) -> None:
        self._dumping = dumping
        self._live = live

    def epoch(self) -> str:
        return ""

    def saved(self) -> Members | None:
        places, opened = self._dumping.places, self._dumping.saved() if self._live else b""
        if not places and not opened:
            return None
        return {"places.json": _PLACES.dump_json(places)} | ({_OPEN: opened} if opened else {})

    def restore(self, saved: Members, frame: Frame) -> None:
        try:
            places = _PLACES.validate_json(_member(saved, "places.json"))
        except ValidationError as error:
            raise ValueError("it is no list of places") from error
        self._dumping.recall(places, frame.wh)
        if self._live and _OPEN in saved:
            self._dumping.resume(saved[_OPEN], frame)


class _ConstructionLearner:
    def __init__(self, construction: Construction) -> None:
        self._construction = construction

    def epoch(self) -> str:
        learned = self._construction.learned
        return "" if learned is None else learned.baseline_at.isoformat()

    def saved(self) -> Members | None:
        return self._construction.saved()

    def restore(self, saved: Members, frame: Frame) -> None:
        self._construction.restore(saved, frame)


def _member(saved: Members, name: str) -> bytes:
    try:
        return saved[name]
    except KeyError as error:
        raise ValueError(f"{name} is missing") from error
