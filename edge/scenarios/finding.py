"""What a scenario found: an alert in the making, before evidence and address are put to it."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from wire.alert import DumpingFacts, Scenario


@dataclass(frozen=True, slots=True)
class Finding:
    """One opening or update of one offence.

    Attributes:
        finding_id: UUIDv7, kept through all revisions; becomes the ``alert_id``.
        xyxy: The thing itself, in frame pixels, inside the frame.
        urgency: 0 to 9, orders the box's queue.
    """

    finding_id: UUID
    revision: int
    phase: Literal["opened", "updated", "closed"]
    scenario: Scenario
    confidence: float
    urgency: int
    facts: DumpingFacts
    xyxy: tuple[float, float, float, float]
