"""What each offence is told by: facts that a person can check, in words and numbers."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from wire.message import Part, Pixels, Score, Seconds, Utc

Count = Annotated[int, Field(ge=0)]
Metres = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Hours = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Sentence(Part):
    """One reason as people read it, in both languages."""

    zh: Annotated[str, Field(min_length=1, max_length=300)]
    """In Chinese."""
    en: Annotated[str, Field(min_length=1, max_length=300)]
    """In English."""


class _Facts(Part):
    """What every offence has."""

    area_px: Count
    """Of the thing's own pixels."""
    area_share: Score
    """Area of the region over that of the frame."""
    night: bool
    """By the sun at the site, or 22:00-06:00 where it has no position."""


class DumpingFacts(_Facts):
    """Contact, departure and stay: each must hold, and each is shown to the operator."""

    carrier: Annotated[str, Field(max_length=40)]
    """Label of the carrier's track, ``unknown`` for a moving thing of no known class."""
    carrier_track: Count
    contact_at: Utc
    """When the carrier was last seen touching the place before the thing stood there."""
    departed_at: Utc
    """When the carrier had been a width of its own away for a second."""
    stayed_s: Seconds
    """Counted from the departure."""
    stay_limit_s: Seconds
    area_m2: Metres | None = None
    """Of the thing's face; None where the ground was not measured."""
    load: Literal["item", "heap", "truckload"] = "item"
    """How much it is."""
    builders_waste: bool = False
    """Rubble or furniture, as far as the detector tells."""
    border: bool = False
    """It lies in a zone between two districts."""
    closed_point: Annotated[str, Field(max_length=80)] = ""
    """Name of the collection point in which it lies outside its hours."""
    earlier: Count = 0
    """How often this camera saw something dumped at this place before."""


class ChargingFacts(_Facts):
    """A cable from the building to what stands below and charges."""

    vehicle: Annotated[str, Field(max_length=40)]
    """Label of what is charged, such as ``e-bike``; ``battery`` where it stands beside."""
    bikes: Annotated[int, Field(ge=1)]
    """How many hang on the cable."""
    stood_s: Seconds
    """How long it has stood."""
    stand_limit_s: Seconds
    seen_s: Seconds
    """For how much of that the cable was seen."""
    cable_px: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Length of the cable in the picture."""
    cable_m: Metres | None = None
    """None where the ground was not measured."""
    upper_xy: tuple[Pixels, Pixels]
    """Where in the picture it leaves the building."""
    lower_xy: tuple[Pixels, Pixels]
    """Where it reaches what is charged."""
    stairwell: bool = False
    """It stands in a stairwell's zone."""


class ConstructionFacts(_Facts):
    """Growth against the agreed baseline that lasts."""

    looks: Annotated[int, Field(ge=1)]
    """In how many it was seen."""
    looks_limit: Annotated[int, Field(ge=1)]
    span_h: Hours
    """From the first of them to the last."""
    span_limit_h: Hours
    since: Utc
    """Of the first look that showed it."""
    baseline_at: Utc
    """When the agreed earlier picture was taken."""
    grown: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Its area in the last look over that in the first."""
    area_m2: Metres | None = None
    """None where the ground was not measured."""
    height_m: Metres | None = None
    """None where it cannot be had."""
    stage: Literal["material", "frame", "roof"]
    """How far it is."""
    parcel: Annotated[str, Field(max_length=80)] = ""
    """Name of the zone in which it stands."""


def _offence_of(told: object) -> str | None:
    """Which facts these are, by a key that only they have; None for what is no facts at all."""
    keys = vars(told) if isinstance(told, Part) else told
    if not isinstance(keys, dict):
        return None
    return "charging" if "bikes" in keys else "construction" if "looks" in keys else "dumping"


Facts = Annotated[
    Annotated[DumpingFacts, Tag("dumping")]
    | Annotated[ChargingFacts, Tag("charging")]
    | Annotated[ConstructionFacts, Tag("construction")],
    Discriminator(_offence_of),
]
