"""How many alerts a second a gateway verifies, stores durably, judges and answers.

Two figures. *Keeping*: batches of 200 straight into the record. *Delivery*: ten boxes, each with at
most 50 alerts without a receipt, over the embedded broker with JetStream on disk, into a gateway
process, until every receipt is back. Both stand beside the 3,000 messages a second that the same
steps reach without signatures, parsing or casework (receive, commit batches of 200, acknowledge).

    python -m benchmarks.delivery --alerts 2000
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from benchmarks.alert_to_page import alert
from gateway.accounts import enroll, gateway_key
from gateway.casework.policy import load_policy
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.ingest.arrival import Arrival
from gateway.ingest.keeper import Keeper
from gateway.settings import Settings
from gateway.store.database import Database
from sanse.broker import Broker, nats_server, write_config
from sanse.probe import accepts, free_port, is_healthy
from sanse.processes import ProcessTree, Program
from wire import SigningKey
from wire.topics import Address

DISTRICT: Final = "bench"
BATCH: Final = 200
WINDOW: Final = 50
BARE_PER_S: Final = 3000
"""Measured without any of our own work: see the module's first lines."""


def messages(key: SigningKey, count: int, sites: int) -> list[bytes]:
    """Signed alerts of one device."""
    boot_id, now = uuid4(), datetime.now(UTC)
    made = [
        alert(index % sites, boot_id, now).model_copy(
            update={"device": key.signer, "sequence": index}
        )
        for index in range(count)
    ]
    return [key.sign(each.to_bytes(), "alert", 0.1) for each in made]


def keeping_per_s(state: Path, count: int) -> float:
    """Alerts a second, straight into the record."""
    key = SigningKey.generate("box-0")
    enroll(state, key.signer, key.public.as_jwk())
    settings = Settings(state=state, district=DISTRICT)
    topic = Address(DISTRICT, key.signer).up("alert")
    now = datetime.now(UTC)
    batch = [Arrival(topic, message, now) for message in messages(key, count, sites=500)]
    with Database(settings.database) as database:
        desk = Desk(settings, load_policy(), database, Feed(database))
        keeper = Keeper(desk, gateway_key(state))
        began_s = time.perf_counter()
        for start in range(0, count, BATCH):
            keeper.keep(batch[start : start + BATCH])
        return count / (time.perf_counter() - began_s)


class Box:
    """Sends its messages in order, at most ``WINDOW`` of them unanswered."""

    def __init__(self, key: SigningKey, broker: Broker, queue: list[bytes]) -> None:
        self._address = Address(DISTRICT, key.signer)
        self._queue = iter(queue)
        self._left = len(queue)
        self.done = threading.Event()
        client = Client(
            CallbackAPIVersion.VERSION2,
            f"bench-{key.signer}",
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        client.username_pw_set("box", broker.box_password.read_text())
        client.max_inflight_messages_set(WINDOW)
        client.on_message = self._on_message
        client.connect(broker.host, broker.port)
        client.subscribe(self._address.down("receipt"))
        client.loop_start()
        self._client = client

    def start(self) -> None:
        for _ in range(WINDOW):
            self._send()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _send(self) -> None:
        message = next(self._queue, None)
        if message is not None:
            self._client.publish(self._address.up("alert"), message, qos=1)

    def _on_message(self, client: Client, data: object, message: MQTTMessage) -> None:
        self._left -= 1
        if self._left == 0:
            self.done.set()
        self._send()


def delivery_per_s(state: Path, count: int, boxes: int) -> float:
    """Alerts a second, from ten boxes over the broker until their receipts are back."""
    broker = write_config(state / "broker", free_port(), free_port())
    keys = [SigningKey.generate(f"box-{index}") for index in range(boxes)]
    for key in keys:
        enroll(state / "gateway", key.signer, key.public.as_jwk())
    queues = [messages(key, count // boxes, sites=50) for key in keys]
    with ExitStack() as stack:
        stack.enter_context(serving(state, broker))
        playing = [Box(key, broker, queue) for key, queue in zip(keys, queues, strict=True)]
        for box in playing:
            stack.callback(box.close)
        began_s = time.perf_counter()
        for box in playing:
            box.start()
        for box in playing:
            if not box.done.wait(300):
                raise SystemExit("a box was left without receipts for 300 s")
        return boxes * (count // boxes) / (time.perf_counter() - began_s)


@contextmanager
def serving(state: Path, broker: Broker) -> Iterator[None]:
    port = free_port()
    argv = (
        *(sys.executable, "-m", "sanse", "gateway", "serve", "--state", str(state / "gateway")),
        *("--port", str(port), "--district", DISTRICT),
        *("--broker-host", broker.host, "--broker-port", str(broker.port)),
        *("--broker-username", "gateway"),
        *("--broker-password-file", str(broker.gateway_password)),
    )
    with ProcessTree(state / "log", print) as tree:
        nats = (nats_server(), "-c", str(broker.config))
        tree.start(Program("broker", nats, lambda: accepts(broker.host, broker.port)))
        tree.start(Program("gateway", argv, lambda: is_healthy(f"http://127.0.0.1:{port}")))
        yield


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--alerts", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = keeping_per_s(Path(folder) / "keeping", given.alerts)
        delivered = delivery_per_s(Path(folder) / "delivery", given.alerts, boxes=10)
    print(f"keeping: {kept:.0f} alerts/s, {kept / BARE_PER_S:.2f} of the bare steps")
    print(f"delivery: {delivered:.0f} alerts/s, {delivered / BARE_PER_S:.2f} of the bare steps")


if __name__ == "__main__":
    main()
