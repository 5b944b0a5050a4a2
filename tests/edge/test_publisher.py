"""Delivery over real brokers: whatever is killed in mid-flight, every alert arrives."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from edge.uplink.clock import SystemClock
from edge.uplink.errors import BrokerAwayError
from edge.uplink.link import Endpoint, Link, Note
from edge.uplink.outbox import Outbox
from edge.uplink.publisher import Caller, Publisher
from edge.uplink.sending import Sending
from tests.brokers import MOSQUITTO, Broker, mosquitto_broker
from tests.edge.alerts import AT, BOOT, make_alert
from tests.edge.receiving import DISTRICT, Gateway, serving
from wire import Health, SigningKey
from wire.topics import Address

BOX_KEY = SigningKey.generate("gate-7")
GATEWAY_KEY = SigningKey.generate("gateway")


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(GATEWAY_KEY, BOX_KEY.public, tmp_path / "kept")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db", SystemClock())
    yield made
    made.close()


def make_caller(broker: Broker, **changes: Any) -> Caller:
    caller = Caller(
        address=Address(DISTRICT, "gate-7"),
        boot_id=BOOT,
        software="sanse 0.1.0",
        key=BOX_KEY,
        gateway_key=GATEWAY_KEY.public,
        host=broker.host,
        port=broker.port,
    )
    return replace(caller, **changes)


@contextmanager
def publishing(
    caller: Caller, outbox: Outbox, sending: Sending | None = None
) -> Iterator[Publisher]:
    """A publisher on a thread of its own."""
    publisher = Publisher(caller, outbox, SystemClock(), lambda: make_health(outbox), sending)
    outbox.on_filed(publisher.wake)
    stop = threading.Event()
    thread = threading.Thread(target=publisher.run, args=(stop,))
    thread.start()
    try:
        yield publisher
    finally:
        stop.set()
        publisher.wake()
        thread.join(10)
        publisher.close()
        assert not thread.is_alive()


def make_health(outbox: Outbox) -> Health:
    return Health(
        district=DISTRICT,
        device="gate-7",
        boot_id=BOOT,
        at=AT,
        uptime_s=1.0,
        cameras=(),
        outbox=outbox.health(),
        disk_free_bytes=0,
        software="sanse 0.1.0",
    )


def file_some(outbox: Outbox, count: int, boot_id: UUID = BOOT) -> set[UUID]:
    made = [make_alert(boot_id=boot_id) for _ in range(count)]
    for alert in made:
        outbox.file(alert)
    return {alert.alert_id for alert in made}


def wait_until(holds: Callable[[], bool], timeout_s: float = 30.0) -> bool:
    """For what has no event of its own: looks twenty times a second."""
    pause = threading.Event()
    for _ in range(int(timeout_s / 0.05)):
        if holds():
            return True
        pause.wait(0.05)
    return False


def wait_until_empty(outbox: Outbox) -> bool:
    """The last receipt may be on its way while the gateway has everything already."""
    return wait_until(lambda: outbox.health().queued == 0)


def test_delivers(broker: Broker, outbox: Outbox, gateway: Gateway) -> None:
    """What was filed before and after the connect arrives once, with its age, and is marked."""
    early = file_some(outbox, 3)
    with serving(gateway, broker), publishing(make_caller(broker), outbox):
        assert gateway.wait_for(early)
        late = file_some(outbox, 3)
        assert gateway.wait_for(late)
        assert wait_until_empty(outbox)
    assert outbox.health().delivered == 6
    assert sorted(alert.sequence for alert, _ in gateway.arrivals) == list(range(6))
    assert all(signed.age_s is not None and signed.age_s < 30 for _, signed in gateway.arrivals)


def test_birth_health_death(broker: Broker, outbox: Outbox, gateway: Gateway) -> None:
    """A box says that it is there, how it is, and, ending in good order, that it is gone."""
    with serving(gateway, broker):
        with publishing(make_caller(broker), outbox):
            assert gateway.wait_until(lambda: len(gateway.healths) > 0)
        assert gateway.wait_until(lambda: len(gateway.presences) > 1)
    birth, death = gateway.presences
    assert (birth.online, death.online) == (True, False)
    assert (birth.boot_id, birth.connection) == (death.boot_id, death.connection)


@pytest.mark.parametrize("victim", ["broker", "gateway"])
def test_nothing_is_lost(victim: str, broker: Broker, outbox: Outbox, gateway: Gateway) -> None:
    """33 alerts are filed while the broker or the gateway is killed three times: 33 arrive."""
    filed: set[UUID] = set()
    with serving(gateway, broker), publishing(make_caller(broker), outbox):
        for _ in range(3):
            filed |= file_some(outbox, 6)
            if victim == "broker":
                broker.kill()
                broker.start()
            else:
                gateway.kill()
                gateway.start(broker)
            filed |= file_some(outbox, 5)
        assert gateway.wait_for(filed, timeout_s=60)
        assert wait_until_empty(outbox)
    assert len(filed) == 33
    assert outbox.health().delivered == 33


def test_nothing_is_lost_by_a_killed_box(broker: Broker, tmp_path: Path) -> None:
    """A box is killed three times after filing 11 alerts: all that it called filed arrive."""
    box = SigningKey.load_or_create(tmp_path / "box-key.json", "gate-7")
    GATEWAY_KEY.public.save(tmp_path / "gateway.jwk")
    gateway = Gateway(GATEWAY_KEY, box.public, tmp_path / "kept")
    filed: set[UUID] = set()
    with serving(gateway, broker):
        for _ in range(3):
            with subprocess.Popen(
                [sys.executable, "-c", _BOX, str(tmp_path), str(broker.port)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=Path(__file__).parents[2],
            ) as child:
                assert child.stdout is not None
                filed |= {UUID(child.stdout.readline().strip()) for _ in range(11)}
                child.kill()
        outbox = Outbox(tmp_path / "outbox.db", SystemClock())
        with publishing(make_caller(broker, key=box), outbox):
            assert gateway.wait_for(filed)
            assert wait_until_empty(outbox)
        outbox.close()
    assert len(filed) == 33


def test_resends_until_receipted(broker: Broker, outbox: Outbox, gateway: Gateway) -> None:
    """Without a receipt the same bytes come again, with a greater age; with one, no more."""
    gateway.answers = False
    (alert_id,) = file_some(outbox, 1)
    with serving(gateway, broker), publishing(make_caller(broker), outbox, Sending(50, 0.2)):
        assert gateway.wait_until(lambda: len(gateway.arrivals) >= 3)
        gateway.answers = True
        assert gateway.wait_for({alert_id})
        assert wait_until_empty(outbox)
    payloads = {signed.payload for _, signed in gateway.arrivals}
    ages = [signed.age_s for _, signed in gateway.arrivals]
    assert len(payloads) == 1
    assert ages == sorted(ages, key=lambda age: age or 0.0)


def test_stops_at_fifty(broker: Broker, outbox: Outbox, gateway: Gateway) -> None:
    """A gateway that gives no receipts gets fifty alerts and no more, until it answers."""
    gateway.answers = False
    filed = file_some(outbox, 60)
    with serving(gateway, broker), publishing(make_caller(broker), outbox):
        assert gateway.wait_until(lambda: len(gateway.healths) > 0)
        assert gateway.wait_until(lambda: len(gateway.arrivals) >= 50)
        assert not gateway.wait_until(lambda: len(gateway.arrivals) > 50, timeout_s=1.5)
        gateway.answers = True
        gateway.announce(online=False)
        gateway.announce(online=True)
        assert gateway.wait_for(filed)


def test_holds_back_while_the_gateway_is_away(
    broker: Broker, outbox: Outbox, gateway: Gateway
) -> None:
    """Nothing is sent before the gateway says it is there, nor after it said goodbye."""
    gateway.answers = False
    first = file_some(outbox, 1)
    with publishing(make_caller(broker), outbox), serving(gateway, broker):
        assert gateway.wait_until(lambda: len(gateway.arrivals) == 1)
        gateway.announce(online=False)
        file_some(outbox, 2)
        assert not gateway.wait_until(lambda: len(gateway.arrivals) > 1, timeout_s=1.5)
        gateway.answers = True
        gateway.announce(online=True)
        assert gateway.wait_until(lambda: len(gateway.kept_ids()) == 3)
        assert wait_until_empty(outbox)
    assert first <= set(gateway.kept_ids())


def test_believes_only_the_gateway(broker: Broker, outbox: Outbox, tmp_path: Path) -> None:
    """Presence and receipts that another key signed are not believed, and that is said."""
    false = Gateway(SigningKey.generate("gateway"), BOX_KEY.public, tmp_path / "false")
    file_some(outbox, 1)
    with capture_logs() as logs, serving(false, broker), publishing(make_caller(broker), outbox):
        assert not false.wait_until(lambda: len(false.arrivals) > 0, timeout_s=2.0)
    assert outbox.health().queued == 1
    assert [log for log in logs if "is not believed" in log["event"]]


@pytest.mark.parametrize(
    ("users", "more", "sentence"),
    [
        pytest.param(None, {}, "does not answer (Connection refused)", id="nobody there"),
        pytest.param(
            {"gate": "right"},
            {"username": "gate", "password_file": "wrong"},
            "refuses this box (not authorized)",
            id="wrong password",
        ),
        pytest.param(
            {"gate": "right"},
            {"username": "gate", "password_file": None},
            "nowhere: No such file",
            id="no password file",
        ),
    ],
)
def test_says_why_it_cannot_connect(
    tmp_path: Path,
    outbox: Outbox,
    users: dict[str, str] | None,
    more: dict[str, str | None],
    sentence: str,
) -> None:
    """A broker that is away or refuses is said in one sentence, once, and waited for."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (Debian: apt-get install mosquitto)")
    broker = mosquitto_broker(tmp_path / "broker", users)
    if users is not None:
        broker.start()
    options: dict[str, Any] = dict(more)
    if "password_file" in options:
        options["password_file"] = tmp_path / "nowhere"
        if more["password_file"] is not None:
            options["password_file"].write_text(str(more["password_file"]))
    try:
        with capture_logs() as logs, publishing(make_caller(broker, **options), outbox):
            assert wait_until(lambda: len(logs) > 0)
            assert not wait_until(lambda: len(logs) > 1, timeout_s=2.0)
    finally:
        broker.stop()
    assert sentence in logs[0]["event"]
    assert "alerts wait here" in logs[0]["event"]


