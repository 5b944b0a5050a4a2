"""The ingest thread: connected, it takes batches, has them kept, then acknowledges and answers."""

import threading
import time
from typing import Final
from uuid import uuid4

import structlog

from gateway.desk import Desk
from gateway.errors import BrokerError, SecondGatewayError, StateError, StoreError
from gateway.ingest.arrival import Arrival
from gateway.ingest.keeper import Keeper
from gateway.ingest.link import Endpoint, Heard, Link
from gateway.ingest.presence import REFRESH_S, Past, another_is_there, must_yield, read_unverified
from wire import GatewayPresence, SigningKey
from wire.topics import all_up, gateway_presence

log = structlog.get_logger()

BATCH: Final = 200
_WAIT_S: Final = 0.2
_PAUSES_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0)


class Listener:
    """Everything between the broker and the keeper.

    Where nothing can be stored it leaves the broker, so that boxes hold their alerts back; what was
    not acknowledged comes again, as after a crash.
    """

    def __init__(self, desk: Desk, key: SigningKey) -> None:
        self._desk = desk
        self._key = key
        self._keeper = Keeper(desk, key)
        self._instance_id = uuid4()
        self._past = Past(desk.settings.state / "instance")
        self._former = self._past.read()
        self._topic = gateway_presence(desk.settings.district)
        self._announced = False
        self._standing = "not connected to the broker yet"

    def probe(self) -> str:
        return self._standing

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``; broker and database may come and go meanwhile.

        Raises:
            SecondGatewayError: Another gateway serves this district.
        """
        failures = 0
        while not stop.is_set():
            try:
                self._serve(stop)
            except (BrokerError, StoreError) as error:
                failures = 0 if self._standing == "ok" else failures + 1
                if isinstance(error, StoreError):
                    self._desk.metrics.store_failures.inc()
                self._stand(f"{error}; trying again")
                stop.wait(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])

    def _serve(self, stop: threading.Event) -> None:
        """One connection, from looking first to saying goodbye."""
        district = self._desk.settings.district
        if not self._announced:
            self._look_first()
        link = Link(self._endpoint(f"sanse-gateway-{district}"), self._presence(online=False))
        try:
            topics = [(all_up(district, kind), 1) for kind in ("alert", "presence", "health")]
            link.subscribe([(self._topic, 0), *topics])
            self._past.write(self._instance_id)
            self._announced = True
            self._stand("ok")
            self._take_turns(link, stop)
        finally:
            link.farewell(*self._presence(online=False))
            link.close()

    def _take_turns(self, link: Link, stop: threading.Event) -> None:
        refresh_at_s = 0.0
        while not stop.is_set():
            if time.monotonic() >= refresh_at_s:
                link.publish(*self._presence(online=True), qos=1, retain=True)
                refresh_at_s = time.monotonic() + REFRESH_S
            heard = link.gather(BATCH, _WAIT_S)
            ours = [each for each in heard if each.topic == self._topic]
            if any(self._contradicts(each) for each in ours):
                refresh_at_s = 0.0
            self._keep(link, [each for each in heard if each.topic != self._topic])

    def _keep(self, link: Link, heard: list[Heard]) -> None:
        """Commit first; only then is anything acknowledged, and only then answered."""
        for start in range(0, len(heard), BATCH):
            batch = heard[start : start + BATCH]
            now = self._desk.clock()
            answers = self._keeper.keep([Arrival(each.topic, each.message, now) for each in batch])
            for each in batch:
                link.acknowledge(each)
            for answer in answers:
                link.publish(answer.topic, answer.message)

    def _contradicts(self, heard: Heard) -> bool:
        """Whether the retained presence is no longer our own word.

        Raises:
            SecondGatewayError: It is that of another gateway, which stays.
        """
        said = read_unverified(heard.message)
        if said is None:
            return True
        old_news = heard.retained or said.instance_id == self._former
        if not old_news and must_yield(self._instance_id, said):
            raise self._second()
        return said.instance_id != self._instance_id or not said.online

    def _look_first(self) -> None:
        district = self._desk.settings.district
        endpoint = self._endpoint(f"sanse-look-{self._instance_id.hex[:12]}", clean=True)
        if another_is_there(endpoint, district, self._former) is not None:
            raise self._second()

    def _second(self) -> SecondGatewayError:
        settings = self._desk.settings
        return SecondGatewayError(
            f"another gateway already serves district {settings.district!r} on broker "
            f"{settings.broker_host}:{settings.broker_port}; stop that one first"
        )

    def _presence(self, *, online: bool) -> tuple[str, bytes]:
        said = GatewayPresence(
            district=self._desk.settings.district,
            instance_id=self._instance_id,
            online=online,
            at=self._desk.clock(),
        )
        return self._topic, self._key.sign(said.to_bytes(), "gateway-presence")

    def _endpoint(self, client_id: str, *, clean: bool = False) -> Endpoint:
        settings, password = self._desk.settings, None
        if settings.broker_password_file is not None:
            try:
                password = settings.broker_password_file.read_text().strip()
            except OSError as error:
                fault = f"cannot be read: {error.strerror}"
                raise StateError(settings.broker_password_file, fault) from error
        return Endpoint(
            settings.broker_host,
            settings.broker_port,
            client_id,
            settings.broker_username,
            password,
            clean,
        )

    def _stand(self, said: str) -> None:
        if said != self._standing:
            log.info("ingest", standing=said)
        self._standing = said
