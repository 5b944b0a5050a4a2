"""A message is believed only from whom it names, and only as the kind it was signed as."""

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from wire import MAX_MESSAGE_BYTES, SignatureError, SigningKey, VerifyKey, WireError, sha256_of

KEY = SigningKey.generate("gate-7")
PAYLOAD = b'{"schema_version":1}'


def b64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def jws(age_s: float | None = None) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(KEY.sign(PAYLOAD, "alert", age_s))
    return message


@given(st.binary(max_size=40_000), st.none() | st.floats(0, 1e9).map(lambda s: round(s, 3)))
def test_round_trip(payload: bytes, age_s: float | None) -> None:
    """Whatever is signed is verified again as the same bytes, signer and age."""
    signed = KEY.public.verify(KEY.sign(payload, "alert", age_s), "alert")
    assert (signed.payload, signed.signer, signed.age_s) == (payload, "gate-7", age_s)
    assert signed.sha256 == sha256_of(payload)


def test_payload_outlives_the_resend() -> None:
    """The age differs from send to send; the payload, and so its hash, never does."""
    first, second = (KEY.public.verify(KEY.sign(PAYLOAD, "alert", age), "alert") for age in (1, 60))
    assert first.sha256 == second.sha256


def changed(**members: object) -> bytes:
    return json.dumps(jws() | members).encode()


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(PAYLOAD, id="not signed at all"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\xff", id="no UTF-8"),
        pytest.param(b"[" * 60_000, id="nested without end"),
        pytest.param(changed(payload=b64({"schema_version": 1, "x": 1})), id="another payload"),
        pytest.param(changed(signature=b64("forged")), id="another signature"),
        pytest.param(changed(signature=""), id="empty signature"),
        pytest.param(changed(signature=7), id="a number for a signature"),
        pytest.param(changed(payload=None), id="no payload"),
        pytest.param(
            changed(protected=b64({"alg": "none", "kid": "gate-7", "typ": "sanse-alert+json"})),
            id="algorithm none",
        ),
        pytest.param(
            changed(protected=b64({"alg": "HS256", "kid": "gate-7", "typ": "sanse-alert+json"})),
            id="the public key as a shared secret",
        ),
        pytest.param(changed(protected=b64({"alg": ["Ed25519"]})), id="a list of algorithms"),
        pytest.param(
            json.dumps({"payload": jws()["payload"], "signatures": [jws()]}).encode(),
            id="several signatures",
        ),
    ],
)
def test_refuses(message: bytes) -> None:
    """What the key did not sign as it stands is refused in one sentence."""
    with pytest.raises(SignatureError, match=r"^alert [^\n]+$"):
        KEY.public.verify(message, "alert")


@given(st.binary(max_size=300))
def test_refuses_noise(message: bytes) -> None:
    """No bytes at all make the verifier raise anything but a SignatureError."""
    with pytest.raises(SignatureError):
        KEY.public.verify(message, "alert")


def test_refuses_another_key() -> None:
    """A box that signs with its own key under another's name is found out."""
    forged = SigningKey.generate("gate-7").sign(PAYLOAD, "alert")
    with pytest.raises(SignatureError, match="not signed by 'gate-7'"):
        KEY.public.verify(forged, "alert")


def test_refuses_another_kind() -> None:
    """A receipt cannot pass for an alert, though the key is right."""
    with pytest.raises(SignatureError, match="sanse-receipt"):
        KEY.public.verify(KEY.sign(PAYLOAD, "receipt"), "alert")


def test_refuses_another_name() -> None:
    """One key enrolled under two names signs for the one it says."""
    as_gate_8 = VerifyKey.from_jwk(KEY.public.as_jwk(), "gate-8")
    with pytest.raises(SignatureError, match="gate-7"):
        as_gate_8.verify(KEY.sign(PAYLOAD, "alert"), "alert")


