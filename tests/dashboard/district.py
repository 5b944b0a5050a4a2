"""A small real district for the page: broker, gateway process, and a box that signs its words."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

import gateway.casework
from gateway.accounts import enroll, ensure_user
from sanse.probe import free_port, is_healthy
from tests.brokers import Broker
from wire import Alert, Health, Presence, SigningKey, sha256_of, upload_token
from wire.alert import Scenario
from wire.topics import Address, Up

DISTRICT = "harbour"
NAME, PASSWORD = "王敏", "correct horse battery"
M = TypeVar("M", Alert, Health, Presence)
BUNDLED_POLICY = Path(gateway.casework.__file__).with_name("policy.toml")
_RED_RULE = """
[[rule]]
code = "by-truck"
color = "red"
when = { carrier = ["truck"] }
zh = "卡车整车倾倒。"
en = "A whole truckload."
"""
_SLIGHT = {"night": False, "builders_waste": False, "border": False, "closed_point": ""}
_OF_OFFENCE: dict[Scenario, str] = {
    "dumping": "alert",
    "charging": "alert-charging",
    "construction": "alert-construction",
}
_GOLDEN = Path(__file__).parents[1] / "golden"


class Gateway:
    """A gateway process, frozen and thawed at will: its connections stay open and mute."""

    def __init__(self, state: Path, broker: Broker) -> None:
        self._state = state
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        policy = state / "policy.toml"
        policy.parent.mkdir(parents=True, exist_ok=True)
        policy.write_text(BUNDLED_POLICY.read_text() + _RED_RULE)
        ensure_user(state, "wang", PASSWORD, NAME)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "sanse", "gateway", "serve"),
                *("--state", str(state), "--port", str(self._port), "--district", DISTRICT),
                *("--broker-host", broker.host, "--broker-port", str(broker.port)),
                *("--policy", str(policy)),
            ]
        )

    def __enter__(self) -> Self:
        deadline = time.monotonic() + 30
        while not is_healthy(self.url):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the gateway did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self.thaw()
        self._process.terminate()
        self._process.wait(20)

    def freeze(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    def box(self, device: str, broker: Broker) -> "Box":
        key = SigningKey.generate(device)
        enroll(self._state, device, key.public.as_jwk())
        return Box(key, broker, self.url)


class Box:
    """Speaks as a box does, over real MQTT and HTTP."""

    def __init__(self, key: SigningKey, broker: Broker, url: str) -> None:
        self._key = key
        self._url = url
        self._address = Address(DISTRICT, key.signer)
        self._boot_id = uuid4()
        self._sequence = -1
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{DISTRICT}_{key.signer}",
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        self._connected = threading.Event()
        self._client.on_connect = lambda *_: self._connected.set()
        self._client.connect(broker.host, broker.port)

    def __enter__(self) -> Self:
        self._client.loop_start()
        if not self._connected.wait(10):
            raise RuntimeError("the broker did not let the box in")
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def says(self, *, online: bool, camera: str = "live") -> None:
        """Its birth and its health, or its death."""
        now = datetime.now(UTC)
        presence = _golden(Presence, self._own(online=online, at=now.isoformat(), connection=0))
        self._send("presence", presence.to_bytes())
        if not online:
            return
        own = self._own(at=now.isoformat())
        cameras = [_read("health")["cameras"][0] | {"state": camera}]
        self._send("health", _golden(Health, own | {"cameras": cameras}).to_bytes())

    def alerts(
        self,
        site: str,
        name: str,
        picture: bytes | None = None,
        offence: Scenario = "dumping",
        age_s: float = 0.1,
        **facts: object,
    ) -> UUID:
        """A golden alert, slight and by day but for ``facts``; its picture is put up too."""
        alert_id = uuid4()
        self._sequence += 1
        evidence: dict[str, Any] = {"state": "unavailable", "reason": "no room on the disk"}
        if picture is not None:
            item = {"kind": "snapshot", "media_type": "image/jpeg", "size_bytes": len(picture)}
            items = [item | {"sha256": sha256_of(picture)}]
            evidence = {"state": "stored", "items": items}
        golden = _read(_OF_OFFENCE[offence])
        own = self._own(
            alert_id=str(alert_id),
            sequence=self._sequence,
            captured_at=datetime.now(UTC).isoformat(),
            site=golden["site"] | {"site_id": site, "name": name},
            facts=golden["facts"] | _SLIGHT | facts,
            evidence=evidence,
        )
        self._send("alert", _golden(Alert, golden | own).to_bytes(), age_s)
        if picture is not None:
            self._put(picture)
        return alert_id

    def _own(self, **changed: object) -> dict[str, object]:
        own = {"district": DISTRICT, "device": self._key.signer, "boot_id": str(self._boot_id)}
        return own | changed

    def _send(self, kind: Up, payload: bytes, age_s: float = 0.1) -> None:
        signed = self._key.sign(payload, kind, age_s)
        self._client.publish(self._address.up(kind), signed, qos=1).wait_for_publish(10)

    def _put(self, picture: bytes) -> None:
        sha256 = sha256_of(picture)
        token = upload_token(self._key, sha256, datetime.now(UTC))
        request = urllib.request.Request(
            f"{self._url}/api/v1/evidence/{sha256}",
            data=picture,
            method="PUT",
            headers={"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"},
        )
        urllib.request.urlopen(request, timeout=10).close()


def _read(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_GOLDEN / f"{kind}.json").read_bytes())
    return found


def _golden(kind: type[M], changed: dict[str, object]) -> M:
    return kind.from_bytes(json.dumps(_read(kind.__name__.lower()) | changed).encode())
