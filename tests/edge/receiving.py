"""A small gateway over a real MQTT connection: verifies, keeps in a file, answers with receipts."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.brokers import Broker
from tests.edge.alerts import AT, make_receipt
from wire import Alert, GatewayPresence, Health, Presence, Signed, SigningKey, VerifyKey
from wire.topics import Address, all_up, gateway_presence, parse_up

DISTRICT = "harbour"


class Gateway:
    """What it has received is on disk before it answers, so it may be killed and made anew."""

    def __init__(self, key: SigningKey, box: VerifyKey, kept: Path) -> None:
        self._key = key
        self._box = box
        self._kept = kept
        self._changed = threading.Condition()
        self._client: Client | None = None
        self._listens = threading.Event()
        self.instance_id = uuid4()
        self.answers = True
        self.arrivals: list[tuple[Alert, Signed]] = []
        self.presences: list[Presence] = []
        self.healths: list[Health] = []

    def start(self, broker: Broker) -> None:
        will = self._presence(online=False)
        self._listens.clear()
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"sanse-gateway-{DISTRICT}",
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        client.reconnect_delay_set(1, 1)
        client.will_set(gateway_presence(DISTRICT), will, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.connect(broker.host, broker.port, keepalive=10)
        client.loop_start()
        self._client = client
        assert self._listens.wait(20)

    def stop(self) -> None:
        """Says goodbye: its retained presence is away."""
        if self._client is not None:
            self.announce(online=False)
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def kill(self) -> None:
        """Its socket breaks without a word; the broker publishes its will."""
        if self._client is not None:
            self._client.reconnect_delay_set(3600, 3600)
            sock = self._client.socket()
            assert sock is not None
            sock.close()
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def announce(self, *, online: bool) -> None:
        assert self._client is not None
        body = self._presence(online=online)
        self._client.publish(gateway_presence(DISTRICT), body, qos=1, retain=True).wait_for_publish(
            5
        )

    def kept_ids(self) -> list[UUID]:
        if not self._kept.exists():
            return []
        return [UUID(json.loads(line)) for line in self._kept.read_text().splitlines()]

    def wait_until(self, holds: Callable[[], bool], timeout_s: float = 30.0) -> bool:
        with self._changed:
            return self._changed.wait_for(holds, timeout_s)

    def wait_for(self, ids: set[UUID], timeout_s: float = 30.0) -> bool:
        return self.wait_until(lambda: ids <= set(self.kept_ids()), timeout_s)

    def _presence(self, *, online: bool) -> bytes:
        said = GatewayPresence(
            district=DISTRICT, instance_id=self.instance_id, online=online, at=AT
        )
        return self._key.sign(said.to_bytes(), "gateway-presence")

    def _on_connect(self, client: Client, *_: Any) -> None:
        client.subscribe([(all_up(DISTRICT, kind), 1) for kind in ("alert", "presence", "health")])
        client.publish(gateway_presence(DISTRICT), self._presence(online=True), qos=1, retain=True)

    def _on_subscribe(self, *_: Any) -> None:
        self._listens.set()

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        if message.topic == gateway_presence(DISTRICT):
            client.ack(message.mid, message.qos)
            return
        address, kind = parse_up(message.topic)
        signed = self._box.verify(message.payload, kind)
        with self._changed:
            if kind == "alert":
                self._take(client, address, signed)
            elif kind == "presence":
                self.presences.append(Presence.from_bytes(signed.payload))
            else:
                self.healths.append(Health.from_bytes(signed.payload))
            self._changed.notify_all()
        client.ack(message.mid, message.qos)

    def _take(self, client: Client, address: Address, signed: Signed) -> None:
        alert = Alert.from_bytes(signed.payload)
        self.arrivals.append((alert, signed))
        if not self.answers:
            return
        if alert.alert_id not in self.kept_ids():
            with self._kept.open("a") as file:
                file.write(json.dumps(str(alert.alert_id)) + "\n")
        body = self._key.sign(make_receipt(signed.payload).to_bytes(), "receipt")
        client.publish(address.down("receipt"), body, qos=0)


@contextmanager
def serving(gateway: Gateway, broker: Broker) -> Iterator[Gateway]:
    gateway.start(broker)
    try:
        yield gateway
    finally:
        gateway.stop()
