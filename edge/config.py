"""The box's configuration: one TOML file, one schema, errors that name file, key and line."""

import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from edge.errors import ConfigError, SiteError
from edge.site import SiteFile, SitePosition, load_site
from wire import Site
from wire.alert import Scenario
from wire.message import Name, Score
from wire.toml import Location, TomlError, TomlFile, first_fault, line_of, read_toml

Table = dict[str, Any]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(_Section):
    district: Name = "district"
    """Whose gateway it speaks to."""
    device: Name = "box"
    """Its name in topics and alerts."""
    state_dir: Path = Path("/var/lib/sanse")
    """Keys, outbox and evidence; relative paths count from the configuration file."""
    keep_days: Annotated[int, Field(ge=1)] = 30
    """How long delivered alerts and their evidence stay on the box."""
    keep_free_bytes: Annotated[int, Field(ge=0)] = 200_000_000
    """Below this much free disk the oldest delivered ones go first."""


class Broker(_Section):
    host: str = "127.0.0.1"
    """Of the MQTT broker."""
    port: Annotated[int, Field(gt=0, lt=65536)] = 1883
    """Of the MQTT broker."""
    username: str | None = None
    """Where the broker asks for one."""
    password_file: Path | None = None
    """Holds the password and nothing else."""


class Gateway(_Section):
    url: str = "http://127.0.0.1:8000"
    """Where evidence is sent."""
    public_key: Path = Path("gateway.jwk")
    """The gateway's public key, by which receipts are believed."""


class Detector(_Section):
    """A detector of one's own, in place of the bundled one."""

    onnx: Path | None = None
    """The model's file; without one, the bundled detector looks."""
    head: Literal["auto", "yolo", "yolox"] = "auto"
    """How its output is read; ``auto`` tells by the shape."""
    labels: tuple[str, ...] = ()
    """The model's classes in its own order, where the file does not name them."""
    classes: dict[str, Literal["person", "vehicle", "waste", "bulky", "ignore"]] = {}
    """What each of the model's classes counts as here; classes not named are ignored."""
    scores: dict[Literal["person", "vehicle", "waste", "bulky"], Score] = {}
    """From which score on a box of that class is believed."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Of onnxruntime; 0 lets it choose."""


class BoxSite(Site):
    """A site as the wire knows it; here, unknown keys are slips."""

    model_config = ConfigDict(extra="forbid")

    position: SitePosition | None = None


class Camera(_Section):
    camera_id: Name = "camera"
    """Its name in alerts."""
    source: str = ""
    """Path of a clip or folder, or an ``rtsp://`` address."""
    site: Name = "whole-frame"
    """The ``site_id`` of the site it looks at."""
    site_file: Path | None = None
    """In place of ``site``: what is known of the place, drawn into this camera's picture."""
    footage: Literal["camera", "recording", "composed"] = "camera"
    """What the pictures are; alerts and the page say so."""
    scenarios: tuple[Scenario, ...] = get_args(Scenario)
    """What this camera is watched for, of what its box watches for."""
    silent_after_s: Annotated[float, Field(gt=0)] = 20.0
    """Without a frame for so long the stream is opened anew."""

    @model_validator(mode="after")
    def _one_site(self) -> Self:
        if self.site_file is not None and "site" in self.model_fields_set:
            raise ValueError("site and site_file exclude each other: want one of them")
        return self


class DumpingConfig(_Section):
    enabled: bool = True
    """Whether this box watches for dumping."""
    stay_s: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """How long a thing must stay after its carrier's departure."""


class ChargingConfig(_Section):
    enabled: bool = True
    """Whether this box watches for charging."""
    dwell_s: Annotated[float, Field(gt=0, le=86_400)] = 180.0
    """How long what is charged must stand."""


class ConstructionConfig(_Section):
    enabled: bool = True
    """Whether this box watches for construction."""
    looks: Annotated[int, Field(ge=2, le=100)] = 3
    """In how many looks growth must be seen."""
    span_h: Annotated[float, Field(gt=0, le=8760)] = 48.0
    """From the first of these looks to the last."""


