"""Who may do what: sessions, CSRF, throttled logins, and the headers on every answer."""

from collections import OrderedDict
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated, Final, cast

from fastapi import Cookie, Depends, Header, Request
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api.problems import ProblemError
from gateway.desk import Desk
from gateway.store.users import Session, find_session

COOKIE: Final = "sanse_session"

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def the_desk(request: Request) -> Desk:
    return cast(Desk, request.app.state.desk)


WithDesk = Annotated[Desk, Depends(the_desk)]


def logged_in(desk: WithDesk, sanse_session: Annotated[str | None, Cookie()] = None) -> Session:
    found = None
    if sanse_session is not None:
        with desk.database.read() as connection:
            found = find_session(connection, sanse_session, desk.clock())
    if found is None:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "log in first; this session has ended")
    return found


LoggedIn = Annotated[Session, Depends(logged_in)]


def may_change(session: LoggedIn, x_csrf_token: Annotated[str, Header()] = "") -> Session:
    """For whatever changes something: the page itself must have asked for it."""
    if not compare_digest(x_csrf_token.encode(), session.csrf_token.encode()):
        raise ProblemError(
            HTTPStatus.FORBIDDEN, "the X-CSRF-Token is missing or of another session; reload"
        )
    return session


MayChange = Annotated[Session, Depends(may_change)]


@dataclass(slots=True)
class _Failures:
    count: int = 0
    until_s: float = 0.0


class Throttle:
    """Makes guessing slow: after five wrong tries each further one costs a wait, doubling to 60 s.

    Bounded; the keys heard of longest ago go first.
    """

    FREE = 5
    LONGEST_S = 60.0
    KEYS = 10_000

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait_s(self, key: str, now_s: float) -> float:
        """How long this one has to wait before a try is looked at; 0 where it need not."""
        found = self._failures.get(key)
        return 0.0 if found is None else max(0.0, found.until_s - now_s)

    def failed(self, key: str, now_s: float) -> None:
        found = self._failures.setdefault(key, _Failures())
        self._failures.move_to_end(key)
        found.count += 1
        if found.count >= self.FREE:
            found.until_s = now_s + min(2.0 ** (found.count - self.FREE), self.LONGEST_S)
        while len(self._failures) > self.KEYS:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)


class SecurityHeaders:
    """Puts the headers on every answer, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Stops reading bodies that are larger than anything asked for here."""

    LIMIT_BYTES = 64 * 1024

    def __init__(self, app: ASGIApp, but_for: str) -> None:
        """``but_for``: paths that begin so have a limit of their own."""
        self._app = app
        self._but_for = but_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self.LIMIT_BYTES

        async def limited() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        free = scope["type"] != "http" or scope["path"].startswith(self._but_for)
        await self._app(scope, receive if free else limited, send)
