"""Errors as ``application/problem+json`` (RFC 9457), each with one sentence for a person."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from gateway.store import OperationalError
from gateway.views import Problem, StaleProblem, WarningView

log = structlog.get_logger()


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: HTTPStatus, detail: str, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(title=status.phrase, detail=detail, status=status)
        self.headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}


class StaleProblemError(ProblemError):
    """Somebody was faster; the answer carries what stands now."""

    def __init__(self, detail: str, warning: WarningView) -> None:
        super().__init__(HTTPStatus.CONFLICT, detail)
        self.problem = StaleProblem(**dict(self.problem), warning=warning)


def install_problems(app: FastAPI) -> None:
    app.add_exception_handler(ProblemError, _told)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(Exception, _unforeseen)


def _answer(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(
        problem.model_dump(mode="json"),
        problem.status,
        headers,
        media_type="application/problem+json",
    )


async def _told(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return _answer(error.problem, error.headers)


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    detail = {
        HTTPStatus.NOT_FOUND: f"there is nothing at {request.url.path}",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.url.path} does not take {request.method}",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is larger than is taken here",
    }.get(status, str(error.detail))
    return _answer(Problem(title=status.phrase, detail=detail, status=status))


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fault = error.errors()[0]
    where = ".".join(str(step) for step in fault["loc"])
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _answer(Problem(title=status.phrase, detail=f"{where}: {fault['msg']}", status=status))


async def _database(request: Request, error: Exception) -> Response:
    log.error("database refused", path=request.url.path, reason=str(error))
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "the database cannot do this just now; try again in a moment"
    return _answer(Problem(title=status.phrase, detail=detail, status=status))


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("request failed", path=request.url.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "the gateway failed at this request; its log says why"
    return _answer(Problem(title=status.phrase, detail=detail, status=status))
