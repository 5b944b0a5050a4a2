"""The box's configuration: one TOML file, one schema, errors that name file, key and line."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from edge.errors import ConfigError
from wire import Position, Site
from wire.message import Name, Score


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(_Section):
    district: Name = "district"
    device: Name = "box"
    state_dir: Path = Path("/var/lib/sanse")
    """Keys, outbox and evidence; relative paths count from the configuration file."""
    keep_days: Annotated[int, Field(ge=1)] = 30
    """How long delivered alerts and their evidence stay on the box."""
    keep_free_bytes: Annotated[int, Field(ge=0)] = 200_000_000
    """Below this much free disk the oldest delivered ones go first."""


class Broker(_Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(gt=0, lt=65536)] = 1883
    username: str | None = None
    password_file: Path | None = None


class Gateway(_Section):
    url: str = "http://127.0.0.1:8000"
    public_key: Path = Path("gateway.jwk")
    """The gateway's public key, by which receipts are believed."""


class Detector(_Section):
    """A detector of one's own, in place of the bundled one."""

    onnx: Path | None = None
    head: Literal["auto", "yolo", "yolox"] = "auto"
    labels: tuple[str, ...] = ()
    """The model's classes in its own order, where the file does not name them."""
    classes: dict[str, Literal["person", "vehicle", "waste", "ignore"]] = {}
    """What each of the model's classes counts as here; classes not named are ignored."""
    scores: dict[Literal["person", "vehicle", "waste"], Score] = {}
    """From which score on a box of that class is believed."""
    threads: Annotated[int, Field(ge=0)] = 0
    """Of onnxruntime; 0 lets it choose."""


class Camera(_Section):
    camera_id: Name = "camera"
    source: str = ""
    """Path of a clip or folder, or an ``rtsp://`` address."""
    site: Name = "whole-frame"
    footage: Literal["camera", "recording", "composed"] = "camera"
    silent_after_s: Annotated[float, Field(gt=0)] = 20.0


class DumpingConfig(_Section):
    enabled: bool = True
    stay_s: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """How long a thing must stay after its carrier's departure."""


class BoxConfig(_Section):
    """Everything that a box can be told.

    The defaults are those of a replay without a configuration: the whole frame is one site.
    """

    box: Box = Box()
    broker: Broker = Broker()
    gateway: Gateway = Gateway()
    detector: Detector = Detector()
    cameras: tuple[Camera, ...] = (Camera(),)
    sites: tuple[Site, ...] = (Site(site_id="whole-frame", name="whole frame"),)
    dumping: DumpingConfig = DumpingConfig()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {site.site_id for site in self.sites}
        for camera in self.cameras:
            if camera.site not in known:
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
        return next(site for site in self.sites if site.site_id == camera.site)


def load_config(path: Path | None, overrides: Sequence[str] = ()) -> BoxConfig:
    """Reads a box's TOML file, then applies ``KEY=VALUE`` overrides such as ``dumping.stay_s=10``.

    Relative paths in the file count from the file's folder. Without a file, the defaults.

    Raises:
        ConfigError: In one sentence with file, line and key.
    """
    text = ""
    tree: dict[str, Any] = {}
    if path is not None:
        text, tree = _read(path)
    for override in overrides:
        _apply(tree, override)
    try:
        config = BoxConfig.model_validate(tree)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(step) for step in fault["loc"])
        raise ConfigError(
            _where(path, text, fault["loc"], overrides), key, fault["msg"]
        ) from error
    return config if path is None else _resolved(config, path.resolve().parent)


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), "", f"is not TOML: {error}") from error


def _apply(tree: dict[str, Any], override: str) -> None:
    key, equals, raw = override.partition("=")
    steps = key.strip().split(".")
    if not equals or not all(steps):
        raise ConfigError(
            "--set", override, "want KEY=VALUE, such as dumping.stay_s=10"
        )
    try:
        value = tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        value = raw
    node: Any = tree
    for step in steps[:-1]:
        node = (
            node[int(step)]
            if isinstance(node, list) and step.isdigit()
            else _child(node, step)
        )
    if isinstance(node, list) and steps[-1].isdigit() and int(steps[-1]) < len(node):
        node[int(steps[-1])] = value
    elif isinstance(node, dict):
        node[steps[-1]] = value
    else:
        raise ConfigError("--set", key, "no such key")


def _child(node: Any, step: str) -> Any:
    if not isinstance(node, dict):
        raise ConfigError("--set", step, "no such key")
    return node.setdefault(step, {})


def _where(
    path: Path | None, text: str, loc: tuple[int | str, ...], overrides: Sequence[str]
) -> str:
    dotted = ".".join(str(step) for step in loc)
    if any(override.partition("=")[0].strip() == dotted for override in overrides):
        return "--set"
    if path is None:
        return "configuration"
    line = _line_of(text, loc)
    return f"{path}:{line}" if line else str(path)


def _line_of(text: str, loc: tuple[int | str, ...]) -> int | None:
    """The line on which a key, or else the table that should hold it, stands."""
    names = [str(step) for step in loc if isinstance(step, str)]
    index = next((step for step in loc if isinstance(step, int)), 0)
    table: str | None = None
    seen: dict[str, int] = {}
    found: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([\w.\-]+)\s*\]\]?", line):
            table = header[1]
            seen[table] = seen.get(table, -1) + 1
            full = table.split(".")
            if full == names[: len(full)] and seen[table] in (0, index):
                found = number
        elif key := re.match(r"\s*([\w.\-]+)\s*=", line):
            full = [*(table.split(".") if table else []), *key[1].split(".")]
            here = table is None or seen[table] == index or "[[" not in text
            if full == names[: len(full)] and here:
                return number
    return found


def _resolved(config: BoxConfig, folder: Path) -> BoxConfig:
    """Makes the file's relative paths count from the file's folder."""

    def under(path: Path) -> Path:
        return path if path.is_absolute() else folder / path

    broker, detector = config.broker, config.detector
    return config.model_copy(
        update={
            "box": config.box.model_copy(
                update={"state_dir": under(config.box.state_dir)}
            ),
            "gateway": config.gateway.model_copy(
                update={"public_key": under(config.gateway.public_key)}
            ),
            "broker": broker.model_copy(
                update={
                    "password_file": broker.password_file
                    and under(broker.password_file)
                }
            ),
            "detector": detector.model_copy(
                update={"onnx": detector.onnx and under(detector.onnx)}
            ),
            "cameras": tuple(
                camera
                if "://" in camera.source or not camera.source
                else camera.model_copy(
                    update={"source": str(under(Path(camera.source)))}
                )
                for camera in config.cameras
            ),
        }
    )


__all__ = [
    "BoxConfig",
    "Camera",
    "Detector",
    "DumpingConfig",
    "Position",
    "load_config",
]
