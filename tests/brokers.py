"""Real brokers for tests, killed and restarted at will: mosquitto (Debian), NATS (PyPI)."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from sanse.probe import accepts, free_port

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
NATS = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which(
    "nats-server"
)

_MOSQUITTO_CONF = """
listener {port} 127.0.0.1
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 1
max_inflight_messages 200
"""

_NATS_CONF = """
server_name: sanse
listen: "127.0.0.1:{client_port}"
jetstream {{
  store_dir: "{folder}", sync_interval: always, limits {{ default_max_consumers: -1 }}
}}
mqtt {{ listen: "127.0.0.1:{port}", ack_wait: "3s", max_ack_pending: 200 }}
"""


class Broker:
    """One broker process on a port of its own; its state survives ``kill`` and ``stop``."""

    host = "127.0.0.1"

    def __init__(self, command: list[str], port: int, log: Path) -> None:
        self._command = command
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port

    def start(self) -> None:
        """Returns once the broker takes connections."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while not accepts(self.host, self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the broker did not start: {self._log.read_text()[-800:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """As a power cut does."""
        self._end(kill=True)

    def stop(self) -> None:
        self._end(kill=False)

    def _end(self, *, kill: bool) -> None:
        if self._process is None:
            return
        if kill:
            self._process.kill()
        else:
            self._process.terminate()
        self._process.wait(10)
        self._process = None


def mosquitto_broker(folder: Path, users: Mapping[str, str] | None = None) -> Broker:
    """A mosquitto that is not started yet; with ``users`` (name to password) it asks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    conf = _MOSQUITTO_CONF.format(port=port, folder=folder)
    if os.geteuid() == 0:
        conf += "user root\n"
    if users is None:
        conf += "allow_anonymous true\n"
    else:
        passwords = folder / "passwords"
        passwords.write_text("".join(f"{name}:{word}\n" for name, word in users.items()))
        subprocess.run(["mosquitto_passwd", "-U", str(passwords)], check=True)
        conf += f"allow_anonymous false\npassword_file {passwords}\n"
    (folder / "mosquitto.conf").write_text(conf)
    command = [str(MOSQUITTO), "-c", str(folder / "mosquitto.conf")]
    return Broker(command, port, folder / "log")


def nats_broker(folder: Path) -> Broker:
    """A NATS server with JetStream on disk and MQTT, as ``sanse up`` embeds it; not started yet."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    (folder / "nats.conf").write_text(
        _NATS_CONF.format(client_port=free_port(), port=port, folder=folder)
    )
    return Broker([str(NATS), "-c", str(folder / "nats.conf")], port, folder / "log")
