"""The operator's queue: list, look, acknowledge."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from gateway.api.guard import LoggedIn, MayChange, WithDesk
from gateway.api.problems import ProblemError, StaleProblemError
from gateway.casework.case import StaleError, acknowledge
from gateway.store import warnings
from gateway.views import (
    Acknowledged,
    Acknowledgement,
    Problem,
    StaleProblem,
    WarningDetail,
    WarningPage,
    WarningView,
)

WarningId = Annotated[int, Path(ge=1, lt=2**63)]

router = APIRouter(prefix="/warnings", tags=["warnings"])

_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": Problem}, 401: {"model": Problem}}


@router.get("", summary="Warnings, most urgent first", responses={401: {"model": Problem}})
def list_warnings(
    _session: LoggedIn,
    desk: WithDesk,
    state: warnings.Which = "open",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[str | None, Query(pattern=r"^\d{1,2}\.\d{1,18}$")] = None,
) -> WarningPage:
    with desk.database.read() as connection:
        return warnings.page(connection, state, limit, after)


@router.get("/{warning_id}", summary="One warning with what supports it", responses=_UNKNOWN)
def show_warning(warning_id: WarningId, _session: LoggedIn, desk: WithDesk) -> WarningDetail:
    with desk.database.read() as connection:
        found = warnings.detail(connection, warning_id)
    if found is None:
        raise _no_such(warning_id)
    return found


@router.post(
    "/{warning_id}/acknowledge",
    summary="Say: seen",
    responses=_UNKNOWN | {403: {"model": Problem}, 409: {"model": StaleProblem}},
)
def acknowledge_warning(
    warning_id: WarningId, asked: Acknowledgement, session: MayChange, desk: WithDesk
) -> WarningView:
    now = desk.clock()
    given = Acknowledged(by=session.user.name, at=now, comment=asked.comment)
    with desk.database.write() as connection:
        case = warnings.find_case(connection, warning_id)
        if case is None:
            raise _no_such(warning_id)
        try:
            change = acknowledge(case, given, asked.version, desk.policy)
        except StaleError as error:
            stands = warnings.one(connection, warning_id)
            assert stands is not None
            raise StaleProblemError(str(error), stands) from error
        warnings.save_case(connection, warning_id, change)
        shown = warnings.announce(connection, warning_id, now)
    desk.feed.wake()
    return shown


def _no_such(warning_id: int) -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, f"there is no warning {warning_id}")
