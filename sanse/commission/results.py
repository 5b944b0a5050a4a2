"""What probes and the clip itself told: as it is kept between runs, and as ``commission.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from edge.vision.scene import Box
from sanse.commission.stories import Scenario

LightName = Literal["day", "night"]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Heard(_Told):
    """One alert of a replay."""

    scenario: Scenario
    at_s: float
    confidence: float
    xyxy: Box
    here: bool
    """Whether it is at the place of the deed."""
    stayed_s: float
    """How long it stood in the end, as far as was seen."""
    ended: bool
    """Whether that end was seen."""


class Reason(_Told):
    """Why an offence was not seen, as the near-miss trace has it."""

    code: str
    en: str
    zh: str
    lacking: float


class Score(_Told):
    """How sure the detector was of something that was drawn; 0 where it saw nothing."""

    label: Literal["person", "waste"]
    score: float


class Result(_Told):
    """One probe, drawn, replayed and judged.

    Attributes:
        key: Of all that it was made from; another key, and it is made anew.
    """

    key: str
    story: str
    scenario: Scenario
    offence: bool
    light: LightName
    night_is_composed: bool
    place: int
    seen: bool
    delay_s: float | None
    heard: tuple[Heard, ...]
    reason: Reason | None
    scores: tuple[Score, ...]
    xyxy: Box | None
    picture: str
    """A small JPEG in base64, heads blurred."""
    took_s: float

    @property
    def astray(self) -> tuple[Heard, ...]:
        """Alerts that are not about the deed."""
        return tuple(h for h in self.heard if not (h.here and h.scenario == self.scenario))


class Watched(_Told):
    """A clip as it is, replayed with the probes' short limits: whatever alerts is false."""

    key: str
    light: LightName
    clip: str
    seconds: float
    heard: tuple[Heard, ...]
    took_s: float


class Stretch(_Told):
    """The emptiest part of a clip.

    Attributes:
        busy: Share of its picture that moves, in the mean.
        clip_s: Length of the whole clip that was looked at.
        frame_wh: Of the clip.
    """

    key: str
    begin_s: float
    end_s: float
    busy: float
    clip_s: float
    frame_wh: tuple[int, int]
