"""Between broker and record, over real brokers: commit, then acknowledge, then answer."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from gateway.errors import BrokerError, SecondGatewayError
from gateway.ingest.arrival import Arrival
from gateway.ingest.keeper import Keeper
from gateway.ingest.link import Endpoint, Link
from gateway.ingest.listener import Listener
from gateway.ingest.presence import must_yield
from gateway.parts import Part
from gateway.store.schema import alerts
from sanse.probe import free_port
from tests.brokers import MOSQUITTO, Broker, mosquitto_broker
from tests.gateway.district import DISTRICT, NIGHT, District, make_alert, opened_district
from tests.gateway.playing_box import ADDRESS, playing_box
from wire import GatewayPresence
from wire.topics import all_up


def point_at(district: District, broker: Broker) -> None:
    object.__setattr__(
        district.desk,
        "settings",
        district.desk.settings.model_copy(
            update={"broker_host": broker.host, "broker_port": broker.port}
        ),
    )


@contextmanager
def listening(district: District, refusals: list[Exception] | None = None) -> Iterator[Listener]:
    """A gateway's ingest, without the rest of it."""
    heard = [] if refusals is None else refusals
    listener = Listener(district.desk, district.key)
    part = Part("ingest", listener.run, district.desk.metrics, heard.append)
    part.start()
    try:
        yield listener
    finally:
        part.stop()
        part.join()


def stored(district: District) -> int:
    with district.desk.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(alerts)) or 0


def test_answers(district: District, broker: Broker) -> None:
    """Alerts sent before and after the gateway comes are stored once and answered."""
    point_at(district, broker)
    sent = [make_alert(sequence=index) for index in range(8)]
    with playing_box(district.box_key, district.key.public, broker) as box:
        with listening(district):
            assert box.deliver(sent[:4])
            assert box.presences[-1].online
        assert box.wait_for(lambda: not box.presences[-1].online)
        for alert in sent[4:]:
            box.send(alert.to_bytes())
        with listening(district):
            assert box.deliver(sent[4:])
        assert {receipt.outcome for receipt in box.receipts} == {"stored"}
    assert stored(district) == 8


def test_silence_for_forgers(district: District, broker: Broker) -> None:
    """Junk, oversized and unsigned messages are set aside unanswered, and block nothing."""
    point_at(district, broker)
    alert, riddle = make_alert(), make_alert()
    with listening(district), playing_box(district.box_key, district.key.public, broker) as box:
        assert box.wait_for(lambda: bool(box.presences) and box.presences[-1].online)
        for junk in (b"", b"junk", b"\xff" * 70_000, alert.to_bytes()):
            box.send_raw(junk)
        box.send(riddle.to_bytes().replace(b'"schema_version":1', b'"schema_version":9'))
        assert box.deliver([alert])
        outcomes = {receipt.alert_id: receipt.outcome for receipt in box.receipts}
    assert outcomes == {alert.alert_id: "stored", riddle.alert_id: "quarantined"}


@pytest.mark.parametrize("crash", ["before the commit", "between commit and acknowledgement"])
def test_crash(district: District, broker: Broker, crash: str) -> None:
    """Wherever the gateway dies, the broker hands over again, and nothing is lost or doubled."""
    endpoint = Endpoint(broker.host, broker.port, f"sanse-gateway-{DISTRICT}")
    topics = [(all_up(DISTRICT, "alert"), 1)]
    sent = [make_alert(sequence=index) for index in range(5)]
    keeper = Keeper(district.desk, district.key)

    def take(link: Link, count: int) -> list[Arrival]:
        found: list[Arrival] = []
        while len(found) < count:
            found += [Arrival(each.topic, each.message, NIGHT) for each in link.gather(200, 40)]
        return found

    first = Link(endpoint)
    first.subscribe(topics)
    with playing_box(district.box_key, district.key.public, broker) as box:
        for alert in sent:
            box.send(alert.to_bytes())
        batch = take(first, 5)
        if crash == "between commit and acknowledgement":
            keeper.keep(batch)
        first.close()
        second = Link(endpoint)
        second.subscribe(topics)
        keeper.keep(take(second, 5))
        second.close()
    assert stored(district) == 5


def test_broker_comes_and_goes(district: District, broker: Broker) -> None:
    """A broker that is killed and started again is found again, and nothing is lost."""
    point_at(district, broker)
    sent = [make_alert(sequence=index) for index in range(6)]
    with listening(district), playing_box(district.box_key, district.key.public, broker) as box:
        assert box.deliver(sent[:3])
        broker.kill()
        broker.start()
        assert box.deliver(sent)
    assert stored(district) == 6


