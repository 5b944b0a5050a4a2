"""What construction has learned of one camera, as files: JSON, and a PNG for each picture and mask.

Times go into the files as ages, because no monotonic clock outlives a restart; the time in between
is read off the frames' wall clock and counts for what stands, not for the fit of the baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Annotated, Final
from uuid import UUID

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge.scenarios.construction_place import Place, Sight
from edge.scenarios.finding import Finding
from edge.video.frame import Pixels
from edge.vision.baseline import MOST_PICTURES, Baseline, Crops, Kept
from edge.vision.boxes import Bools

MOST_SIGHTS: Final = 500
"""Of one place in the files: the first, and the last ones."""
MOST_PLACES: Final = 64
MOST_SETTLED: Final = 32
MOST_UNSEEN: Final = 64
UNNAMED: Final = "?"
"""Number of a permit that an older file does not tell."""

Members = Mapping[str, bytes]
"""File names to contents."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What a person said is always there, so that it can be taken back.

    Attributes:
        before: What the baseline showed there.
    """

    place: Place
    before: Crops


@dataclass(slots=True, eq=False)
class Learned:
    """What is known of one camera's place; times by the frames' monotonic clock.

    Attributes:
        baseline_at: When its first picture was taken.
        looked_at: When it was looked at last, at ``looked_s``.
        began_s: When the baseline began; ``fitted_s`` when a look agreed with it last, and
            ``taught_s`` when one last joined it after its first half day.
        passed_over: Looks since then that did not.
        settled: By the alert that was marked.
        unseen: What was open against an earlier baseline, as it was told last; nobody saw it go.
    """

    baseline: Baseline
    baseline_at: datetime
    looked_at: datetime
    looked_s: float
    began_s: float
    fitted_s: float
    taught_s: float
    places: list[Place]
    settled: dict[UUID, Settled]
    passed_over: int = 0
    unseen: tuple[Finding, ...] = ()

    @property
    def places_mask(self) -> Bools:
        """``(height, width)`` where something has grown."""
        return self._any(place.mask for place in self.places)

    @property
    def grown(self) -> Bools:
        """``(height, width)`` the same, and what lies near it."""
        return self._any(place.reach() for place in self.places)

    def _any(self, masks: Iterable[Bools]) -> Bools:
        nowhere = np.zeros(self.baseline.shape_hw, np.bool_)
        return reduce(np.logical_or, masks, nowhere)


def packed(learned: Learned) -> dict[str, bytes]:
    """All of it as files; ``unpacked`` is the inverse."""
    now_s = learned.looked_s
    places = learned.places[:MOST_PLACES]
    settled = list(learned.settled.items())[-MOST_SETTLED:]
    about = _File(
        frame_wh=learned.baseline.frame_wh,
        baseline_at=learned.baseline_at,
        looked_at=learned.looked_at,
        began_ago_s=now_s - learned.began_s,
        fitted_ago_s=now_s - learned.fitted_s,
        taught_ago_s=now_s - learned.taught_s,
        pictures=tuple(kept.number for kept in learned.baseline.kept),
        places=tuple(_Row.of(place, now_s) for place in places),
        settled=tuple(
            _SettledRow(alert_id=key, place=_Row.of(one.place, now_s), pictures=tuple(one.before))
            for key, one in settled
        ),
        unseen=learned.unseen[-MOST_UNSEEN:],
    )
    files = {"construction.json": about.model_dump_json().encode()}
    for kept in learned.baseline.kept:
        files[f"picture-{kept.number}.png"] = _png(kept.packed())
    for row, place in enumerate(places):
        files[f"place-{row}.png"] = _png(_drawn(place.mask))
    for row, (_, one) in enumerate(settled):
        files[f"settled-{row}.png"] = _png(_drawn(one.place.mask))
        for number, crop in one.before.items():
            files[f"settled-{row}-{number}.png"] = _png(crop)
    return files


def unpacked(files: Members, now_s: float, at: datetime) -> Learned:
    """What was learned before a restart, as it is now.

    Raises:
        ValueError: The files do not hold it.
    """
    try:
        about = _File.model_validate_json(files["construction.json"])
        kept = [Kept.unpacked(n, _read(files, f"picture-{n}.png", 4)) for n in about.pictures]
        baseline = Baseline.of(kept, about.frame_wh)
        masks = [_mask(files, f"place-{row}.png", baseline) for row in range(len(about.places))]
        settled = {
            one.alert_id: (
                one.place,
                _mask(files, f"settled-{row}.png", baseline),
                {n: _read(files, f"settled-{row}-{n}.png", 4) for n in one.pictures},
            )
            for row, one in enumerate(about.settled)
        }
    except (ValidationError, KeyError) as error:
        raise ValueError("is no memory of construction") from error
    looked_s = now_s - max((at - about.looked_at).total_seconds(), 0.0)
    return Learned(
        baseline=baseline,
        baseline_at=about.baseline_at,
        looked_at=about.looked_at,
        looked_s=looked_s,
        began_s=now_s - about.began_ago_s,
        fitted_s=now_s - about.fitted_ago_s,
        taught_s=looked_s - about.taught_ago_s,
        places=[r.place(m, looked_s) for r, m in zip(about.places, masks, strict=True)],
        settled={
            key: Settled(row.place(mask, looked_s), before)
            for key, (row, mask, before) in settled.items()
        },
        unseen=tuple(finding.passed_over() for finding in about.unseen),
    )


def _png(picture: Pixels) -> bytes:
    done, png = cv2.imencode(".png", picture)
    assert done, "a picture of bytes can be encoded"
    return png.tobytes()


def _drawn(mask: Bools) -> Pixels:
    return np.where(mask, 255, 0).astype(np.uint8)


def _read(files: Members, name: str, channels: int) -> Pixels:
    picture = cv2.imdecode(np.frombuffer(files[name], np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.shape[2:] != ((channels,) if channels > 1 else ()):
        raise ValueError(f"{name} is no picture")
    return picture.astype(np.uint8, copy=False)


def _mask(files: Members, name: str, baseline: Baseline) -> Bools:
    mask = _read(files, name, 1) > 0
    if mask.shape != baseline.shape_hw:
        raise ValueError(f"{name} is {mask.shape}: want {baseline.shape_hw}")
    return np.asarray(mask, np.bool_)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Row(_Table):
    """One place; its sights' ``at_s`` are seconds after the last look, and so never above 0."""

    sights: Annotated[tuple[Sight, ...], Field(min_length=1)]
    missed: int
    finding: Finding | None
    noted: str | bool
    """Older files say only that a permit covered it, and not which."""

    @classmethod
    def of(cls, place: Place, now_s: float) -> _Row:
        few = _ends(place.sights)
        sights = tuple(replace(sight, at_s=sight.at_s - now_s) for sight in few)
        return cls(sights=sights, missed=place.missed, finding=place.finding, noted=place.noted)

    def place(self, mask: Bools, now_s: float) -> Place:
        sights = [replace(sight, at_s=sight.at_s + now_s) for sight in self.sights]
        finding = None if self.finding is None else self.finding.passed_over()
        place = Place(mask, sights, self.missed, finding)
        if isinstance(self.noted, str):
            place.noted = self.noted
        elif self.noted:
            place.agree(UNNAMED)
        return place


def _ends(sights: Sequence[Sight]) -> Iterable[Sight]:
    return sights if len(sights) <= MOST_SIGHTS else [sights[0], *sights[1 - MOST_SIGHTS :]]


class _SettledRow(_Table):
    alert_id: UUID
    place: _Row
    pictures: tuple[int, ...]


class _File(_Table):
    frame_wh: tuple[int, int]
    baseline_at: datetime
    looked_at: datetime
    began_ago_s: float
    fitted_ago_s: float
    taught_ago_s: float = 0.0
    pictures: Annotated[tuple[int, ...], Field(min_length=1, max_length=MOST_PICTURES)]
    places: Annotated[tuple[_Row, ...], Field(max_length=MOST_PLACES)]
    settled: Annotated[tuple[_SettledRow, ...], Field(max_length=MOST_SETTLED)]
    unseen: Annotated[tuple[Finding, ...], Field(max_length=MOST_UNSEEN)] = ()
