"""The files of firmware_configs/, each with its schema; unknown keys are forbidden."""

from pathlib import Path
from string import Formatter
from typing import Annotated, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from edge.config import (
    Broker,
    ChargingConfig,
    ConstructionConfig,
    Detector,
    DumpingConfig,
    Gateway,
)
from edge.site import SitePosition
from wire import Site
from wire.message import Name
from wire.toml import TomlError, TomlFile, read_toml

_FIELDS: Final = {"host", "username", "password"}
_NAME: Final = TypeAdapter[str](Name)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _only_known_fields(template: str) -> str:
    try:
        used = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
    except ValueError as error:
        raise ValueError(f"braces do not pair: {error}") from error
    if unknown := used - _FIELDS:
        raise ValueError(f"{{{min(unknown)}}} is none of {{host}}, {{username}}, {{password}}")
    return template


class Board(_File):
    """The computer: what it keeps, where, and how many of its cores the detector gets."""

    about: str
    """For people."""
    state_dir: Path
    """Keys, outbox and evidence."""
    keep_days: Annotated[int, Field(ge=1)]
    """How long delivered alerts and their evidence stay on the box."""
    keep_free_bytes: Annotated[int, Field(ge=0)]
    """Below this much free disk the oldest delivered ones go first."""
    threads: Annotated[int, Field(ge=0)]
    """Of the detector; 0 lets onnxruntime choose."""


class CameraModel(_File):
    """How a make of camera is read."""

    about: str
    """For people."""
    source: Annotated[str, AfterValidator(_only_known_fields)]
    """Its address, with places for `{host}`, `{username}` and `{password}`."""
    silent_after_s: Annotated[float, Field(gt=0)]
    """Without a frame for so long the stream is opened anew."""


class SiteFile(_File):
    """A place with an address."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """As the operator reads it."""
    address: Annotated[str, Field(max_length=200)] = ""
    """Where a person goes."""
    position: SitePosition | None = None
    """WGS-84; night is by the sun there."""

    def named(self, site_id: str) -> Site:
        return Site(site_id=site_id, name=self.name, address=self.address, position=self.position)


class MountedCamera(_File):
    """One camera on a wall: its make, its address, and the site it looks at."""

    camera_id: Name
    """Its name in alerts."""
    camera: Name
    """A file of cameras/."""
    host: Annotated[str, Field(min_length=1)]
    """Address in the camera network."""
    username: str = ""
    """The password is given when the box is rendered."""
    site: Name | None = None
    """A file of sites/."""
    site_file: Path | None = None
    """In place of `site`: a site file on the box; relative paths count from its box.toml."""

    @model_validator(mode="after")
    def _one_site(self) -> Self:
        if (self.site is None) == (self.site_file is None):
            raise ValueError("want either site or site_file")
        return self


class BoxFile(_File):
    """One box: everything that is true of it alone."""

    board: Name
    """A file of boards/."""
    district: Name
    """Whose gateway it speaks to."""
    broker: Broker
    gateway: Gateway
    cameras: Annotated[tuple[MountedCamera, ...], Field(min_length=1, max_length=16)]
    dumping: DumpingConfig = DumpingConfig()
    charging: ChargingConfig = ChargingConfig()
    construction: ConstructionConfig = ConstructionConfig()
    detector: Detector = Detector()


AnyFile = TypeVar("AnyFile", bound=BaseModel)


def read_file(schema: type[AnyFile], path: Path) -> tuple[AnyFile, TomlFile]:
    """What the file says by its schema, and the file itself for line numbers.

    Raises:
        TomlError: It cannot be read, or breaks its schema.
    """
    file = read_toml(path)
    try:
        _NAME.validate_python(path.stem)
    except ValidationError as error:
        fault = "rename the file: want 1-40 of a-z, 0-9 and inner hyphens"
        raise TomlError(str(path), "", fault) from error
    return file.validate(schema), file