class BoxConfig(_Section):
    """Everything that a box can be told.

    The defaults are those of a replay without a configuration: the whole frame is one site.
    """

    box: Box = Box()
    broker: Broker = Broker()
    gateway: Gateway = Gateway()
    detector: Detector = Detector()
    cameras: tuple[Camera, ...] = (Camera(),)
    sites: tuple[BoxSite, ...] = (BoxSite(site_id="whole-frame", name="whole frame"),)
    dumping: DumpingConfig = DumpingConfig()
    charging: ChargingConfig = ChargingConfig()
    construction: ConstructionConfig = ConstructionConfig()

    _drawn: dict[Path, SiteFile] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {site.site_id for site in self.sites}
        for camera in self.cameras:
            if camera.site_file is None and camera.site not in known:
                raise ValueError(
                    f"camera {camera.camera_id!r} looks at site {camera.site!r}, "
                    f"which is none of {', '.join(sorted(known))}"
                )
        names = [camera.camera_id for camera in self.cameras]
        if len(set(names)) < len(names):
            raise ValueError("two cameras share one camera_id")
        if not 1 <= len(names) <= 16:
            raise ValueError(f"{len(names)} cameras: want 1 to 16")
        return self

    def site_of(self, camera: Camera) -> Site:
        """What the camera's alerts say of its place."""
        if (drawn := self.drawn(camera)) is not None:
            return drawn.site
        return next(site for site in self.sites if site.site_id == camera.site)

    def drawn(self, camera: Camera) -> SiteFile | None:
        """The camera's site file, as it was when the configuration was loaded."""
        return None if camera.site_file is None else self._drawn[camera.site_file]


def load_config(path: Path | None, overrides: Sequence[str] = ()) -> BoxConfig:
    """Reads a box's TOML file, then applies ``KEY=VALUE`` overrides such as ``dumping.stay_s=10``.

    Values are TOML, or else plain text; list items are numbered, as in ``cameras.0.source``.
    Relative paths count from the file's folder. Without a file, the defaults.

    Raises:
        ConfigError: In one sentence with file, line and key.
    """
    try:
        file = None if path is None else read_toml(path)
    except TomlError as error:
        raise ConfigError(error.where, error.key, error.fault) from error
    tree = file.tree if file else {}
    for override in overrides:
        _apply(tree, override)
    try:
        config = BoxConfig.model_validate(tree)
    except ValidationError as error:
        loc, said = first_fault(error)
        raise ConfigError(_where(file, loc, overrides), _dotted(loc), said) from error
    config = config if path is None else _resolved(config, path.resolve().parent)
    for index, camera in enumerate(config.cameras):
        if camera.site_file is not None:
            try:
                config._drawn[camera.site_file] = load_site(camera.site_file)
            except SiteError as error:
                loc = ("cameras", index, "site_file")
                raise ConfigError(_where(file, loc, overrides), _dotted(loc), str(error)) from error
    return config


def _apply(tree: Table, override: str) -> None:
    """Puts one ``KEY=VALUE`` into the tree; what it leads through is made where it is missing."""
    key, equals, raw = override.partition("=")
    steps = key.strip().split(".")
    if not equals or not all(steps):
        raise ConfigError("--set", override, "want KEY=VALUE, such as dumping.stay_s=10")
    try:
        value: object = tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        value = raw
    node: object = tree
    for step, following in pairwise([*steps, ""]):
        made: object = ([{}] if following == "0" else {}) if following else value
        if isinstance(node, dict):
            node[step] = node.get(step, made) if following else value
            node = node[step]
        elif isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node[int(step)] = node[int(step)] if following else value
            node = node[int(step)]
        else:
            raise ConfigError("--set", key.strip(), "no such key")


def _where(file: TomlFile | None, loc: Location, overrides: Sequence[str]) -> str:
    keys = [override.partition("=")[0].strip() for override in overrides]
    if any(key and f"{_dotted(loc)}.".startswith(f"{key}.") for key in keys) or file is None:
        return "--set" if overrides else "configuration"
    line = line_of(file.text, loc)
    return f"{file.path}:{line}" if line else str(file.path)


def _dotted(loc: Location) -> str:
    return ".".join(str(step) for step in loc)


def _resolved(config: BoxConfig, folder: Path) -> BoxConfig:
    """Makes the file's relative paths count from the file's folder."""
    box, broker, gateway, detector = config.box, config.broker, config.gateway, config.detector
    password, onnx = broker.password_file, detector.onnx
    return config.model_copy(
        update={
            "box": box.model_copy(update={"state_dir": folder / box.state_dir}),
            "gateway": gateway.model_copy(update={"public_key": folder / gateway.public_key}),
            "broker": broker.model_copy(update={"password_file": password and folder / password}),
            "detector": detector.model_copy(update={"onnx": onnx and folder / onnx}),
            "cameras": tuple(_located(camera, folder) for camera in config.cameras),
        }
    )


def _located(camera: Camera, folder: Path) -> Camera:
    stream = "://" in camera.source or not camera.source
    drawn = camera.site_file
    return camera.model_copy(
        update={
            "source": camera.source if stream else str(folder / camera.source),
            "site_file": drawn and folder / drawn,
        }
    )
