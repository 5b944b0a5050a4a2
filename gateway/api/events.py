"""The event feed: one stream per browser, taken up where it broke off."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.guard import LoggedIn, WithDesk
from gateway.api.session import still_open
from gateway.desk import Desk
from gateway.feed import Beat as Pause
from gateway.feed import Resync
from gateway.store.events import Event
from gateway.store.users import Session
from gateway.views import Beat, Problem

router = APIRouter(tags=["events"])


@router.get(
    "/events",
    summary="Server-sent events",
    description=(
        "`warning` (data: WarningView), `box` (data: BoxView), `resync` (fetch everything anew), "
        "`beat` (data: Beat) at once and every 5 s. Each bears an id, by which `Last-Event-ID` "
        "replays what was missed."
    ),
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        401: {"model": Problem},
    },
)
async def stream(
    session: LoggedIn,
    desk: WithDesk,
    last_event_id: Annotated[int | None, Header(ge=0, lt=2**63)] = None,
) -> StreamingResponse:
    return StreamingResponse(
        _pieces(desk, session, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _pieces(desk: Desk, session: Session, last_id: int | None) -> AsyncIterator[str]:
    with desk.metrics.listeners.track_inprogress():
        async for said in desk.feed.listen(last_id):
            match said:
                case Event(id, kind, data, happened_at):
                    if happened_at is not None:
                        desk.metrics.published(happened_at, desk.clock())
                    yield _piece(kind, data, id)
                case Resync(id):
                    desk.metrics.resyncs.inc()
                    yield _piece("resync", "{}", id)
                case Pause(id):
                    if not await run_in_threadpool(still_open, desk, session):
                        return
                    yield _piece("beat", Beat(at=desk.clock()).model_dump_json(), id)


def _piece(kind: str, data: str, event_id: int) -> str:
    return f"id: {event_id}\nevent: {kind}\ndata: {data}\n\n"
