"""Evidence: boxes put it by its hash, operators look at it."""

import shutil
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from gateway.api.guard import LoggedIn, WithDesk
from gateway.api.problems import ProblemError
from gateway.desk import Desk
from gateway.store import warnings
from gateway.store.devices import find_key
from gateway.store.evidence import EvidenceFolder, StoredFile, add_file, find_file, warnings_naming
from gateway.views import Problem
from wire import SignatureError, verify_upload_token
from wire.signing import token_signer

router = APIRouter(prefix="/evidence", tags=["evidence"])

Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]

_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    code: {"model": Problem} for code in (401, 409, 413, 415, 507)
}

_TAKEN: Final = ("image/jpeg", "video/mp4")


@router.get("/{sha256}", summary="One file of evidence", response_class=FileResponse)
def show_evidence(sha256: Sha256, _session: LoggedIn, desk: WithDesk) -> FileResponse:
    with desk.database.read() as connection:
        row = find_file(connection, sha256)
    place = EvidenceFolder(desk.settings.evidence).path_of(sha256)
    if row is None or not place.is_file():
        raise ProblemError(HTTPStatus.NOT_FOUND, f"evidence {sha256} has not arrived")
    return FileResponse(
        place,
        media_type=row.media_type,
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )


@router.put(
    "/{sha256}",
    summary="A box stores one file",
    status_code=201,
    response_class=Response,
    responses={200: {"description": "It was there already"}, **_REFUSALS},
)
async def store_evidence(
    sha256: Sha256,
    request: Request,
    desk: WithDesk,
    authorization: Annotated[str, Header()] = "",
    content_type: Annotated[str, Header()] = "",
) -> Response:
    device, is_here = await run_in_threadpool(_check_in, desk, authorization, sha256)
    if content_type not in _TAKEN:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"evidence of type {content_type!r}: want {' or '.join(_TAKEN)}",
        )
    if is_here:
        return Response(status_code=HTTPStatus.OK)
    _check_room(desk, int(request.headers.get("content-length", 0)))
    incoming = EvidenceFolder(desk.settings.evidence).receive()
    try:
        async for piece in request.stream():
            await run_in_threadpool(incoming.write, piece)
            _check_room(desk, incoming.size_bytes)
        if incoming.sha256 != sha256:
            raise ProblemError(
                HTTPStatus.CONFLICT,
                f"the {incoming.size_bytes} bytes received have SHA-256 {incoming.sha256}, "
                f"not {sha256}; send them again",
            )
        await run_in_threadpool(incoming.keep)
    except OSError as error:
        raise ProblemError(
            HTTPStatus.INSUFFICIENT_STORAGE, f"the gateway cannot store it: {error.strerror}"
        ) from error
    except ClientDisconnect as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "the upload broke off; send it again") from error
    finally:
        await run_in_threadpool(incoming.drop)
    stored = StoredFile(sha256, content_type, incoming.size_bytes, device, desk.clock())
    await run_in_threadpool(_record, desk, stored)
    return Response(status_code=HTTPStatus.CREATED)


def _check_in(desk: Desk, authorization: str, sha256: str) -> tuple[str, bool]:
    """The box that sends the file, and whether it is here already."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED, "want Authorization: Bearer and an upload token"
        )
    try:
        device = token_signer(token)
        with desk.database.read() as connection:
            key = find_key(connection, device)
            row = find_file(connection, sha256)
        if key is not None:
            verify_upload_token(key, token, sha256, desk.clock())
    except SignatureError as error:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, str(error)) from error
    if key is None:
        raise ProblemError(HTTPStatus.UNAUTHORIZED, f"device {device!r} is not enrolled here")
    place = EvidenceFolder(desk.settings.evidence).path_of(sha256)
    return device, row is not None and place.is_file()


def _check_room(desk: Desk, size_bytes: int) -> None:
    limit = desk.settings.evidence_max_bytes
    if size_bytes > limit:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"evidence may have at most {limit} bytes"
        )
    if shutil.disk_usage(desk.settings.state).free - size_bytes < desk.settings.disk_reserve_bytes:
        raise ProblemError(
            HTTPStatus.INSUFFICIENT_STORAGE, "the gateway's disk is nearly full; send it later"
        )


def _record(desk: Desk, file: StoredFile) -> None:
    with desk.database.write() as connection:
        add_file(connection, file)
        for warning_id in warnings_naming(connection, file.sha256):
            warnings.show_snapshot(connection, warning_id)
            warnings.announce(connection, warning_id, file.stored_at)
    desk.feed.wake()
