"""What is written is read again, and what cannot be read is refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.strategies import MESSAGES as ANY
from wire import MAX_MESSAGE_BYTES, Alert, SigningKey, WireError
from wire.message import Message
from wire.schema import MESSAGES

GOLDEN = Path(__file__).parents[1] / "golden"


def golden(kind: str) -> dict[str, Any]:
    message: dict[str, Any] = json.loads((GOLDEN / f"{kind}.json").read_bytes())
    return message


def at(tree: dict[str, Any], path: str, value: object) -> bytes:
    """The message with the value at a dotted path changed."""
    *steps, last = path.split(".")
    node = tree
    for step in steps:
        node = node[step]
    node[last] = value
    return json.dumps(tree).encode()


kinds = pytest.mark.parametrize("kind", MESSAGES)


@given(st.one_of(*ANY.values()))
def test_round_trip(message: Message) -> None:
    """What is written is read again as the same value and written again as the same bytes."""
    payload = message.to_bytes()
    again = type(message).from_bytes(payload)
    assert again == message
    assert again.to_bytes() == payload


@kinds
def test_payload_is_one_line(kind: str) -> None:
    """A payload holds no line break, so that replay can print one alert a line."""
    message = MESSAGES[kind].from_bytes((GOLDEN / f"{kind}.json").read_bytes())
    assert b"\n" not in message.to_bytes()


@kinds
def test_tolerates_the_future(kind: str) -> None:
    """A newer sender may add fields that this reader does not know."""
    known = MESSAGES[kind].from_bytes((GOLDEN / f"{kind}.json").read_bytes())
    assert MESSAGES[kind].from_bytes(at(golden(kind), "speed_m_s", 3.1)) == known


@kinds
@pytest.mark.parametrize(
    "version",
    [
        pytest.param(2, id="from the future"),
        pytest.param("1", id="as text"),
        pytest.param(None, id="null"),
    ],
)
def test_refuses_another_version(kind: str, version: object) -> None:
    """Only version 1 is read."""
    with pytest.raises(WireError, match="schema_version"):
        MESSAGES[kind].from_bytes(at(golden(kind), "schema_version", version))


@kinds
@pytest.mark.parametrize(
    "junk",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{", id="torn"),
        pytest.param(b"{}", id="an empty object"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(b"[" * 30_000, id="nested without end"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param(b'{"software": "\\ud800"}', id="half a character"),
    ],
)
def test_refuses_junk(kind: str, junk: bytes) -> None:
    """Junk is refused in one sentence that names the message, never raised through."""
    with pytest.raises(WireError, match=f"^{kind.replace('-', ' ')}: [^\n]+$"):
        MESSAGES[kind].from_bytes(junk)


@kinds
@given(payload=st.binary(max_size=200))
def test_refuses_noise(kind: str, payload: bytes) -> None:
    """No bytes at all make a reader raise anything but a WireError."""
    with pytest.raises(WireError):
        MESSAGES[kind].from_bytes(payload)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("confidence", 1.2, id="confidence above one"),
        pytest.param("confidence", -0.1, id="confidence below zero"),
        pytest.param("confidence", "0.9", id="number as text"),
        pytest.param("confidence", float("nan"), id="not a number"),
        pytest.param("confidence", float("inf"), id="infinite"),
        pytest.param("captured_at", "2026-01-01T00:00:00", id="no time zone"),
        pytest.param("captured_at", "yesterday", id="no time at all"),
        pytest.param("captured_at", 1_767_225_600, id="seconds since 1970"),
        pytest.param("captured_at", "9999-12-31T23:59:59-12:00", id="after the last UTC year"),
        pytest.param("captured_at", "0001-01-01T00:00:00+12:00", id="before the first UTC year"),
        pytest.param("camera_id", "yard/3", id="slash would break the topic"),
        pytest.param("camera_id", "yard+", id="wildcard would break the topic"),
        pytest.param("camera_id", "Yard", id="capital letter"),
        pytest.param("camera_id", "-yard", id="leading hyphen"),
        pytest.param("camera_id", "yard\n", id="line break after the name"),
        pytest.param("camera_id", "", id="empty name"),
        pytest.param("camera_id", "y" * 41, id="name of 41 letters"),
        pytest.param("scenario", "parking", id="unknown scenario"),
        pytest.param("alert_id", "7", id="not a UUID"),
        pytest.param("sequence", -1, id="negative sequence"),
        pytest.param("sequence", 1.5, id="broken sequence"),
        pytest.param("urgency", 10, id="urgency above nine"),
        pytest.param("phase", "reopened", id="unknown phase"),
        pytest.param("footage", "staged", id="unknown footage"),
        pytest.param("site.name", "", id="site without a name"),
        pytest.param("site.position.latitude_deg", 91, id="north of the pole"),
        pytest.param("site.position.longitude_deg", 181, id="east of the date line"),
        pytest.param("facts.stayed_s", -1, id="stayed less than nothing"),
        pytest.param("facts.night", 1, id="number for a truth"),
        pytest.param("facts.carrier", None, id="no carrier named"),
        pytest.param("facts.load", "shipload", id="unknown load"),
        pytest.param("facts", None, id="null for facts"),
        pytest.param("facts", [1], id="a list for facts"),
        pytest.param("facts", "bikes", id="text for facts"),
        pytest.param("facts", {}, id="no facts at all"),
        pytest.param("reasons", [{"zh": "三"}], id="a reason in one language"),
        pytest.param("region.xyxy", [0, 0, 10], id="three corners"),
        pytest.param("region.xyxy", [10, 0, 5, 10], id="right before left"),
        pytest.param("region.xyxy", [0, 0, 10, 721], id="below the frame"),
        pytest.param("region.xyxy", [0, 0, float("nan"), 10], id="corner not a number"),
        pytest.param("region.frame_wh", [0, 720], id="frame without width"),
        pytest.param("evidence.items", [], id="stored, but nothing named"),
        pytest.param("evidence.state", "lost", id="unknown state of evidence"),
        pytest.param("evidence", {"state": "unavailable"}, id="unavailable without a reason"),
        pytest.param("model.sha256", "AB" * 32, id="hash in capitals"),
        pytest.param("model.sha256", "ab" * 31, id="hash too short"),
    ],
)
def test_alert_refuses(path: str, value: object) -> None:
    """Each single fault is refused, and the sentence names the field."""
    with pytest.raises(WireError, match=rf"^alert: {path.partition('.')[0]}[^\n]*: [^\n]+$"):
        Alert.from_bytes(at(golden("alert"), path, value))


@pytest.mark.parametrize("scenario", ["charging", "construction"])
def test_facts_are_those_of_the_offence(scenario: str) -> None:
    """Facts of one offence are refused under the name of another."""
    with pytest.raises(WireError, match=f"facts of another offence than {scenario}$"):
        Alert.from_bytes(at(golden("alert"), "scenario", scenario))


def test_counts_the_other_faults() -> None:
    """The sentence tells the first fault and how many more there are."""
    broken = golden("alert") | {"confidence": 2, "urgency": 11}
    with pytest.raises(WireError, match=r"\(and 1 more\)$"):
        Alert.from_bytes(json.dumps(broken).encode())


def test_longest_alert_fits() -> None:
    """An alert whose every text is as long as it may be passes the limit on a message."""
    tree = golden("alert")
    tree["site"] |= {"name": "三" * 80, "address": "色" * 200}
    tree["facts"] |= {"carrier": "🚚" * 40, "closed_point": "点" * 80}
    tree["reasons"] = [{"zh": "🚚" * 300, "en": "x" * 300}] * 3
    tree["evidence"] |= {"reason": "\x01" * 300, "items": tree["evidence"]["items"] * 16}
    alert = Alert.from_bytes(json.dumps(tree).encode())
    key = SigningKey.generate(alert.device)
    signed = key.sign(alert.to_bytes(), "alert", age_s=1e9)
    assert len(signed) < MAX_MESSAGE_BYTES / 4
    assert Alert.from_bytes(key.public.verify(signed, "alert").payload) == alert
