"""The gateway's own presence, and that there is only one.

Two gateways under one identity would throw each other off the broker in turn. So a gateway looks
before it enters: where another one is announced, it listens for a while whether that one still
refreshes its word. Should two have entered all the same, the one with the lower instance id stays.
"""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from gateway.ingest.link import Endpoint, Link
from wire import GatewayPresence, WireError
from wire.topics import gateway_presence

REFRESH_S: Final = 5.0
_LISTEN_S: Final = 2 * REFRESH_S + 1
_RETAINED_WITHIN_S: Final = 1.0


def read_unverified(message: bytes) -> GatewayPresence | None:
    """What a gateway says of itself; another one may have a key that we do not know."""
    try:
        payload = str(json.loads(message)["payload"])
        padded = payload + "=" * (-len(payload) % 4)
        return GatewayPresence.from_bytes(base64.urlsafe_b64decode(padded))
    except (WireError, ValueError, LookupError, TypeError):
        return None


def must_yield(own: UUID, said: GatewayPresence) -> bool:
    """Whether a presence that came while we serve means that we have to go."""
    return said.online and said.instance_id < own


def another_is_there(endpoint: Endpoint, district: str, past: UUID | None) -> UUID | None:
    """A living gateway of this district, other than what is left of our own past.

    Args:
        endpoint: With a client id of its own, so that nobody is thrown off.
        past: Our own instance id before the last restart, whose last word may still be retained.

    Raises:
        BrokerError: The broker cannot be asked.
    """
    link = Link(endpoint)
    try:
        link.subscribe([(gateway_presence(district), 0)])
        announced = _await(link, _RETAINED_WITHIN_S, lambda said: True)
        if announced is None or not announced.online or announced.instance_id == past:
            return None
        other = announced.instance_id
        again = _await(link, _LISTEN_S, lambda said: said.instance_id == other)
        return other if again is not None and again.online else None
    finally:
        link.close()


class Past:
    """The instance id of the last start, kept in the state folder."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def read(self) -> UUID | None:
        try:
            return UUID(self._place.read_text().strip())
        except (OSError, ValueError):
            return None

    def write(self, instance_id: UUID) -> None:
        self._place.write_text(str(instance_id))


def _await(
    link: Link, limit_s: float, wanted: Callable[[GatewayPresence], bool]
) -> GatewayPresence | None:
    until = time.monotonic() + limit_s
    while (left := until - time.monotonic()) > 0:
        for heard in link.gather(1, left):
            said = read_unverified(heard.message)
            if said is not None and wanted(said):
                return said
    return None
