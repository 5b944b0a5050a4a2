"""Whether the gateway is there to take alerts, by its own retained and signed word."""

from uuid import UUID

from wire import GatewayPresence, VerifyKey


class GatewayWatch:
    """What the gateway of this district last said of itself on this connection."""

    def __init__(self, district: str, key: VerifyKey) -> None:
        self._district = district
        self._key = key
        self._said: GatewayPresence | None = None

    @property
    def online(self) -> bool:
        return self._said is not None and self._said.online

    @property
    def instance_id(self) -> UUID | None:
        return None if self._said is None else self._said.instance_id

    def hear(self, message: bytes) -> bool:
        """Whether the gateway has come, by this message, to take alerts from the start again.

        It refreshes its presence while it is there; that alone is no new beginning.

        Raises:
            SignatureError: Not signed by the gateway.
            WireError: Not its presence.
        """
        said = GatewayPresence.from_bytes(self._key.verify(message, "gateway-presence").payload)
        if said.district != self._district:
            return False
        came = said.online and not (self.online and self.instance_id == said.instance_id)
        self._said = said
        return came

    def forget(self) -> None:
        """A new connection: what was said on the old one may be stale."""
        self._said = None
