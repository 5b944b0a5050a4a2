"""A camera's site file: what a district knows of a place, drawn into that camera's own picture.

One TOML file, one schema; errors name file, line and key. Polygons are pixels of ``frame_wh``.
"""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from shapely import Polygon, box
from shapely.validation import explain_validity

from edge.errors import SiteError
from edge.scenarios.ground import GroundPlane, WarpedError
from wire import Position, Site
from wire.toml import TomlError, TomlFile, fault_of, read_toml

Pixel = tuple[float, float]
Outline = Annotated[tuple[Pixel, ...], Field(min_length=3)]
"""Corners one after the other, right and down in pixels."""
Side = Annotated[int, Field(ge=64, le=8192)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SitePosition(Position):
    model_config = ConfigDict(extra="forbid")


class Hours(_Table):
    """A part of every day, on the site's own clock; it may pass midnight."""

    since: Annotated[time, Field(alias="from")]
    """Its first minute."""
    until: time
    """The minute after its last."""

    def hold(self, at: time) -> bool:
        """
        >>> night = Hours(since=time(22), until=time(6))
        >>> night.hold(time(23)), night.hold(time(5, 59)), night.hold(time(6))
        (True, True, False)
        """
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


class Zone(_Table):
    """Ground of which the scenarios know something."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the operator reads it."""
    kind: Literal["watch", "ignore", "stairwell", "border", "building"]
    """``watch``: only here anything counts; ``ignore``: here nothing does; the rest are facts."""
    polygon: Outline
    """Its corners in pixels."""


class Collection(_Table):
    """A registered collection point."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the operator reads it."""
    polygon: Outline
    """Its corners in pixels."""
    hours: tuple[Hours, ...] = ()
    """When waste may be brought; without any, always."""

    def is_open(self, at: time) -> bool:
        return not self.hours or any(hours.hold(at) for hours in self.hours)

    def open_until(self, at: time) -> time | None:
        """When it closes, if it is open then; None where it never does."""
        return next((hours.until for hours in self.hours if hours.hold(at)), None)


class Shed(_Table):
    """A registered charging shed."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the operator reads it."""
    polygon: Outline
    """Its corners in pixels."""


class Permit(_Table):
    """Registered works on one parcel, both days included."""

    number: Annotated[str, Field(min_length=1, max_length=40)]
    """Of the filing."""
    works: Annotated[str, Field(max_length=200)] = ""
    """What is built."""
    polygon: Outline
    """The parcel's corners in pixels."""
    since: Annotated[date, Field(alias="from")]
    """Its first day."""
    until: date
    """Its last day."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"it ends on {self.until}, before it begins on {self.since}")
        return self

    def covers(self, day: date) -> bool:
        return self.since <= day <= self.until


class GroundPoint(_Table):
    """A spot on the ground that was measured."""

    pixel: Pixel
    """Where it is in the picture."""
    metres: tuple[float, float]
    """From any origin, along any two directions at right angles."""


class SiteFile(_Table):
    """Everything that is known of one camera's place."""

    site_id: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
    """Its name in alerts, warnings and the dossier."""
    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the operator reads it."""
    address: Annotated[str, Field(max_length=200)] = ""
    """Where a person goes."""
    position: SitePosition | None = None
    frame_wh: tuple[Side, Side]
    """Size of the picture that the polygons were drawn in."""
    night: Hours | None = None
    """In place of the sun at the position."""
    zone: tuple[Zone, ...] = ()
    shed: tuple[Shed, ...] = ()
    collection: tuple[Collection, ...] = ()
    permit: tuple[Permit, ...] = ()
    ground: Annotated[tuple[GroundPoint, ...], Field(max_length=64)] = ()
    """Four measured spots or more: the scale."""

    @property
    def site(self) -> Site:
        """What alerts say of it."""
        return Site(
            site_id=self.site_id, name=self.name, address=self.address, position=self.position
        )

    def plane(self, frame_wh: tuple[int, int] | None = None) -> GroundPlane | None:
        """The ground in metres; None where nobody measured.

        Args:
            frame_wh: Whose pixels count; without it, those of the drawing.

        Raises:
            WarpedError: The spots do not lie on one plane, or in one line.
        """
        if not self.ground:
            return None
        wide, high = frame_wh or self.frame_wh
        across, down = wide / self.frame_wh[0], high / self.frame_wh[1]
        return GroundPlane.of(
            [(across * spot.pixel[0], down * spot.pixel[1]) for spot in self.ground],
            [spot.metres for spot in self.ground],
        )


def load_site(path: Path) -> SiteFile:
    """Reads a site file and sees that its ground can be.

    Raises:
        SiteError: In one sentence with file, line and key.
    """
    try:
        file = read_toml(path)
        site = SiteFile.model_validate(file.tree)
    except TomlError as error:
        raise SiteError(str(error)) from error
    except ValidationError as error:
        raise SiteError(str(fault_of(error, file))) from error
    for kind in ("zone", "shed", "collection", "permit"):
        for index, area in enumerate(getattr(site, kind)):
            _check_outline(area.polygon, site.frame_wh, (kind, index, "polygon"), file)
    _check_ground(site, file)
    return site


def _check_outline(
    outline: tuple[Pixel, ...],
    frame_wh: tuple[int, int],
    at: tuple[str | int, ...],
    file: TomlFile,
) -> None:
    polygon = Polygon(outline)
    if not polygon.is_valid:
        raise _fault(at, f"its sides cross: {explain_validity(polygon)}", file)
    if polygon.area < 1:
        raise _fault(at, "it has no area", file)
    if not polygon.intersects(box(0, 0, *frame_wh)):
        width, height = frame_wh
        raise _fault(at, f"it lies outside the picture of {width} x {height}", file)


def _check_ground(site: SiteFile, file: TomlFile) -> None:
    try:
        site.plane()
    except WarpedError as error:
        raise _fault(("ground",), str(error), file) from error


def _fault(at: tuple[str | int, ...], said: str, file: TomlFile) -> SiteError:
    return SiteError(str(file.fault(at, said)))
