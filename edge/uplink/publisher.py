"""Sends what the outbox holds until the gateway's receipt comes back."""

import random
import socket
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final
from uuid import UUID

import structlog

from edge.saying import Complaint
from edge.uplink.backoff import backoff_s
from edge.uplink.clock import Clock
from edge.uplink.errors import BrokerAwayError, BrokerRefusedError, LinkLostError
from edge.uplink.link import Endpoint, Link, Note
from edge.uplink.outbox import Outbox
from edge.uplink.presence import GatewayWatch
from edge.uplink.sending import Sending
from edge.uplink.takeover import TakeoverWatch
from wire import Health, Presence, Receipt, SigningKey, VerifyKey, WireError
from wire.topics import Address, gateway_presence

HEALTH_EVERY_S: Final = 10.0
STEADY_AFTER_S: Final = 30.0
FIRST_RECONNECT_S: Final = 1.0
LONGEST_RECONNECT_S: Final = 30.0
_BEAT_S: Final = 0.5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks on this connection, and who is believed.

    Attributes:
        key: The box's own.
        gateway_key: By which receipts and the gateway's presence are believed.
        password_file: Read at every connect, so that a mended file helps without a restart.
    """

    address: Address
    boot_id: UUID
    software: str
    key: SigningKey
    gateway_key: VerifyKey
    host: str
    port: int
    username: str | None = None
    password_file: Path | None = None

    @property
    def client_id(self) -> str:
        """No name holds an underscore, so no two boxes share one; NATS forbids a dot here."""
        return f"{self.address.district}_{self.address.device}"

    def endpoint(self) -> Endpoint:
        """Raises: BrokerRefusedError: The password file cannot be read."""
        password = None
        if self.password_file is not None:
            try:
                password = self.password_file.read_text(encoding="utf-8").strip()
            except OSError as error:
                fault = f"{self.password_file}: {error.strerror}"
                raise BrokerRefusedError(self.host, self.port, fault) from error
        return Endpoint(self.host, self.port, self.client_id, self.username, password)


class Publisher:
    """One thread: connects, listens, sends, and connects again.

    Rules it keeps:
        1. Nothing is sent before the gateway's signed, retained presence says it is there.
        2. Which alerts are sent, and when again, is ``Sending``'s to decide.
        3. A broker that is away, refuses, or closes is waited for with back-off and jitter; it is
           said in one sentence when it begins, and never ends the program.
    """

    def __init__(
        self,
        caller: Caller,
        outbox: Outbox,
        clock: Clock,
        health: Callable[[], Health],
        sending: Sending | None = None,
    ) -> None:
        self._caller = caller
        self._outbox = outbox
        self._clock = clock
        self._health = health
        self._sending = sending or Sending()
        self._gateway = GatewayWatch(caller.address.district, caller.gateway_key)
        self._takeovers = TakeoverWatch()
        self._trouble = Complaint(log)
        self._waiting = Complaint(log)
        self._namesake = Complaint(log)
        self._disbelief = Complaint(log)
        self._unwell = Complaint(log)
        self._bell, self._wake = socket.socketpair()
        self._bell.setblocking(False)
        self._gateway_listeners: list[Callable[[], None]] = []
        self._connection = -1
        self._failures = 0
        self._health_due_s = 0.0

    def on_gateway_back(self, listener: Callable[[], None]) -> None:
        """Calls ``listener`` when the gateway announces itself, on the publisher's thread."""
        self._gateway_listeners.append(listener)

    def wake(self) -> None:
        """Something was filed; from any thread."""
        try:
            self._bell.send(b"!")
        except (BlockingIOError, OSError):
            return  # it is rung already, or the box is ending

    def close(self) -> None:
        self._bell.close()
        self._wake.close()

    def run(self, stop: Event) -> None:
        """Until ``stop``; ends with a signed death that the gateway need not wait for."""
        while not stop.is_set():
            link = self._connected()
            if link is not None:
                self._hold(link, stop)
            if not stop.is_set():
                self._failures += 1
                pause_s = backoff_s(
                    self._failures, FIRST_RECONNECT_S, LONGEST_RECONNECT_S, random.random()
                )
                stop.wait(pause_s)

    def _connected(self) -> Link | None:
        self._connection += 1
        try:
            link = Link(self._caller.endpoint(), will=self._presence(online=False))
        except (BrokerAwayError, BrokerRefusedError) as error:
            self._takeovers.away()
            self._trouble.say(str(error), self._clock.uptime_s())
            return None
        self._trouble.over()
        log.info("connected to the broker", host=self._caller.host, port=self._caller.port)
        return link

    def _hold(self, link: Link, stop: Event) -> None:
        began_s = self._clock.uptime_s()
        self._gateway.forget()
        self._sending.start_over()
        self._health_due_s = 0.0
        try:
            address = self._caller.address
            link.subscribe([address.down("#"), gateway_presence(address.district)])
            link.publish(self._presence(online=True))
            while not stop.is_set():
                for note in link.poll(_BEAT_S, self._wake):
                    self._hear(note)
                self._send(link, began_s)
                if self._clock.uptime_s() - began_s > STEADY_AFTER_S:
                    self._failures = 0
            link.farewell(self._presence(online=False), patience_s=2.0)
        except LinkLostError as error:
            self._lost(error, self._clock.uptime_s() - began_s)
        finally:
            link.close()

    def _lost(self, error: LinkLostError, lived_s: float) -> None:
        log.warning(f"{error}; connecting again")
        if self._takeovers.lost(lived_s):
            self._namesake.say(
                f"the broker keeps closing this box's connections; another box is probably running "
                f"as {self._caller.client_id!r}: give each its own box.device",
                self._clock.uptime_s(),
            )

    def _hear(self, note: Note) -> None:
        try:
            if note.topic == gateway_presence(self._caller.address.district):
                self._hear_gateway(note)
            elif note.topic == self._caller.address.down("receipt"):
                self._hear_receipt(note)
        except WireError as error:
            sentence = f"a message on {note.topic} is not believed: {error}"
            self._disbelief.say(sentence, self._clock.uptime_s())

    def _hear_gateway(self, note: Note) -> None:
        was = self._gateway.online
        if self._gateway.hear(note.body):
            self._sending.start_over()
            for listener in self._gateway_listeners:
                listener()
        if self._gateway.online != was:
            what = "is there" if self._gateway.online else "is away; alerts wait here"
            log.info(f"the gateway {what}", instance=str(self._gateway.instance_id))

    def _hear_receipt(self, note: Note) -> None:
        receipt = Receipt.from_bytes(self._caller.gateway_key.verify(note.body, "receipt").payload)
        if receipt.device != self._caller.address.device:
            raise WireError(f"the receipt is for device {receipt.device!r}")
        marked = self._outbox.mark(receipt)
        self._sending.receipted(receipt.payload_sha256)
        if marked and receipt.outcome == "quarantined":
            log.warning(
                "the gateway keeps an alert aside because it does not understand it; "
                "is the gateway older than this box?",
                alert_id=str(receipt.alert_id),
            )
        elif marked:
            log.info("alert delivered", alert_id=str(receipt.alert_id))

    def _send(self, link: Link, began_s: float) -> None:
        now_s = self._clock.uptime_s()
        if now_s >= self._health_due_s:
            self._health_due_s = now_s + HEALTH_EVERY_S
            self._tell_health(link, now_s)
        if not self._gateway.online:
            if now_s - began_s > HEALTH_EVERY_S:
                self._waiting.say("no gateway announces itself on the broker; alerts wait", now_s)
            return
        self._waiting.over()
        topic = self._caller.address.up("alert")
        for sha256 in self._sending.due(self._outbox.queue(self._sending.wanted), now_s):
            filed = self._outbox.get(sha256)
            if filed is None:
                self._sending.receipted(sha256)
                continue
            age_s = filed.age_s(self._clock)
            link.publish(Note(topic, self._caller.key.sign(filed.payload, "alert", age_s)))

    def _tell_health(self, link: Link, now_s: float) -> None:
        try:
            health = self._health()
        except (OSError, sqlite3.DatabaseError) as error:
            self._unwell.say(f"no health can be told: the disk cannot be read ({error})", now_s)
            return
        body = self._caller.key.sign(health.to_bytes(), "health")
        link.publish(Note(self._caller.address.up("health"), body))

    def _presence(self, *, online: bool) -> Note:
        who = self._caller
        presence = Presence(
            district=who.address.district,
            device=who.address.device,
            boot_id=who.boot_id,
            connection=self._connection,
            online=online,
            at=self._clock.now(),
            software=who.software,
        )
        return Note(who.address.up("presence"), who.key.sign(presence.to_bytes(), "presence"))
