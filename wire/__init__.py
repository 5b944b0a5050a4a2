"""What crosses a process boundary, and nothing else.

Everything here is read by more than one room: the box writes it and the gateway reads it, or the
other way round. The JSON Schema of the dashboard is generated from these types.
"""

from wire.alert import (
    Alert,
    Evidence,
    EvidenceItem,
    Model,
    Position,
    Region,
    Site,
)
from wire.errors import SignatureError, WireError
from wire.facts import ChargingFacts, ConstructionFacts, DumpingFacts, Facts, Sentence
from wire.health import CameraHealth, Health, OutboxHealth
from wire.presence import GatewayPresence, Presence
from wire.receipt import Receipt
from wire.signing import (
    MAX_MESSAGE_BYTES,
    Signed,
    SigningKey,
    VerifyKey,
    sha256_of,
    upload_token,
    verify_upload_token,
)

__all__ = [
    "MAX_MESSAGE_BYTES",
    "Alert",
    "CameraHealth",
    "ChargingFacts",
    "ConstructionFacts",
    "DumpingFacts",
    "Evidence",
    "EvidenceItem",
    "Facts",
    "GatewayPresence",
    "Health",
    "Model",
    "OutboxHealth",
    "Position",
    "Presence",
    "Receipt",
    "Region",
    "Sentence",
    "SignatureError",
    "Signed",
    "SigningKey",
    "Site",
    "VerifyKey",
    "WireError",
    "sha256_of",
    "upload_token",
    "verify_upload_token",
]
