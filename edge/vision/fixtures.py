"""Fixtures: the vehicles that stand in one camera's picture, each remembered with its history.

One is known again by its place and its look (``edge.vision.known``).
While somebody stands before it nothing is decided; what the detector fails to see is there still
for as long as its place looks as it did; and what comes back to its place with its old look is the
old one. Times are counted, not read off a clock, so a restart or a wrong clock takes none away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge.video.frame import Pixels
from edge.vision.boxes import KINDS, VEHICLE, Detections, Floats, covered, iou
from edge.vision.known import SAME_LOOK, SAME_PLACE, Known, Look, patch, unit
from edge.vision.scene import Box, Parked

HIDDEN: Final = 0.25
"""Share of a box that who moves there covers, when nothing can be said of it."""
CONFIRM_S: Final = 1.0
CONFIRM_SIGHTINGS: Final = 2
GONE_S: Final = 6.0
GONE_LOOKS: Final = 2
"""Its place shows something else for so long, in so many looks at least: it has gone."""
UNCONFIRMED_S: Final = 20.0
REMEMBERED_S: Final = 900.0
"""So long what has gone is known again."""
MOST_STEP_S: Final = 10.0
"""A longer pause between two pictures is no time in which anybody saw it stand."""
MOST: Final = 64
STEADY: Final = 0.9
"""What a box and a look keep of themselves at each sighting."""


@dataclass(frozen=True, slots=True, eq=False)
class Fixture:
    """One thing that stands, or stood.

    Attributes:
        look: ``(known.PATCH_PX ** 2,)`` of zero mean and length 1.
        votes: How often the detector called it what.
        stood_s: For how long it has been known to stand; ``missed_s`` for how long its place has
            shown something else.
        accepted: Somebody said that it is always there, and may.
    """

    fixture_id: int
    xyxy: Floats
    look: Floats
    since_s: float
    seen_s: float
    votes: Counter[str] = field(default_factory=Counter)
    stood_s: float = 0.0
    missed_s: float = 0.0
    visible: bool = True
    accepted: bool = False

    @property
    def kind(self) -> str:
        """What most sightings say; ``vehicle`` where none knows better."""
        named = [name for name, _ in self.votes.most_common() if name != "vehicle"]
        return named[0] if named else "vehicle"

    @property
    def sightings(self) -> int:
        return self.votes.total()

    @property
    def confirmed(self) -> bool:
        return self.sightings >= CONFIRM_SIGHTINGS and self.seen_s - self.since_s >= CONFIRM_S

    def parked(self) -> Parked:
        left, top, right, bottom = (float(edge) for edge in self.xyxy)
        return Parked(
            fixture_id=self.fixture_id,
            xyxy=(left, top, right, bottom),
            kind=self.kind,
            since_s=self.since_s,
            stood_s=self.stood_s,
            visible=self.visible,
            accepted=self.accepted,
        )


class Fixtures:
    """Remembers what stands; ids count up and are never used again."""

    def __init__(self, always_there: Sequence[Known] = ()) -> None:
        self.always_there = tuple(always_there)
        self._here: list[Fixture] = []
        self._gone: list[Fixture] = []
        self._next_id = 1
        self._now_s: float | None = None

    @property
    def parked(self) -> tuple[Parked, ...]:
        return tuple(fixture.parked() for fixture in self._here if fixture.confirmed)

    def step(self, seen: Detections, moving: Floats, pixels: Pixels, now_s: float) -> None:
        """One more look.

        Args:
            seen: What the detector finds, anywhere or in a part of the picture.
            moving: ``(n, 4)`` boxes of what moves, and may hide what stands.
        """
        step_s = 0.0 if self._now_s is None else min(max(now_s - self._now_s, 0.0), MOST_STEP_S)
        self._now_s = now_s
        seen = seen.where(seen.label == VEHICLE)
        seen = seen.where(covered(seen.xyxy, moving).max(axis=1, initial=0.0) < HIDDEN)
        of = self._matched(seen)
        look = _Look(seen, moving, pixels, now_s, step_s)
        self._here = [
            look.follow(fixture, row) for fixture, row in zip(self._here, of, strict=True)
        ]
        for row in sorted(set(range(len(seen))) - {row for row in of if row is not None}):
            self._begin(seen, row, pixels, now_s)
        self._let_go(now_s)
        self._here = [self._judged(fixture, pixels) for fixture in self._here]

    def accept(self, always_there: Sequence[Known]) -> None:
        """Takes what a person says is always there, in place of what was said before.

        It sticks to what stands there for as long as it stands, and to what comes back there with
        that look.
        """
        self.always_there = tuple(always_there)
        self._here = [self._judged(fixture) for fixture in self._here]
        self._gone = [self._judged(fixture) for fixture in self._gone]

    def _judged(self, fixture: Fixture, pixels: Pixels | None = None) -> Fixture:
        """The fixture, accepted or not; by its own look, or that of the marked place now."""
        here = [known for known in self.always_there if known.is_at(fixture.xyxy)]
        shown = pixels if fixture.visible else None
        accepted = any(
            fixture.accepted
            or known.looks_like(fixture.look)
            or (shown is not None and known.is_shown(shown))
            for known in here
        )
        return fixture if accepted == fixture.accepted else replace(fixture, accepted=accepted)

    def saved(self) -> bytes:
        """All of it as a small file; ``restored`` is its inverse."""
        now_s = self._now_s or 0.0
        rows = tuple(_Row.of(fixture, now_s) for fixture in self._here if fixture.confirmed)
        return _File(next_id=self._next_id, here=rows).model_dump_json().encode()

    @classmethod
    def restored(cls, saved: bytes, now_s: float = 0.0) -> Fixtures:
        """What was remembered before a restart.

        Raises:
            ValueError: It is no such file.
        """
        try:
            file = _File.model_validate_json(saved)
        except ValidationError as error:
            raise ValueError("is no file of fixtures") from error
        fixtures = cls()
        fixtures._next_id = file.next_id
        fixtures._here = [row.fixture(now_s) for row in file.here]
        return fixtures

    def _matched(self, seen: Detections) -> list[int | None]:
        """For each fixture the sighting in its place, each sighting once."""
        overlap = iou(np.array([f.xyxy for f in self._here], np.float32).reshape(-1, 4), seen.xyxy)
        of: list[int | None] = [None] * len(self._here)
        while overlap.size and float(overlap.max()) >= SAME_PLACE:
            index, row = np.unravel_index(int(overlap.argmax()), overlap.shape)
            of[int(index)] = int(row)
            overlap[index, :] = overlap[:, row] = 0
        return of

    def _begin(self, seen: Detections, row: int, pixels: Pixels, now_s: float) -> None:
        look = patch(pixels, seen.xyxy[row])
        for old in self._gone:
            same_place = iou(old.xyxy[None], seen.xyxy[row][None])[0, 0] >= SAME_PLACE
            if same_place and float(old.look @ look) >= SAME_LOOK:
                self._gone.remove(old)
                self._here.append(replace(old, visible=True, missed_s=0.0, seen_s=now_s))
                return
        votes = Counter([_name_of(seen, row)])
        self._here.append(Fixture(self._next_id, seen.xyxy[row], look, now_s, now_s, votes))
        self._next_id += 1

    def _let_go(self, now_s: float) -> None:
        def stays(fixture: Fixture) -> bool:
            waits = fixture.confirmed or now_s - fixture.since_s < UNCONFIRMED_S
            return fixture.missed_s < GONE_S and waits

        left = [f for f in self._here if not stays(f) and f.confirmed]
        self._here = [f for f in self._here if stays(f)][-MOST:]
        self._gone = [f for f in [*self._gone, *left] if now_s - f.seen_s < REMEMBERED_S][-MOST:]


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """What one picture says of all fixtures."""

    seen: Detections
    moving: Floats
    pixels: Pixels
    now_s: float
    step_s: float

    def follow(self, fixture: Fixture, row: int | None) -> Fixture:
        """The fixture after this picture, seen in that row or not at all."""
        fixture = replace(fixture, stood_s=fixture.stood_s + self.step_s)
        if covered(fixture.xyxy[None], self.moving).max(initial=0.0) >= HIDDEN:
            return replace(fixture, visible=False)
        if row is not None:
            xyxy = STEADY * fixture.xyxy + (1 - STEADY) * self.seen.xyxy[row]
            look = unit(STEADY * fixture.look + (1 - STEADY) * patch(self.pixels, xyxy))
            votes = fixture.votes + Counter([_name_of(self.seen, row)])
            fixture = replace(fixture, xyxy=xyxy.astype(np.float32), look=look, votes=votes)
        elif float(patch(self.pixels, fixture.xyxy) @ fixture.look) < SAME_LOOK:
            step_s = min(self.step_s, GONE_S / GONE_LOOKS)
            return replace(fixture, visible=False, missed_s=fixture.missed_s + step_s)
        return replace(fixture, visible=True, missed_s=0.0, seen_s=self.now_s)


def _name_of(seen: Detections, row: int) -> str:
    kind = -1 if seen.kind is None else int(seen.kind[row])
    return KINDS[kind] if kind >= 0 else "vehicle"


class _Row(BaseModel):
    """One fixture in the file; ``since_s`` and ``seen_s`` are seconds before the saving."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fixture_id: Annotated[int, Field(ge=1)]
    xyxy: Box
    look: Look
    votes: dict[str, int]
    since_s: float
    seen_s: float
    stood_s: Annotated[float, Field(ge=0)]
    accepted: bool

    @classmethod
    def of(cls, fixture: Fixture, now_s: float) -> _Row:
        return cls(
            fixture_id=fixture.fixture_id,
            xyxy=fixture.parked().xyxy,
            look=fixture.look,
            votes=dict(fixture.votes),
            since_s=now_s - fixture.since_s,
            seen_s=now_s - fixture.seen_s,
            stood_s=fixture.stood_s,
            accepted=fixture.accepted,
        )

    def fixture(self, now_s: float) -> Fixture:
        return Fixture(
            fixture_id=self.fixture_id,
            xyxy=np.array(self.xyxy, np.float32),
            look=self.look,
            since_s=now_s - self.since_s,
            seen_s=now_s - self.seen_s,
            votes=Counter(self.votes),
            stood_s=self.stood_s,
            accepted=self.accepted,
        )


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    next_id: Annotated[int, Field(ge=1)]
    here: tuple[_Row, ...]