def test_finds_a_mended_password(tmp_path: Path, gateway: Gateway, outbox: Outbox) -> None:
    """The password is read at every connect: mending the file is enough."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (Debian: apt-get install mosquitto)")
    broker = mosquitto_broker(tmp_path / "broker", {"gate": "right"})
    broker.start()
    password = tmp_path / "password"
    password.write_text("wrong")
    caller = make_caller(broker, username="gate", password_file=password)
    try:
        with capture_logs() as logs, publishing(caller, outbox):
            assert wait_until(lambda: len(logs) > 0)
            password.write_text("right\n")
            assert wait_until(lambda: logs[-1]["event"] == "connected to the broker")
    finally:
        broker.stop()


def test_recognizes_a_namesake(mosquitto: Broker, outbox: Outbox, tmp_path: Path) -> None:
    """Two boxes under one name throw each other off; both go on, and say what is wrong."""
    other = Outbox(tmp_path / "other.db", SystemClock())
    one, two = publishing(make_caller(mosquitto), outbox), publishing(make_caller(mosquitto), other)
    with capture_logs() as logs, one, two:
        assert wait_until(lambda: any("give each its own" in log["event"] for log in logs))
    other.close()


@pytest.mark.parametrize("host", ["", "..", "no-such-host.invalid"])
def test_no_such_host(host: str) -> None:
    """A broker's name that leads nowhere is waited for, like one that is away."""
    with pytest.raises(BrokerAwayError, match="does not answer"):
        Link(Endpoint(host, 1883, "gate"), Note("will", b""))