@pytest.mark.parametrize(
    "unprotected",
    [
        pytest.param({"typ": "sanse-receipt+json"}, id="another kind"),
        pytest.param({"age_s": 86_400}, id="an age"),
    ],
)
def test_believes_only_what_is_signed(unprotected: dict[str, object]) -> None:
    """An unprotected header, which anybody on the way can add, changes nothing."""
    signed = KEY.public.verify(changed(header=unprotected), "alert")
    assert signed.age_s is None


@pytest.mark.parametrize(
    "age_s",
    [
        pytest.param(-1.0, id="negative"),
        pytest.param(float("nan"), id="not a number"),
        pytest.param(float("inf"), id="infinite"),
    ],
)
def test_impossible_age(age_s: float) -> None:
    """An age that cannot be is no age; the alert itself is kept."""
    assert KEY.public.verify(KEY.sign(PAYLOAD, "alert", age_s), "alert").age_s is None


def test_refuses_oversize() -> None:
    """A message above the limit is refused before a byte of it is looked at."""
    with pytest.raises(WireError, match=f"want at most {MAX_MESSAGE_BYTES}"):
        KEY.public.verify(KEY.sign(b"x" * MAX_MESSAGE_BYTES, "alert"), "alert")


def test_key_file(tmp_path: Path) -> None:
    """The key is made once, readable by its owner alone, and is the same after a restart."""
    path = tmp_path / "box" / "key.json"
    made = SigningKey.load_or_create(path, "gate-7")
    again = SigningKey.load_or_create(path, "gate-7")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert again.public.as_jwk() == made.public.as_jwk()
    assert [entry.name for entry in path.parent.iterdir()] == ["key.json"]


def test_key_file_after_a_power_cut(tmp_path: Path) -> None:
    """What a power cut left of an unfinished key file is no obstacle to the next start."""
    (tmp_path / "key.json.part").write_text('{"kty":')
    SigningKey.load_or_create(tmp_path / "key.json", "gate-7")
    assert [entry.name for entry in tmp_path.iterdir()] == ["key.json"]


def test_public_key_file(tmp_path: Path) -> None:
    """The public half is saved, without the secret, and read again."""
    KEY.public.save(tmp_path / "gate-7.jwk")
    assert "d" not in json.loads((tmp_path / "gate-7.jwk").read_text())
    again = VerifyKey.load(tmp_path / "gate-7.jwk", "gate-7")
    assert again.verify(KEY.sign(PAYLOAD, "alert"), "alert").payload == PAYLOAD


X25519 = OKPKey.generate_key("X25519").as_dict(private=True)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("not JSON", id="not JSON"),
        pytest.param("[]", id="a list"),
        pytest.param('"secret"', id="a text, which is no shared secret"),
        pytest.param('{"kty": "oct", "k": "c2VjcmV0"}', id="a shared secret"),
        pytest.param('{"kty": "OKP", "crv": "Ed25519", "x": "AA"}', id="too short"),
        pytest.param(json.dumps(X25519), id="another curve"),
    ],
)
def test_refuses_key_file(tmp_path: Path, text: str) -> None:
    """A file without an Ed25519 key is named in one sentence, and is not overwritten."""
    path = tmp_path / "key.json"
    path.write_text(text)
    for load in (SigningKey.load_or_create, VerifyKey.load):
        with pytest.raises(WireError, match=r"key\.json[^\n]+Ed25519"):
            load(path, "gate-7")
    assert path.read_text() == text


def test_refuses_enrollment_of_another_curve() -> None:
    """A key that cannot sign is refused when it is enrolled, not at the first alert."""
    with pytest.raises(WireError, match="the public key of 'gate-7' is an X25519 key"):
        VerifyKey.from_jwk(X25519, "gate-7")


def test_refuses_public_half_as_secret(tmp_path: Path) -> None:
    """A box that was given the public key file by mistake says so at its start."""
    path = tmp_path / "key.json"
    KEY.public.save(path)
    with pytest.raises(WireError, match="public half"):
        SigningKey.load_or_create(path, "gate-7")


def test_missing_public_key(tmp_path: Path) -> None:
    """A public key that is not there is named."""
    with pytest.raises(WireError, match=r"gone\.jwk cannot be read"):
        VerifyKey.load(tmp_path / "gone.jwk", "gate-7")
