"""One connection to the broker: the door to paho, driven by its owner's thread.

paho's own thread is not used: an exception in one of its callbacks ends that thread while
``is_connected()`` stays true. Here a callback only notes what came, and everything else happens in
the loop of the publisher, whose end is seen.
"""

import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from edge.uplink.errors import BrokerAwayError, BrokerRefusedError, LinkLostError

KEEPALIVE_S: Final = 20
CONNECT_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the broker is, and who calls."""

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """One message on a topic."""

    topic: str
    body: bytes


class Link:
    """Open from construction until ``close`` or the first ``LinkLostError``."""

    def __init__(self, endpoint: Endpoint, will: Note) -> None:
        """Connects, clean session, and waits for the broker's word.

        Raises:
            BrokerAwayError: Nobody answers, or not in MQTT.
            BrokerRefusedError: User name, password or client id are refused.
        """
        self._endpoint = endpoint
        self._heard: list[Note] = []
        self._answer: ReasonCode | None = None
        self._unacknowledged = 0
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=endpoint.client_id,
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.will_set(will.topic, will.body, qos=1)
        if endpoint.username is not None:
            client.username_pw_set(endpoint.username, endpoint.password)
        self._client = client
        try:
            client.connect(endpoint.host, endpoint.port, keepalive=KEEPALIVE_S)
            self._await_answer()
        except (OSError, ValueError, LinkLostError) as error:  # paho: ValueError for a bad host
            self.close()
            fault = getattr(error, "strerror", None) or str(error)
            raise BrokerAwayError(endpoint.host, endpoint.port, fault) from error
        except BrokerRefusedError:
            self.close()
            raise

    def subscribe(self, topics: Sequence[str]) -> None:
        """QoS 0: what must not be missed is repeated by the sender, or retained."""
        self._check(self._client.subscribe([(topic, 0) for topic in topics])[0])

    def publish(self, note: Note) -> None:
        """QoS 1. The broker's acknowledgement is no proof of anything; only receipts are."""
        self._check(self._client.publish(note.topic, note.body, qos=1).rc)
        self._unacknowledged += 1

    def poll(self, timeout_s: float, wake: socket.socket | None = None) -> list[Note]:
        """Waits until something comes, ``wake`` has a byte, or the time is up.

        Raises:
            LinkLostError: The connection broke.
        """
        sock = self._client.socket()
        if sock is None:
            raise self._lost(MQTTErrorCode.MQTT_ERR_NO_CONN)
        readers = [sock] if wake is None else [sock, wake]
        writers = [sock] if self._client.want_write() else []
        readable, writable, _ = select.select(readers, writers, [], timeout_s)
        if wake is not None and wake in readable:
            wake.recv(4096)
        if sock in readable:
            self._check(self._client.loop_read())
        if sock in writable:
            self._check(self._client.loop_write())
        self._check(self._client.loop_misc())
        heard, self._heard = self._heard, []
        return heard

    def farewell(self, note: Note, patience_s: float) -> None:
        """A last message, awaited for a moment; the will is not sent after it."""
        try:
            self.publish(note)
            until = time.monotonic() + patience_s
            while self._unacknowledged > 0 and (left := until - time.monotonic()) > 0:
                self.poll(left)
            self._client.disconnect()
        except LinkLostError:
            return

    def close(self) -> None:
        """Closes the socket; without a farewell the broker publishes the will."""
        sock = self._client.socket()
        if sock is not None:
            sock.close()

    def _await_answer(self) -> None:
        until = time.monotonic() + CONNECT_TIMEOUT_S
        while self._answer is None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"no answer in MQTT within {CONNECT_TIMEOUT_S:.0f} s")
            try:
                self.poll(left)
            except LinkLostError:
                if self._answer is None:
                    raise
        if self._answer.is_failure:
            where = self._endpoint
            raise BrokerRefusedError(where.host, where.port, str(self._answer).lower())

    def _check(self, rc: MQTTErrorCode) -> None:
        if rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise self._lost(rc)

    def _lost(self, rc: MQTTErrorCode) -> LinkLostError:
        fault = {
            MQTTErrorCode.MQTT_ERR_CONN_LOST: "closed by the other side",
            MQTTErrorCode.MQTT_ERR_KEEPALIVE: "no sign of life from the other side",
            MQTTErrorCode.MQTT_ERR_NO_CONN: "closed",
        }.get(rc, rc.name)
        return LinkLostError(self._endpoint.host, self._endpoint.port, fault)

    def _on_connect(
        self, client: Client, data: object, flags: object, code: ReasonCode, properties: object
    ) -> None:
        self._answer = code

    def _on_message(self, client: Client, data: object, message: MQTTMessage) -> None:
        self._heard.append(Note(message.topic, bytes(message.payload)))

    def _on_publish(
        self, client: Client, data: object, mid: int, code: object, properties: object
    ) -> None:
        self._unacknowledged -= 1
