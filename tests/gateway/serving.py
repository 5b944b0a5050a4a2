"""The real HTTP server on a free port, and a browser's part played by httpx."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import httpx
import uvicorn

from gateway.serve import http_config
from gateway.store.users import add_user
from sanse.probe import free_port
from tests.gateway.district import District

PASSWORD = "correct horse battery"


class Server(uvicorn.Server):
    """Says when it serves."""

    def __init__(self, district: District) -> None:
        self.port = free_port()
        super().__init__(http_config(district.desk, port=self.port))
        self.serves = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.serves.set()


@contextmanager
def serving(district: District) -> Iterator[str]:
    """The address at which the district's API is served."""
    with district.desk.database.write() as connection:
        add_user(connection, "li.wei", "李伟", PASSWORD, district.clock())
    server = Server(district)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.serves.wait(20)
    yield f"http://127.0.0.1:{server.port}"
    server.should_exit = True
    district.desk.feed.close()
    thread.join(20)
    assert not thread.is_alive()


@contextmanager
def browsing(address: str, *, log_in: bool = True) -> Iterator[httpx.Client]:
    """A browser; logged in, it sends the CSRF token with whatever it asks."""
    with httpx.Client(base_url=f"{address}/api/v1", timeout=20) as client:
        if log_in:
            given = {"username": "li.wei", "password": PASSWORD}
            answer = client.post("/session", json=given)
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


@dataclass(frozen=True)
class Said:
    """One server-sent event."""

    id: int | None
    event: str
    data: Any


@contextmanager
def listening(client: httpx.Client, last_id: int | None = None) -> Iterator[Iterator[Said]]:
    """The event stream; it is open when this returns."""
    headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
    with client.stream("GET", "/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        said = _parse(answer.iter_lines())
        yield chain([next(said)], said)


def _parse(lines: Iterator[str]) -> Iterator[Said]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            event_id = int(fields["id"]) if "id" in fields else None
            yield Said(event_id, fields["event"], json.loads(fields["data"]))
            fields = {}
