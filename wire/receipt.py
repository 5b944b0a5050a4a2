"""The receipt: the gateway's word that an alert is safely stored."""

from typing import Literal
from uuid import UUID

from wire.message import Message, Name, Sha256, Utc


class Receipt(Message):
    """Repeated for every arrival of the same payload, so a lost receipt heals by a resend."""

    device: Name
    alert_id: UUID
    payload_sha256: Sha256
    stored_at: Utc
    outcome: Literal["stored", "quarantined"]
    """``quarantined``: truly signed, but not understood; kept for a person to look at."""
