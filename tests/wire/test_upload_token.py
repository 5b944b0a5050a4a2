"""An upload token lets one box put one file, for five minutes."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from wire import SignatureError, SigningKey, sha256_of, upload_token, verify_upload_token
from wire.signing import token_signer

KEY = SigningKey.generate("gate-7")
NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
FILE = sha256_of(b"snapshot")


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(timedelta(0), id="at once"),
        pytest.param(timedelta(minutes=4, seconds=59), id="just in time"),
        pytest.param(timedelta(hours=-1), id="by a gateway whose clock is behind"),
    ],
)
def test_holds(later: timedelta) -> None:
    """The token names its signer and opens the way for its file."""
    token = upload_token(KEY, FILE, NOW)
    assert token_signer(token) == "gate-7"
    verify_upload_token(KEY.public, token, FILE, NOW + later)


@pytest.mark.parametrize(
    ("sha256", "later", "fault"),
    [
        pytest.param(sha256_of(b"other"), timedelta(0), "another file", id="another file"),
        pytest.param(FILE, timedelta(minutes=5, seconds=1), "expired", id="too late"),
    ],
)
def test_refuses(sha256: str, later: timedelta, fault: str) -> None:
    """A true token opens nothing else and not for long."""
    with pytest.raises(SignatureError, match=fault):
        verify_upload_token(KEY.public, upload_token(KEY, FILE, NOW), sha256, NOW + later)


def test_refuses_forgery() -> None:
    """Another key under the same name opens nothing."""
    forged = upload_token(SigningKey.generate("gate-7"), FILE, NOW)
    with pytest.raises(SignatureError, match="not signed by 'gate-7'"):
        verify_upload_token(KEY.public, forged, FILE, NOW)


SECRET = OKPKey.generate_key("Ed25519")
BOX = SigningKey(SECRET, "gate-7")
SOON = (NOW + timedelta(minutes=5)).isoformat()


def signed(claim: object, typ: str = "sanse-upload+json") -> str:
    registry = jws.JWSRegistry(algorithms=["Ed25519"])
    header = {"alg": "Ed25519", "kid": "gate-7", "typ": typ}
    return jws.serialize_compact(header, json.dumps(claim), SECRET, registry=registry)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed([]), id="a list"),
        pytest.param(signed({"sha256": FILE}), id="no time"),
        pytest.param(signed({"sha256": FILE, "expires_at": 7}), id="a number for a time"),
        pytest.param(signed({"sha256": FILE, "expires_at": "2026-11-21"}), id="no time zone"),
        pytest.param(
            signed({"sha256": FILE, "expires_at": SOON}, typ="sanse-alert+json"), id="another kind"
        ),
    ],
)
def test_refuses_malformed(token: str) -> None:
    """What the right key signed wrongly is refused, too."""
    with pytest.raises(SignatureError):
        verify_upload_token(BOX.public, token, FILE, NOW)


@given(st.text(max_size=100) | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,40}"))
def test_refuses_noise(token: str) -> None:
    """No text at all makes the readers raise anything but a SignatureError."""
    with pytest.raises(SignatureError):
        token_signer(token)
    with pytest.raises(SignatureError):
        verify_upload_token(KEY.public, token, FILE, NOW)
