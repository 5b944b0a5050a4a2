"""One gateway, from its first to its last moment, in one process."""

import fcntl
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog
import uvicorn

from gateway.accounts import gateway_key
from gateway.api.app import make_app
from gateway.casework.policy import load_policy
from gateway.desk import Desk
from gateway.errors import GatewayError, PortError, SecondGatewayError, StateError
from gateway.feed import Feed
from gateway.ingest.listener import Listener
from gateway.parts import Part
from gateway.settings import Settings
from gateway.store.database import Database
from gateway.store.evidence import EvidenceFolder
from gateway.sweeper import Sweeper

log = structlog.get_logger()


def serve(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT; the exit status.

    Raises:
        GatewayError: It cannot start or go on; the message is one sentence for a person.
        TomlError: The policy cannot be used.
    """
    log_to_stderr()
    with ExitStack() as stack:
        listener = stack.enter_context(_bound(settings.host, settings.port))
        stack.enter_context(_alone(settings.state))
        policy = load_policy(settings.policy)
        key = gateway_key(settings.state)
        database = stack.enter_context(Database(settings.database))
        EvidenceFolder(settings.evidence).forget_parts()
        feed = Feed(database)
        desk = Desk(settings, policy, database, feed)
        server = _Server(desk)
        ingest = Listener(desk, key)
        work = {"ingest": ingest.run, "sweeper": Sweeper(desk).run}
        if settings.influx_url is not None:
            from gateway.telemetry.exporter import (  # noqa: PLC0415  # it takes a second to load
                Exporter,
                InfluxDoor,
            )

            work["telemetry"] = Exporter(desk, InfluxDoor(settings)).run
        parts = [Part(name, run, desk.metrics, server.refuse) for name, run in work.items()]
        desk.probes.update(
            {part.name: part.probe for part in parts},
            broker=ingest.probe,
            database=database.probe,
            disk=lambda: _disk_probe(settings),
        )
        stack.enter_context(_running(parts))
        log.info("serving", state=str(settings.state), port=listener.getsockname()[1])
        server.run(sockets=[listener])
    if server.refusal is not None:
        raise server.refusal
    return 0


def http_config(desk: Desk, port: int = 0) -> uvicorn.Config:
    """How the API is served; without a port, on a socket that is brought along."""
    return uvicorn.Config(
        make_app(desk),
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


class _Server(uvicorn.Server):
    """Ends the event streams first, so that nobody waits for browsers to hang up."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(http_config(desk))
        self._feed = desk.feed
        self.refusal: GatewayError | None = None

    def refuse(self, error: GatewayError) -> None:
        """A part cannot go on, and so neither can the gateway; may be called from any thread."""
        self.refusal = error
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's own, does not raise the signal again: an asked-for end is no failure."""
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._feed.close()
        await super().shutdown(sockets)


def log_to_stderr() -> None:
    """One line for each event."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=False,
                pad_event_to=0,
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@contextmanager
def _running(parts: list[Part]) -> Iterator[None]:
    for part in parts:
        part.start()
    try:
        yield
    finally:
        for part in parts:
            part.stop()
        for part in parts:
            part.join()


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise PortError(host, port, error.strerror or str(error)) from error
        yield listener


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Holds the state folder; the lock goes with the process, however it ends."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / "gateway.lock").open("w")
    except OSError as error:
        raise StateError(state, f"cannot be used: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SecondGatewayError(
                f"another gateway already serves from {state}; stop that one first"
            ) from error
        yield


def _disk_probe(settings: Settings) -> str:
    free = shutil.disk_usage(settings.state).free
    if free >= settings.disk_reserve_bytes:
        return "ok"
    return (
        f"only {free // 1_000_000} MB are free under {settings.state}; evidence is refused "
        f"below {settings.disk_reserve_bytes // 1_000_000} MB"
    )
