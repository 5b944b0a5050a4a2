"""What can go wrong on the gateway, named for what to do next; each builds its own sentence."""

from pathlib import Path


class GatewayError(Exception):
    """Anything the gateway can name and report."""


class StateError(GatewayError):
    """The state folder or its database cannot be used."""

    def __init__(self, where: Path, fault: str) -> None:
        super().__init__(f"{where}: {fault}")


class StoreError(GatewayError):
    """Nothing could be written just now: keep what came, acknowledge nothing, try again."""


class PortError(GatewayError):
    """The HTTP port cannot be had."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"port {port} on {host} cannot be used ({reason}); choose another --port")


class SecondGatewayError(GatewayError):
    """Another gateway serves under the same identity: stop that one first."""


class BrokerError(GatewayError):
    """The broker is away or refuses us; connecting is tried again."""
