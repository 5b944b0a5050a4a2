"""The gateway's settings: a TOML file and flags, one schema; errors name file, key and line."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.errors import SettingsError
from gateway.toml_lines import line_of
from wire.message import Name

Port = Annotated[int, Field(gt=0, lt=65536)]


class Settings(BaseModel):
    """Everything that a gateway can be told; relative paths in a file count from its folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: Path = Path(".sanse/gateway")
    """Database, evidence and key live here."""
    district: Name = "district"
    host: str = "127.0.0.1"
    """Address to serve HTTP on; ``0.0.0.0`` for every one."""
    port: Port = 8000
    broker_host: str = "127.0.0.1"
    broker_port: Port = 1883
    broker_username: str | None = None
    broker_password_file: Path | None = None
    policy: Path | None = None
    """A policy of one's own in place of the bundled one."""
    influx_url: str | None = None
    """An InfluxDB or VictoriaMetrics that gets a copy of the boxes' health."""
    influx_token_file: Path | None = None
    influx_org: str = "sanse"
    influx_bucket: str = "sanse"
    session_hours: Annotated[float, Field(gt=0, le=24 * 31)] = 12
    """A login lasts this long."""
    evidence_max_bytes: Annotated[int, Field(gt=0)] = 64 * 2**20
    """Larger files of evidence are refused."""
    disk_reserve_bytes: Annotated[int, Field(ge=0)] = 200_000_000
    """With less free space evidence is refused, so that alerts still fit."""

    @property
    def database(self) -> Path:
        return self.state / "sanse.db"

    @property
    def evidence(self) -> Path:
        return self.state / "evidence"

    @property
    def key(self) -> Path:
        return self.state / "gateway-key.json"


_PATHS = ("state", "broker_password_file", "policy", "influx_token_file")


def load_settings(path: Path | None, flags: dict[str, Any]) -> Settings:
    """The file's settings with the flags on top; a flag of None was not given.

    Raises:
        SettingsError: In one sentence with file, line and key.
    """
    text = ""
    tree: dict[str, Any] = {}
    if path is not None:
        text, tree = read_toml(path)
        for key in _PATHS:
            if isinstance(tree.get(key), str):
                tree[key] = path.resolve().parent / tree[key]
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings.model_validate(tree | given)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(step) for step in fault["loc"])
        where = f"--{key.replace('_', '-')}" if path is None or key in given else str(path)
        line = line_of(text, fault["loc"]) if where == str(path) else None
        raise SettingsError(f"{where}:{line}" if line else where, key, fault["msg"]) from error


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text, for line numbers, and what it says.

    Raises:
        SettingsError: It cannot be read, or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise SettingsError(str(path), "", f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), "", f"is not TOML: {error}") from error
