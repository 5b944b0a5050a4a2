"""Logging in and out."""

import time
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from threading import Semaphore

from fastapi import APIRouter, Request, Response

from gateway.api.guard import COOKIE, LoggedIn, MayChange, Throttle, WithDesk
from gateway.api.problems import ProblemError
from gateway.store.users import (
    Session,
    close_session,
    find_session,
    open_session,
    password_fits,
    password_hash,
)
from gateway.views import Login, Problem, SessionView

router = APIRouter(tags=["session"])

_AT_ONCE = Semaphore(2)
"""An argon2 check takes 64 MiB; many logins at once wait for each other."""


@router.post(
    "/session",
    summary="Log in",
    responses={401: {"model": Problem}, 429: {"model": Problem}},
)
def log_in(login: Login, request: Request, response: Response, desk: WithDesk) -> SessionView:
    throttle: Throttle = request.app.state.throttle
    keys = (f"user {login.username}", f"from {request.client.host if request.client else ''}")
    wait_s = max(throttle.wait_s(key, time.monotonic()) for key in keys)
    if wait_s > 0:
        raise ProblemError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"too many failed logins; wait {ceil(wait_s)} s",
            retry_after_s=ceil(wait_s),
        )
    with desk.database.read() as connection:
        kept = password_hash(connection, login.username)
    with _AT_ONCE:
        fits = password_fits(login.password, kept)
    if not fits:
        for key in keys:
            throttle.failed(key, time.monotonic())
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "user name or password is wrong")
    throttle.succeeded(keys[0])
    lasts = timedelta(hours=desk.settings.session_hours)
    with desk.database.write() as connection:
        session = open_session(connection, login.username, desk.clock(), lasts)
    response.set_cookie(
        COOKIE,
        session.token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return _view(session)


@router.get("/session", summary="Who am I", responses={401: {"model": Problem}})
def who_am_i(session: LoggedIn) -> SessionView:
    return _view(session)


@router.delete("/session", summary="Log out", status_code=204, responses={401: {"model": Problem}})
def log_out(session: MayChange, response: Response, desk: WithDesk) -> None:
    with desk.database.write() as connection:
        close_session(connection, session.token)
    response.delete_cookie(COOKIE)


def _view(session: Session) -> SessionView:
    return SessionView(csrf_token=session.csrf_token, user=session.user)


def still_open(desk: WithDesk, session: Session) -> bool:
    with desk.database.read() as connection:
        return find_session(connection, session.token, desk.clock()) is not None
