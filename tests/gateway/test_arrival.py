"""What is believed of that which the broker hands over."""

import json
from collections.abc import Callable

import pytest

from gateway.ingest.arrival import Arrival, Believed, Refused, judge
from tests.gateway.district import DISTRICT, NIGHT, make_alert, make_health
from wire import MAX_MESSAGE_BYTES, SigningKey
from wire.topics import Up

KEY = SigningKey.generate("gate-7")
STRANGER = SigningKey.generate("gate-7")
ALERT = make_alert()
TOPIC = f"sanse/v1/{DISTRICT}/gate-7/alert"


def told(message: bytes, topic: str = TOPIC) -> Believed | Refused:
    keys = {"gate-7": KEY.public}
    return judge(Arrival(topic, message, NIGHT), DISTRICT, keys.get)


def changed(**changes: object) -> bytes:
    return json.dumps(json.loads(ALERT.to_bytes()) | changes).encode()


@pytest.mark.parametrize("kind", ["alert", "health"])
def test_believes(kind: Up) -> None:
    """What an enrolled box signed comes through with its bytes as they were signed."""
    said = ALERT if kind == "alert" else make_health()
    topic = f"sanse/v1/{DISTRICT}/gate-7/{kind}"
    judged = told(KEY.sign(said.to_bytes(), kind, 1.5), topic)
    assert isinstance(judged, Believed)
    assert (judged.said, judged.signed.payload, judged.signed.age_s) == (said, said.to_bytes(), 1.5)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        pytest.param(lambda: b"", "is not signed by", id="nothing at all"),
        pytest.param(lambda: b"\xff\x00junk", "is not signed by", id="noise"),
        pytest.param(lambda: b"[" * 50_000, "is not signed by", id="deeply nested"),
        pytest.param(ALERT.to_bytes, "is not signed by", id="an alert without signature"),
        pytest.param(
            lambda: STRANGER.sign(ALERT.to_bytes(), "alert"), "is not signed by", id="another key"
        ),
        pytest.param(
            lambda: KEY.sign(ALERT.to_bytes(), "health"), "is signed as", id="as another kind"
        ),
        pytest.param(lambda: b"x" * (MAX_MESSAGE_BYTES + 1), "want at most 65536", id="oversized"),
    ],
)
def test_refuses_unsigned(make: Callable[[], bytes], fault: str) -> None:
    """What is not truly signed is refused, and its sender gets no answer."""
    judged = told(make())
    assert isinstance(judged, Refused)
    assert fault in judged.fault
    assert judged.signed is None


@pytest.mark.parametrize(
    ("payload", "fault", "named"),
    [
        pytest.param(changed(schema_version=2), "schema_version", True, id="from the future"),
        pytest.param(changed(confidence=7), "confidence", True, id="a field out of range"),
        pytest.param(changed(district="hills"), "came by harbour/gate-7", True, id="a district"),
        pytest.param(changed(device="gate-8"), "came by harbour/gate-7", True, id="a device"),
        pytest.param(b"{}", "(and 1", False, id="an empty object"),
        pytest.param(b"junk", "Invalid JSON", False, id="no JSON"),
    ],
)
def test_refuses_signed(payload: bytes, fault: str, named: bool) -> None:
    """Truly signed but not understood: kept with its signature, the alert named where it can be."""
    judged = told(KEY.sign(payload, "alert"))
    assert isinstance(judged, Refused)
    assert fault in judged.fault
    assert judged.signed is not None
    assert judged.alert_id == (ALERT.alert_id if named else None)


@pytest.mark.parametrize(
    ("topic", "fault"),
    [
        ("sanse/v1/harbour/gate-8/alert", "device 'gate-8' is not enrolled here"),
        ("sanse/v1/harbour/Gate 8/alert", "cannot name a district or device"),
        ("somewhere/else", "is none of sanse/v1"),
    ],
)
def test_refuses_topics(topic: str, fault: str) -> None:
    """Strangers, impossible names and other topics are refused."""
    judged = told(KEY.sign(ALERT.to_bytes(), "alert"), topic)
    assert isinstance(judged, Refused)
    assert fault in judged.fault
