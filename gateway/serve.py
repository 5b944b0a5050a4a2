"""One gateway, from its first to its last moment, in one process."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog
import uvicorn

from gateway.api.app import make_app
from gateway.casework.policy import load_policy
from gateway.desk import Desk
from gateway.errors import PortError, SecondGatewayError, StateError
from gateway.feed import Feed
from gateway.settings import Settings
from gateway.setup import gateway_key
from gateway.store.database import Database

log = structlog.get_logger()


def serve(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT; the exit status.

    Raises:
        GatewayError: It cannot start; the message is one sentence for a person.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(_bound(settings.host, settings.port))
        stack.enter_context(_alone(settings.state))
        policy = load_policy(settings.policy)
        gateway_key(settings.state)
        database = stack.enter_context(Database(settings.database))
        feed = Feed(database)
        desk = Desk(settings, policy, database, feed)
        server = _Server(
            uvicorn.Config(
                make_app(desk),
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=3,
            ),
            feed,
        )
        server.run(sockets=[listener])
    return 0


class _Server(uvicorn.Server):
    """Ends the event streams first, so that nobody waits for browsers to hang up."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._feed.close()
        await super().shutdown(sockets)


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
        with (state / "gateway.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SecondGatewayError(
                    f"another gateway already serves from {state}; stop that one first"
                ) from error
            yield
    except OSError as error:
        raise StateError(state, f"cannot be used: {error.strerror}") from error
