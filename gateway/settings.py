"""The gateway's settings: a TOML file and flags, one schema; errors name file, key and line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wire.message import Name
from wire.toml import fault_of, read_toml

Port = Annotated[int, Field(gt=0, lt=65536)]


class Settings(BaseModel):
    """Everything that a gateway can be told; relative paths in a file count from its folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: Path = Path(".sanse/gateway")
    """Database, evidence and key live here."""
    district: Name = "district"
    """Whose boxes it hears."""
    host: str = "127.0.0.1"
    """Address to serve HTTP on; ``0.0.0.0`` for every one."""
    port: Port = 8000
    """Of page and API."""
    broker_host: str = "127.0.0.1"
    """Of the MQTT broker."""
    broker_port: Port = 1883
    """Of the MQTT broker."""
    broker_username: str | None = None
    """Where the broker asks for one."""
    broker_password_file: Path | None = None
    """Holds the password and nothing else."""
    policy: Path | None = None
    """A policy of one's own in place of the bundled one."""
    influx_url: str | None = None
    """An InfluxDB or VictoriaMetrics that gets a copy of the boxes' health."""
    influx_token_file: Path | None = None
    """Holds the token and nothing else."""
    influx_org: str = "sanse"
    """Organization that the copy is written to."""
    influx_bucket: str = "sanse"
    """Bucket that the copy is written to."""
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


def load_settings(path: Path | None, flags: Mapping[str, object]) -> Settings:
    """The file's settings with the flags on top; a flag of None was not given.

    Raises:
        TomlError: In one sentence with file, line and key, or the flag.
    """
    file = read_toml(path) if path is not None else None
    tree = dict(file.tree) if file else {}
    for key in _PATHS:
        if file and isinstance(tree.get(key), str):
            tree[key] = file.path.resolve().parent / tree[key]
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings.model_validate(tree | given)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        flag = "--" + key.replace("_", "-")
        raise fault_of(error, None if key in given else file, flag) from error
