"""A box's part, played over a real broker: signs, sends, resends until receipted."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.brokers import Broker
from tests.gateway.district import DISTRICT
from wire import Alert, GatewayPresence, Receipt, SigningKey, VerifyKey
from wire.topics import Address, Up, gateway_presence

ADDRESS = Address(DISTRICT, "gate-7")


class Box:
    """Hears receipts and the gateway's presence; ``wait_for`` waits for what has been heard."""

    def __init__(self, key: SigningKey, gateway: VerifyKey, broker: Broker) -> None:
        self._key = key
        self._gateway = gateway
        self._changed = threading.Condition()
        self.receipts: list[Receipt] = []
        self.presences: list[GatewayPresence] = []
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id="harbour-gate-7",
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.max_inflight_messages_set(200)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, payload: bytes, kind: Up = "alert", age_s: float | None = 0.1) -> None:
        self.send_raw(self._key.sign(payload, kind, age_s), kind)

    def send_raw(self, message: bytes, kind: Up = "alert") -> None:
        self._client.publish(ADDRESS.up(kind), message, qos=1)

    def receipted(self) -> set[UUID]:
        with self._changed:
            return {receipt.alert_id for receipt in self.receipts}

    def wait_for(self, condition: Callable[[], bool], limit_s: float = 30) -> bool:
        with self._changed:
            return self._changed.wait_for(condition, limit_s)

    def wait_for_receipts(self, count: int) -> bool:
        return self.wait_for(lambda: len(self.receipts) >= count)

    def deliver(self, alerts: list[Alert], limit_s: float = 60) -> bool:
        """Sends until each is receipted, again every two seconds, as boxes do."""
        wanted = {alert.alert_id: alert for alert in alerts}
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            for alert_id in wanted.keys() - self.receipted():
                self.send(wanted[alert_id].to_bytes())
            if self.wait_for(lambda: wanted.keys() <= {r.alert_id for r in self.receipts}, 2):
                return True
        return False

    def _on_connect(self, client: Client, *_: object) -> None:
        client.subscribe([(ADDRESS.down("#"), 0), (gateway_presence(DISTRICT), 0)])

    def _on_message(self, client: Client, data: object, message: MQTTMessage) -> None:
        with self._changed:
            if message.topic == ADDRESS.down("receipt"):
                signed = self._gateway.verify(message.payload, "receipt")
                self.receipts.append(Receipt.from_bytes(signed.payload))
            else:
                signed = self._gateway.verify(message.payload, "gateway-presence")
                self.presences.append(GatewayPresence.from_bytes(signed.payload))
            self._changed.notify_all()


@contextmanager
def playing_box(key: SigningKey, gateway: VerifyKey, broker: Broker) -> Iterator[Box]:
    box = Box(key, gateway, broker)
    try:
        yield box
    finally:
        box.close()