def test_unreachable_broker(district: District) -> None:
    """A broker that is not there is named in one sentence, and tried again."""
    settings = district.desk.settings.model_copy(update={"broker_port": free_port()})
    object.__setattr__(district.desk, "settings", settings)
    listener, stop = Listener(district.desk, district.key), threading.Event()
    threading.Timer(2, stop.set).start()
    listener.run(stop)
    port = settings.broker_port
    assert listener.probe() == (
        f"broker 127.0.0.1:{port} cannot be used: Connection refused; trying again"
    )


@pytest.mark.slow
def test_second_gateway(district: District, broker: Broker, tmp_path: Path) -> None:
    """A second gateway of the district refuses to serve; the first goes on undisturbed."""
    point_at(district, broker)
    with playing_box(district.box_key, district.key.public, broker) as box, listening(district):
        assert box.wait_for(lambda: bool(box.presences) and box.presences[-1].online)
        with opened_district(tmp_path / "other") as other:
            point_at(other, broker)
            second = Listener(other.desk, other.key)
            with pytest.raises(SecondGatewayError, match="already serves district 'harbour'"):
                second.run(threading.Event())
        assert box.deliver([make_alert()])
        assert len({presence.instance_id for presence in box.presences}) == 1


def test_own_past_is_no_second(district: District, broker: Broker) -> None:
    """What a crashed gateway left announced does not keep the same one from coming back."""
    point_at(district, broker)
    with playing_box(district.box_key, district.key.public, broker) as box:
        with listening(district) as first:
            assert box.wait_for(lambda: bool(box.presences) and box.presences[-1].online)
            corpse = first._presence(online=True)
        link = Link(Endpoint(broker.host, broker.port, "undertaker", clean=True))
        link.publish(*corpse, qos=1, retain=True)
        link.close()
        with listening(district):
            assert box.deliver([make_alert()])


@pytest.mark.parametrize(
    ("own_is_lower", "online", "yields"),
    [
        pytest.param(False, True, True, id="the lower id stays, and that is not ours"),
        pytest.param(True, True, False, id="the lower id stays, and that is ours"),
        pytest.param(False, False, False, id="the other one is leaving"),
    ],
)
def test_must_yield(own_is_lower: bool, online: bool, yields: bool) -> None:
    """Should two have come at once, exactly one of them goes."""
    low, high = sorted((uuid4(), uuid4()))
    own, other = (low, high) if own_is_lower else (high, low)
    said = GatewayPresence(district=DISTRICT, instance_id=other, online=online, at=NIGHT)
    assert must_yield(own, said) is yields


def test_link_refuses_strangers(tmp_path: Path, broker: Broker) -> None:
    """What is not MQTT, and a name that the broker does not take, end in one sentence."""
    with pytest.raises(BrokerError, match="cannot be used"):
        Link(Endpoint(broker.host, free_port(), "someone"))


def test_odd_topics(district: District, mosquitto: Broker) -> None:
    """A device whose name is no name is set aside like any stranger."""
    point_at(district, mosquitto)
    link = Link(Endpoint(mosquitto.host, mosquitto.port, "odd", clean=True))
    with listening(district), playing_box(district.box_key, district.key.public, mosquitto) as box:
        assert box.wait_for(lambda: bool(box.presences) and box.presences[-1].online)
        link.publish(ADDRESS.up("alert").replace("gate-7", "Gate 7 ü"), b"x", qos=1)
        assert box.deliver([make_alert()])
    link.close()


def test_wrong_password(district: District, tmp_path: Path) -> None:
    """A broker that refuses our name or password is named; the file is read again at each try."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (Debian: apt-get install mosquitto)")
    guarded = mosquitto_broker(tmp_path / "guarded", users={"gateway": "right"})
    guarded.start()
    password = tmp_path / "password"
    password.write_text("wrong")
    point_at(district, guarded)
    access = {"broker_username": "gateway", "broker_password_file": password}
    settings = district.desk.settings.model_copy(update=access)
    object.__setattr__(district.desk, "settings", settings)
    with listening(district) as listener:
        assert said_in_time(listener, "cannot be used: not authorized; check name and password")
        password.write_text("right\n")
        assert said_in_time(listener, "ok")
    guarded.stop()


def said_in_time(listener: Listener, wanted: str) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if wanted in listener.probe():
            return True
        time.sleep(0.05)
    return False
