"""The files of firmware_configs/, each with its schema; unknown keys are forbidden."""

import tomllib
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from edge.config import Broker, Detector, DumpingConfig, Gateway
from gateway.toml_lines import line_of
from wire import Position, Site
from wire.message import Name

_FIELDS: Final = {"host", "username", "password"}
_NAME: Final = TypeAdapter[str](Name)


class FirmwareError(Exception):
    """A file cannot be used: mend it where the sentence says."""

    def __init__(self, where: str, key: str, fault: str) -> None:
        super().__init__(f"{where}: {key}: {fault}" if key else f"{where}: {fault}")


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
    state_dir: Path
    keep_days: Annotated[int, Field(ge=1)]
    keep_free_bytes: Annotated[int, Field(ge=0)]
    threads: Annotated[int, Field(ge=0)]


class CameraModel(_File):
    """How a make of camera is read; ``source`` has places for host, username and password."""

    about: str
    source: Annotated[str, AfterValidator(_only_known_fields)]
    silent_after_s: Annotated[float, Field(gt=0)]


class _Position(Position, extra="forbid"):
    """On the wire a reader ignores what it does not know; here it is a slip of the pen."""


class SiteFile(Site, extra="forbid"):
    """A place with an address; its ``site_id`` is the file's name."""

    position: _Position | None = None


class MountedCamera(_File):
    """One camera on a wall: its make, its address, and the site it looks at."""

    camera_id: Name
    camera: Name
    host: Annotated[str, Field(min_length=1)]
    username: str = ""
    site: Name


class BoxFile(_File):
    """One box: everything that is true of it alone."""

    board: Name
    district: Name
    broker: Broker
    gateway: Gateway
    cameras: Annotated[tuple[MountedCamera, ...], Field(min_length=1, max_length=16)]
    dumping: DumpingConfig = DumpingConfig()
    detector: Detector = Detector()


AnyFile = TypeVar("AnyFile", bound=BaseModel)


def read_file(schema: type[AnyFile], path: Path) -> tuple[AnyFile, str]:
    """What the file says by its schema, and its text for line numbers.

    Raises:
        FirmwareError: It cannot be read, or breaks its schema.
    """
    tree, text = read_toml(path)
    if schema is SiteFile:
        if "site_id" in tree:
            raise FirmwareError(place_in(path, text, ("site_id",)), "site_id", "is the file's name")
        tree["site_id"] = path.stem
    try:
        _NAME.validate_python(path.stem)
    except ValidationError as error:
        raise FirmwareError(
            str(path), "", "rename the file: want 1-40 of a-z, 0-9 and inner hyphens"
        ) from error
    try:
        return schema.model_validate(tree), text
    except ValidationError as error:
        raise fault_in(path, text, error) from error


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """What the file says, and its text for line numbers.

    Raises:
        FirmwareError: It cannot be read, or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except OSError as error:
        raise FirmwareError(str(path), "", f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FirmwareError(str(path), "", f"is not TOML: {error}") from error


def fault_in(path: Path, text: str, error: ValidationError) -> FirmwareError:
    """The first fault in one sentence; an unknown key before the missing one it was meant to be."""
    found = error.errors(include_url=False, include_input=False)
    unknown = [fault for fault in found if fault["type"] == "extra_forbidden"]
    fault = (unknown or found)[0]
    key = ".".join(str(step) for step in fault["loc"])
    said = "no such key" if unknown else fault["msg"].removeprefix("Value error, ")
    return FirmwareError(place_in(path, text, fault["loc"]), key, said)


def place_in(path: Path, text: str, loc: tuple[int | str, ...]) -> str:
    """``file:line`` of the key at ``loc``, or the file alone where no line bears it."""
    line = line_of(text, loc)
    return f"{path}:{line}" if line else str(path)
