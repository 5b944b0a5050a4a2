"""One message off the wire, and whether it is believed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wire import MAX_MESSAGE_BYTES, Alert, Health, Presence, Signed, VerifyKey, WireError
from wire.topics import Address, Up, parse_up

FindKey = Callable[[str], VerifyKey | None]

_MESSAGES: Final[dict[Up, type[Alert | Presence | Health]]] = {
    "alert": Alert,
    "presence": Presence,
    "health": Health,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the broker handed over."""

    topic: str
    message: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Believed:
    """A message of an enrolled box, signed by it, in words that are understood here."""

    arrival: Arrival
    signed: Signed
    said: Alert | Presence | Health


@dataclass(frozen=True, slots=True)
class Refused:
    """Goes into quarantine.

    Attributes:
        fault: One sentence.
        signed: Set where the signature held; then the box is told, so that it stops sending.
        alert_id: Of a signed alert that was not understood, where it can be made out.
    """

    arrival: Arrival
    fault: str
    signed: Signed | None = None
    alert_id: UUID | None = None


def judge(arrival: Arrival, district: str, find_key: FindKey) -> Believed | Refused:
    """Whether a message is what its topic says, from whom its topic says."""
    try:
        address, kind = parse_up(arrival.topic)
    except WireError as error:
        return Refused(arrival, str(error))
    if len(arrival.message) > MAX_MESSAGE_BYTES:
        size = len(arrival.message)
        return Refused(arrival, f"{kind} of {size} bytes: want at most {MAX_MESSAGE_BYTES}")
    key = find_key(address.device)
    if key is None:
        return Refused(arrival, f"device {address.device!r} is not enrolled here")
    try:
        signed = key.verify(arrival.message, kind)
    except WireError as error:
        return Refused(arrival, str(error))
    return _read(arrival, signed, Address(district, address.device), kind)


def _read(arrival: Arrival, signed: Signed, address: Address, kind: Up) -> Believed | Refused:
    known = _MESSAGES.get(kind)
    if known is None:
        return Refused(arrival, f"{kind} is not read by this release", signed)
    try:
        said = known.from_bytes(signed.payload)
    except WireError as error:
        return Refused(arrival, str(error), signed, _alert_id(signed.payload))
    if (said.district, said.device) != (address.district, address.device):
        return Refused(
            arrival,
            f"{kind} of {said.district}/{said.device} came by {address.district}/{address.device}",
            signed,
            said.alert_id if isinstance(said, Alert) else None,
        )
    return Believed(arrival, signed, said)


def _alert_id(payload: bytes) -> UUID | None:
    """The id in a payload that is otherwise not understood."""
    try:
        return UUID(json.loads(payload)["alert_id"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
