"""Users and their sessions. Passwords are kept as argon2 hashes, session tokens as SHA-256."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from pwdlib import PasswordHash
from sqlalchemy import Connection, delete, insert, select

from gateway.store.schema import sessions, users
from gateway.views import UserView

_HASHER = PasswordHash.recommended()


@dataclass(frozen=True, slots=True)
class Session:
    """A login. ``csrf_token`` follows from the cookie, and the cookie not from it."""

    token: str
    user: UserView

    @property
    def csrf_token(self) -> str:
        return hmac.digest(self.token.encode(), b"csrf", "sha256").hex()


def add_user(connection: Connection, username: str, name: str, password: str, at: datetime) -> bool:
    """False where the user is already there; nothing is changed then."""
    if connection.scalar(select(users.c.username).where(users.c.username == username)):
        return False
    row = {"name": name, "password_hash": _HASHER.hash(password), "created_at": at}
    connection.execute(insert(users).values(username=username, **row))
    return True


def password_hash(connection: Connection, username: str) -> str | None:
    found: str | None = connection.scalar(
        select(users.c.password_hash).where(users.c.username == username)
    )
    return found


def password_fits(password: str, kept_hash: str | None) -> bool:
    """Takes equally long whether or not there is such a user."""
    fits = _HASHER.verify(password, kept_hash or _nobodys_hash())
    return fits and kept_hash is not None


def open_session(connection: Connection, username: str, now: datetime, lasts: timedelta) -> Session:
    token = secrets.token_urlsafe(32)
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    row = {"token_sha256": _sha256(token), "created_at": now, "expires_at": now + lasts}
    connection.execute(insert(sessions).values(username=username, **row))
    name = connection.scalar(select(users.c.name).where(users.c.username == username))
    return Session(token, UserView(username=username, name=name or username))


def find_session(connection: Connection, token: str, now: datetime) -> Session | None:
    query = (
        select(users.c.username, users.c.name)
        .join(sessions, sessions.c.username == users.c.username)
        .where(sessions.c.token_sha256 == _sha256(token), sessions.c.expires_at > now)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Session(token, UserView(username=row[0], name=row[1]))


def close_session(connection: Connection, token: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.token_sha256 == _sha256(token)))


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
