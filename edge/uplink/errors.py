"""What can go wrong on the way to the gateway; each waits for its own remedy and is tried again."""

from pathlib import Path

from edge.errors import EdgeError


class OutboxError(EdgeError):
    """The outbox cannot be opened: mend the disk or the folder, then start again."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: the outbox cannot be opened: {fault}")


class BrokerAwayError(EdgeError):
    """Nothing that speaks MQTT answers there: try again later."""

    def __init__(self, host: str, port: int, fault: str) -> None:
        super().__init__(f"the broker {host}:{port} does not answer ({fault}); alerts wait here")


class BrokerRefusedError(EdgeError):
    """The broker answers, but not to us: mend the configuration or the broker."""

    def __init__(self, host: str, port: int, fault: str) -> None:
        super().__init__(
            f"the broker {host}:{port} refuses this box ({fault}); "
            "check broker.username and broker.password_file; alerts wait here"
        )


class LinkLostError(EdgeError):
    """The connection broke: connect again."""

    def __init__(self, host: str, port: int, fault: str) -> None:
        super().__init__(f"the connection to the broker {host}:{port} broke ({fault})")
