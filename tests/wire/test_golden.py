"""The golden messages, read here and by the dashboard's tests, pin the wire between languages.

A change that breaks one of them breaks every box already in the street.
"""

import json
from pathlib import Path

import pytest

from wire import Alert, SigningKey, sha256_of
from wire.receipt import Receipt
from wire.schema import MESSAGES, SCHEMA_FILE, schema_text

GOLDEN = Path(__file__).parents[1] / "golden"
SIGNERS = {"receipt": "gateway", "gateway-presence": "gateway"}

NAMES = {kind: kind for kind in MESSAGES} | {
    "alert-charging": "alert",
    "alert-construction": "alert",
}
"""Of the golden files, each with its kind."""

names = pytest.mark.parametrize("name", NAMES)


@names
def test_payload(name: str) -> None:
    """What was written is read and written again byte for byte."""
    payload = (GOLDEN / f"{name}.json").read_bytes()
    assert MESSAGES[NAMES[name]].from_bytes(payload).to_bytes() == payload


@pytest.mark.parametrize("name", [*NAMES, "alert-first"])
def test_signed(name: str) -> None:
    """The same key signs the same payload into the same bytes, and verifies them."""
    kind = NAMES.get(name, "alert")
    key = SigningKey.load_or_create(GOLDEN / "test-key.json", SIGNERS.get(kind, "gate-7"))
    payload = (GOLDEN / f"{name}.json").read_bytes()
    message = (GOLDEN / f"{name}.signed.json").read_bytes()
    signed = key.public.verify(message, kind)
    assert signed.payload == payload
    assert key.sign(payload, kind, signed.age_s) == message


def test_reads_the_first_alerts() -> None:
    """An alert from before there were reasons and loads is read, and says no more than it did."""
    payload = (GOLDEN / "alert-first.json").read_bytes()
    alert = Alert.from_bytes(payload)
    assert alert.reasons == ()
    assert json.loads(alert.model_dump_json(exclude_unset=True)) == json.loads(payload)


def test_receipt_names_the_alert() -> None:
    """The golden receipt answers the golden alert."""
    receipt = Receipt.from_bytes((GOLDEN / "receipt.json").read_bytes())
    assert receipt.payload_sha256 == sha256_of((GOLDEN / "alert.json").read_bytes())


def test_every_message_is_golden() -> None:
    """No golden file is left over, and none is missing."""
    names = [*NAMES, "alert-first"]
    wanted = {f"{name}{end}" for name in names for end in (".json", ".signed.json")}
    assert {path.name for path in GOLDEN.glob("*.json")} == wanted | {"test-key.json"}


def test_schema_is_current() -> None:
    """The committed JSON Schema is the one of today's types; else run ``python -m wire.schema``."""
    assert SCHEMA_FILE.read_text() == schema_text()
