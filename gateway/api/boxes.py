"""The boxes and their cameras, as last heard."""

from fastapi import APIRouter

from gateway.api.guard import LoggedIn, WithDesk
from gateway.store.boxes import all_boxes
from gateway.views import BoxList, Problem

router = APIRouter(tags=["boxes"])


@router.get("/boxes", summary="Every box", responses={401: {"model": Problem}})
def list_boxes(_session: LoggedIn, desk: WithDesk) -> BoxList:
    with desk.database.read() as connection:
        return BoxList(items=all_boxes(connection))