def test_refuses_what_is_no_broker(outbox: Outbox) -> None:
    """A server that does not speak MQTT is said to be none, within the connect time-out."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        closer = threading.Thread(target=hang_up, args=(server,))
        closer.start()
        with pytest.raises(BrokerAwayError, match="does not answer"):
            Link(Endpoint("127.0.0.1", port, "gate"), Note("will", b""))
        closer.join()


def hang_up(server: socket.socket) -> None:
    """Takes one connection and ends it without a word."""
    server.accept()[0].close()


_BOX = """
import sys, threading
from pathlib import Path
import structlog
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
from tests.edge.alerts import make_alert
from tests.edge.test_publisher import make_caller, publishing
from uuid import uuid4
from edge.uplink.clock import SystemClock
from edge.uplink.outbox import Outbox
from tests.brokers import Broker
from wire import SigningKey, VerifyKey

folder, port = Path(sys.argv[1]), int(sys.argv[2])
outbox = Outbox(folder / "outbox.db", SystemClock())
key = SigningKey.load_or_create(folder / "box-key.json", "gate-7")
gateway_key = VerifyKey.load(folder / "gateway.jwk", "gateway")
boot_id = uuid4()
caller = make_caller(Broker([], port, folder), key=key, gateway_key=gateway_key, boot_id=boot_id)
with publishing(caller, outbox):
    for _ in range(11):
        alert = make_alert(boot_id=boot_id)
        outbox.file(alert)
        print(alert.alert_id, flush=True)
    threading.Event().wait()
"""
