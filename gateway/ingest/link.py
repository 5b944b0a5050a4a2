"""One connection to the broker: the door to paho, driven by its owner's thread.

A link is one connection and dies with it, so an acknowledgement can never go to a later one; what
was not acknowledged comes again. paho's own thread is not used: an exception in one of its
callbacks ends that thread while ``is_connected()`` stays true.
"""

import select
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.errors import BrokerError

KEEPALIVE_S: Final = 20
ANSWER_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the broker is, and who calls."""

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = None
    clean: bool = False
    """A session that the broker forgets."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message.

    Attributes:
        mid: What acknowledges it on this link; None where nothing need.
        retained: It was kept by the broker, and may be long since untrue.
    """

    topic: str
    message: bytes
    mid: int | None
    retained: bool = False


class Link:
    """Open from construction until ``close`` or the first ``BrokerError``."""

    def __init__(self, endpoint: Endpoint, will: tuple[str, bytes] | None = None) -> None:
        """Connects and waits for the broker's word; ``will`` is retained.

        Raises:
            BrokerError: Nobody answers, or we are refused.
        """
        self._where = f"broker {endpoint.host}:{endpoint.port}"
        self._heard: list[Heard] = []
        self._answer: ReasonCode | None = None
        self._subscribed: list[ReasonCode] | None = None
        self._client = self._make(endpoint, will)
        try:
            self._client.connect(endpoint.host, endpoint.port, keepalive=KEEPALIVE_S)
            self._await_answer()
        except (OSError, BrokerError) as error:
            self.close()
            fault = getattr(error, "strerror", None) or str(error)
            raise BrokerError(f"{self._where} cannot be used: {fault}") from error

    def subscribe(self, topics: Sequence[tuple[str, int]]) -> None:
        """Topics with their QoS; returns once the broker has granted them.

        Raises:
            BrokerError: It has not.
        """
        self._subscribed = None
        self._check(self._client.subscribe(list(topics))[0])
        until = time.monotonic() + ANSWER_WITHIN_S
        while self._subscribed is None and time.monotonic() < until:
            self._step(0.2)
        if not self._subscribed or any(code.is_failure for code in self._subscribed):
            raise BrokerError(f"{self._where} refuses the subscription; check its access rules")

    def gather(self, limit: int, wait_s: float) -> list[Heard]:
        """Waits for something to come, then takes what else is there, up to about ``limit``.

        Raises:
            BrokerError: The connection broke; nothing of it can be acknowledged any more.
        """
        until = time.monotonic() + wait_s
        while not self._heard and (left := until - time.monotonic()) > 0:
            self._step(left)
        while len(self._heard) < limit and self._step(0.0):
            pass
        heard, self._heard = self._heard, []
        return heard

    def acknowledge(self, heard: Heard) -> None:
        if heard.mid is not None:
            self._check(self._client.ack(heard.mid, 1))

    def publish(self, topic: str, message: bytes, qos: int = 0, *, retain: bool = False) -> None:
        self._check(self._client.publish(topic, message, qos, retain).rc)

    def farewell(self, topic: str, message: bytes) -> None:
        """A last retained message; the will is not sent after it."""
        with suppress(BrokerError):
            self.publish(topic, message, qos=1, retain=True)
            until = time.monotonic() + 2
            while self._client.want_write() and time.monotonic() < until:
                self._step(0.05)
            self._client.disconnect()
            self._step(0.05)

    def close(self) -> None:
        """Closes the socket; without a farewell the broker publishes the will."""
        sock = self._client.socket()
        if sock is not None:
            sock.close()

    def _make(self, endpoint: Endpoint, will: tuple[str, bytes] | None) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=endpoint.client_id,
            clean_session=endpoint.clean,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.connect_timeout = ANSWER_WITHIN_S
        if will is not None:
            client.will_set(*will, qos=1, retain=True)
        if endpoint.username is not None:
            client.username_pw_set(endpoint.username, endpoint.password)
        return client

    def _await_answer(self) -> None:
        until = time.monotonic() + ANSWER_WITHIN_S
        while self._answer is None and (left := until - time.monotonic()) > 0:
            self._step(left)
        if self._answer is None:
            raise BrokerError(f"no answer in MQTT within {ANSWER_WITHIN_S:.0f} s")
        if self._answer.is_failure:
            raise BrokerError(f"{str(self._answer).lower()}; check name and password")

    def _step(self, timeout_s: float) -> bool:
        """One turn of the network; whether there was something to read."""
        sock = self._client.socket()
        if sock is None:
            raise BrokerError(f"{self._where} closed the connection")
        writers = [sock] if self._client.want_write() else []
        readable, writable, _ = select.select([sock], writers, [], timeout_s)
        if readable:
            self._check(self._client.loop_read())
        if writable:
            self._check(self._client.loop_write())
        self._check(self._client.loop_misc())
        return bool(readable)

    def _check(self, code: MQTTErrorCode) -> None:
        refused = self._answer is not None and self._answer.is_failure
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS and not refused:
            raise BrokerError(f"the connection to {self._where} broke ({code.name})")

    def _on_connect(
        self,
        client: Client,
        data: object,
        flags: ConnectFlags,
        code: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._answer = code

    def _on_subscribe(
        self,
        client: Client,
        data: object,
        mid: int,
        codes: list[ReasonCode],
        properties: Properties | None,
    ) -> None:
        self._subscribed = codes

    def _on_message(self, client: Client, data: object, message: MQTTMessage) -> None:
        # A topic that is no UTF-8 raises when it is read; its bytes are kept instead.
        topic = message._topic.decode("utf-8", "backslashreplace")
        mid = message.mid if message.qos == 1 else None
        self._heard.append(Heard(topic, bytes(message.payload), mid, message.retain))
