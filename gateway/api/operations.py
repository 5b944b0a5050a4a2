"""For those who run it: is it well, and how much of what."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway.api.guard import WithDesk
from gateway.views import Health

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Does every part work", responses={503: {"model": Health}})
def health(desk: WithDesk, response: Response) -> Health:
    parts = {name: probe() for name, probe in desk.probes.items()}
    well = all(said == "ok" for said in parts.values())
    response.status_code = 200 if well else 503
    return Health(ok=well, parts=parts)


@router.get("/metrics", summary="For Prometheus", response_class=Response)
def metrics(desk: WithDesk) -> Response:
    return Response(generate_latest(desk.metrics.registry), media_type=CONTENT_TYPE_LATEST)
