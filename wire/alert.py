"""The alert: one box's report of one offence it saw."""

from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from wire.facts import ChargingFacts, ConstructionFacts, DumpingFacts, Facts, Sentence
from wire.message import Message, Name, Part, Pixels, Score, Sha256, Utc

Scenario = Literal["charging", "dumping", "construction"]

FACTS: Final[dict[Scenario, type[Part]]] = {
    "charging": ChargingFacts,
    "dumping": DumpingFacts,
    "construction": ConstructionFacts,
}


class Position(Part):
    """WGS-84, degrees."""

    latitude_deg: Annotated[float, Field(ge=-90, le=90)]
    """North of the equator."""
    longitude_deg: Annotated[float, Field(ge=-180, le=180)]
    """East of Greenwich."""


class Site(Part):
    """Where it happened. The box knows its sites from its configuration."""

    site_id: Name
    """Its name in alerts, warnings and the dossier."""
    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the operator reads it."""
    address: Annotated[str, Field(max_length=200)] = ""
    """Where a person goes."""
    position: Position | None = None


class Region(Part):
    """The thing itself in the picture."""

    xyxy: tuple[Pixels, Pixels, Pixels, Pixels]
    """Left, top, right, bottom, in pixels of the frame."""
    frame_wh: tuple[Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]]

    @model_validator(mode="after")
    def _inside(self) -> Self:
        (left, top, right, bottom), (width, height) = self.xyxy, self.frame_wh
        if not (0 <= left < right <= width and 0 <= top < bottom <= height):
            raise ValueError(f"xyxy {self.xyxy} does not lie in a frame of {width}x{height}")
        return self


class EvidenceItem(Part):
    """One file of evidence, named by its hash."""

    kind: Literal["snapshot", "before", "clip"]
    media_type: Literal["image/jpeg", "video/mp4"]
    sha256: Sha256
    size_bytes: Annotated[int, Field(ge=0)]


class Evidence(Part):
    """What the box holds to support the alert; stored before the alert is filed."""

    state: Literal["stored", "unavailable"]
    reason: Annotated[str, Field(max_length=300)] = ""
    """Why there is none, in words."""
    items: tuple[EvidenceItem, ...] = ()

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.state == "stored" and not self.items:
            raise ValueError("evidence is stored, but no item is named")
        if self.state == "unavailable" and not self.reason:
            raise ValueError("evidence is unavailable without a reason")
        return self


class Model(Part):
    """The detector that looked."""

    name: Annotated[str, Field(max_length=80)]
    sha256: Sha256


class Alert(Message):
    """One offence that one box saw; later revisions carry the same ``alert_id``."""

    alert_id: UUID
    """UUIDv7, minted once by the box."""
    revision: Annotated[int, Field(ge=0)] = 0
    phase: Literal["opened", "updated", "closed"] = "opened"
    district: Name
    device: Name
    camera_id: Name
    site: Site
    boot_id: UUID
    sequence: Annotated[int, Field(ge=0)]
    """Counts the alerts of this device since ``boot_id``, from 0 without gaps."""
    scenario: Scenario
    captured_at: Utc
    """Time of the frame on which the alert opened."""
    confidence: Score
    urgency: Annotated[int, Field(ge=0, le=9)]
    """Order of the box's own queue, 9 first."""
    facts: Facts
    reasons: tuple[Sentence, ...] = ()
    """Why, as people read it."""
    region: Region
    evidence: Evidence
    footage: Literal["camera", "recording", "composed"] = "camera"
    """``composed`` scenes are labelled wherever they appear."""
    model: Model | None = None
    software: Annotated[str, Field(max_length=40)]

    @model_validator(mode="after")
    def _of_its_offence(self) -> Self:
        if not isinstance(self.facts, FACTS[self.scenario]):
            raise ValueError(  # noqa: TRY004  # pydantic tells of ValueErrors only
                f"facts of another offence than {self.scenario}"
            )
        return self
