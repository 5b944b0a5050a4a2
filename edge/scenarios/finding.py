"""What a scenario found, and what it all but found."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from edge.vision.scene import Box
from wire import Facts, Sentence
from wire.alert import Scenario

Outline = tuple[tuple[float, float], ...]
"""Corners of an area, or points of a line, in pixels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a scenario saw at one time, for the picture that explains the alert to people.

    Attributes:
        at: When it looked so.
        kind: A ``thing`` that stood there, a ``line`` that was followed, a ``change`` against
            the baseline.
        xy: In frame pixels; of a line, from its lower end to its upper.
    """

    at: datetime
    kind: Literal["thing", "line", "change"]
    xy: Outline


def corners(xyxy: Box) -> Outline:
    """A box's outline.

    >>> corners((1, 2, 5, 6))
    ((1, 2), (5, 2), (5, 6), (1, 6))
    """
    left, top, right, bottom = xyxy
    return (left, top), (right, top), (right, bottom), (left, bottom)


@dataclass(frozen=True, slots=True)
class Finding:
    """One opening, update or closing of one offence: an alert before evidence and address.

    Attributes:
        finding_id: UUIDv7, kept through all revisions; becomes the ``alert_id``.
        xyxy: The thing itself, in frame pixels, inside the frame.
        urgency: 0 to 9, orders the box's queue.
        reasons: Why, as people read it.
        trail: What was seen on the way, oldest first, beyond what the facts tell.
        before: JPEG of the place as it was agreed, nobody in it, for the evidence; empty without.
        in_view: The frame shows its place; false where the camera's view is another.
    """

    finding_id: UUID
    revision: int
    phase: Literal["opened", "updated", "closed"]
    scenario: Scenario
    confidence: float
    urgency: int
    facts: Facts
    xyxy: Box
    reasons: tuple[Sentence, ...] = ()
    trail: tuple[Mark, ...] = ()
    before: bytes = b""
    in_view: bool = True

    def next(self, phase: Literal["updated", "closed"], *reasons: Sentence) -> "Finding":
        """What is told of it after this."""
        return replace(self, revision=self.revision + 1, phase=phase, reasons=reasons)

    def passed_over(self) -> "Finding":
        """One revision on: it may have been told when the power was cut."""
        return replace(self, revision=self.revision + 1)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One condition that fails.

    Attributes:
        code: The same for all of its kind.
        lacking: By how much of what was asked, 0 to 1.
    """

    code: str
    why: Sentence
    lacking: float = 1.0


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What did not alert though it came close; told once, when it is over.

    Attributes:
        code: Which condition failed, as ``stay-too-short``; the same for all of its kind.
        at: When it came closest.
        why: In numbers, as "stayed 41 of 60 s".
        lacking: By how much of what was asked, 0 to 1; 0.32 for 41 of 60 s.
    """

    scenario: Scenario
    code: str
    at: datetime
    xyxy: Box
    why: Sentence
    lacking: float
