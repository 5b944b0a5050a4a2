"""The wire's public names change on purpose or not at all."""

import wire

NAMES = """
MAX_MESSAGE_BYTES Alert CameraHealth ChargingFacts ConstructionFacts DumpingFacts Evidence
EvidenceItem Facts GatewayPresence Health Model OutboxHealth Position Presence Receipt Region
Sentence SignatureError Signed SigningKey Site VerifyKey WireError sha256_of upload_token
verify_upload_token
"""


def test_public_names() -> None:
    """What other rooms may import from wire is this list, and every name on it is there."""
    assert wire.__all__ == NAMES.split()
    assert all(hasattr(wire, name) for name in wire.__all__)
