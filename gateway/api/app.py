"""The gateway's HTTP side, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from gateway.api import boxes, dashboard, events, evidence, operations, session, warnings
from gateway.api.guard import BodyLimit, SecurityHeaders, Throttle
from gateway.api.problems import install_problems
from gateway.desk import Desk

PREFIX: Final = "/api/v1"


def make_app(desk: Desk) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        desk.feed.attach()
        yield

    app = describe()
    app.router.lifespan_context = lifespan
    app.state.desk = desk
    app.state.throttle = Throttle()
    return app


def describe() -> FastAPI:
    """The routes alone, as OpenAPI describes them."""
    app = FastAPI(
        title="Sanse gateway",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    for room in (session, warnings, boxes, events, evidence):
        app.include_router(room.router, prefix=PREFIX)
    app.include_router(operations.router)
    app.include_router(dashboard.router)
    install_problems(app)
    app.add_middleware(BodyLimit, but_for=f"{PREFIX}/evidence/")
    app.add_middleware(SecurityHeaders)
    return app
