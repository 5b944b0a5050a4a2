"""Who and what may come in: users and boxes, added from the command line or by ``sanse up``."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from gateway.desk import wall_clock
from gateway.errors import StateError
from gateway.settings import Settings
from gateway.store.database import Database
from gateway.store.devices import enroll_device
from gateway.store.users import add_user
from wire import SigningKey, VerifyKey, WireError
from wire.topics import Address

SIGNER = "gateway"
"""The name under which every gateway signs."""


def ensure_user(
    state: Path, username: str, password: str | None = None, name: str | None = None
) -> str | None:
    """Adds the user where missing, and gives the password back; None where they were there.

    Without a password one is made up.

    Raises:
        StateError: The state folder cannot be used.
    """
    chosen = password or secrets.token_urlsafe(12)
    with _opened(state) as database, database.write() as connection:
        added = add_user(connection, username, name or username, chosen, wall_clock())
    return chosen if added else None


def enroll(state: Path, device: str, public_jwk: Mapping[str, str]) -> None:
    """Makes a box known by its public key; its earlier key counts no more.

    Raises:
        StateError: The state folder cannot be used.
        WireError: The name or the key cannot be used.
    """
    Address("district", device)
    key = VerifyKey.from_jwk(public_jwk, device)
    with _opened(state) as database, database.write() as connection:
        enroll_device(connection, device, key.as_jwk(), wall_clock())


def gateway_key(state: Path) -> SigningKey:
    """The key by which boxes believe this gateway; made at the first call.

    Raises:
        StateError: The key file cannot be read or written.
    """
    place = Settings(state=state).key
    try:
        return SigningKey.load_or_create(place, SIGNER)
    except OSError as error:
        raise StateError(place, f"cannot be used: {error.strerror}") from error
    except WireError as error:
        raise StateError(place, "holds no Ed25519 key; put the right file back") from error


def _opened(state: Path) -> Database:
    return Database(Settings(state=state).database)
