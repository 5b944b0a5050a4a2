"""Signatures: JWS (RFC 7515, flattened JSON) with Ed25519 (RFC 9864) around the payload bytes.

What is on a topic is ``{"payload": …, "protected": …, "signature": …}``. The protected header names
the key (``kid``), the kind of message (``typ``, so that a receipt cannot pass for an alert), and
``age_s``: how old the payload was by the sender's monotonic clock when it was sent. The payload
bytes never change from send to send, so its hash names it for good.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from wire.errors import SignatureError, WireError

MAX_MESSAGE_BYTES: Final = 64 * 1024
_ALGORITHMS: Final = ["Ed25519"]
_MALFORMED: Final = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What json and joserfc raise over bytes that a stranger may have sent."""
_HEADERS: Final = jws.JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """A message whose signature held."""

    payload: bytes
    signer: str
    age_s: float | None
    """None where the sender could not tell, after a restart of its machine."""

    @property
    def sha256(self) -> str:
        return sha256_of(self.payload)


class SigningKey:
    """The secret half: a box's or the gateway's."""

    def __init__(self, key: OKPKey, signer: str) -> None:
        self._key = key
        self.signer = signer

    @classmethod
    def generate(cls, signer: str) -> "SigningKey":
        return cls(OKPKey.generate_key("Ed25519"), signer)

    @classmethod
    def load_or_create(cls, path: Path, signer: str) -> "SigningKey":
        """The key in a file of mode 600; made at the first start.

        Raises:
            WireError: The file holds no Ed25519 key.
        """
        if path.exists():
            return cls(_read_key(path, secret=True), signer)
        made = cls.generate(signer)
        _write_durably(path, json.dumps(made._key.as_dict(private=True)), mode=0o600)
        return made

    @property
    def public(self) -> "VerifyKey":
        return VerifyKey(OKPKey.import_key(self._key.as_dict(private=False)), self.signer)

    def sign(self, payload: bytes, kind: str, age_s: float | None = None) -> bytes:
        """The message for the topic; ``VerifyKey.verify`` is its inverse."""
        header: dict[str, object] = {
            "alg": "Ed25519",
            "kid": self.signer,
            "typ": f"sanse-{kind}+json",
        }
        if age_s is not None:
            header["age_s"] = round(age_s, 3)
        member: jws.HeaderDict = {"protected": header}
        signed = jws.serialize_json(member, payload, self._key, registry=_HEADERS)
        return json.dumps(signed, separators=(",", ":")).encode()


class VerifyKey:
    """The public half, by which the other side is known."""

    def __init__(self, key: OKPKey, signer: str) -> None:
        self._key = key
        self.signer = signer

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object], signer: str) -> "VerifyKey":
        """The key as a database or a file keeps it.

        Raises:
            WireError: It is no Ed25519 key in JWK form (RFC 8037).
        """
        return cls(_key_of(dict(jwk), f"the public key of {signer!r}"), signer)

    @classmethod
    def load(cls, path: Path, signer: str) -> "VerifyKey":
        """The key from a file that ``save`` wrote.

        Raises:
            WireError: The file holds no Ed25519 key.
        """
        return cls(_read_key(path), signer)

    def as_jwk(self) -> dict[str, str]:
        return {name: str(value) for name, value in self._key.as_dict(private=False).items()}

    def save(self, path: Path) -> None:
        """Readable by all; ``load`` is the inverse."""
        _write_durably(path, json.dumps(self.as_jwk()), mode=0o644)

    def verify(self, message: bytes | bytearray, kind: str) -> Signed:
        """Inverse of ``SigningKey.sign``.

        Raises:
            SignatureError: Not signed, not by this key, or signed as another kind of message.
            WireError: Larger than ``MAX_MESSAGE_BYTES``.
        """
        if len(message) > MAX_MESSAGE_BYTES:
            raise WireError(f"{kind} of {len(message)} bytes: want at most {MAX_MESSAGE_BYTES}")
        try:
            found = jws.deserialize_json(json.loads(message), self._key, registry=_HEADERS)
        except _MALFORMED as error:
            raise SignatureError(f"{kind} is not signed by {self.signer!r}") from error
        if not isinstance(found, jws.FlattenedJSONSignature):
            raise SignatureError(f"{kind} bears several signatures: want one (flattened JWS)")
        header = found.member.protected or {}
        if header.get("typ") != f"sanse-{kind}+json" or header.get("kid") != self.signer:
            raise SignatureError(
                f"{kind} by {self.signer!r} is signed as "
                f"{header.get('typ')!r} by {header.get('kid')!r}"
            )
        age_s = header.get("age_s")
        if not isinstance(age_s, int | float) or not 0 <= age_s < float("inf"):
            age_s = None
        return Signed(found.payload or b"", self.signer, age_s)


def sha256_of(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def upload_token(key: SigningKey, sha256: str, now: datetime) -> str:
    """A bearer token that lets one box put one file of evidence, for five minutes."""
    expires_at = (now + timedelta(minutes=5)).astimezone(UTC)
    claim = {"sha256": sha256, "expires_at": expires_at.isoformat()}
    header = {"alg": "Ed25519", "kid": key.signer, "typ": "sanse-upload+json"}
    return jws.serialize_compact(header, json.dumps(claim), key._key, registry=_HEADERS)


def token_signer(token: str) -> str:
    """Who claims to have signed a token; look up that key, then verify.

    Raises:
        SignatureError: It is no token.
    """
    try:
        return str(jws.extract_compact(token.encode()).headers()["kid"])
    except _MALFORMED as error:
        raise SignatureError("this is no upload token") from error


def verify_upload_token(key: VerifyKey, token: str, sha256: str, now: datetime) -> None:
    """Inverse of ``upload_token``.

    Raises:
        SignatureError: Forged, expired, or for another file.
    """
    try:
        found = jws.deserialize_compact(token, key._key, registry=_HEADERS)
        claim = json.loads(found.payload or b"")
        claimed, expires_at = claim["sha256"], datetime.fromisoformat(claim["expires_at"])
    except _MALFORMED as error:
        raise SignatureError(f"the upload token is not signed by {key.signer!r}") from error
    header = found.headers()
    if header.get("typ") != "sanse-upload+json" or header.get("kid") != key.signer:
        raise SignatureError(f"this is no upload token of {key.signer!r}")
    if claimed != sha256:
        raise SignatureError("the upload token is for another file")
    if expires_at.tzinfo is None or expires_at < now:
        raise SignatureError("the upload token has expired; check the box's clock")


def _key_of(jwk: object, what: str, *, secret: bool = False) -> OKPKey:
    try:
        key = OKPKey.import_key(jwk)  # type: ignore[arg-type]  # refuses by itself what is no key
    except _MALFORMED as error:
        raise WireError(f"{what} is not an Ed25519 key in JWK form") from error
    if key.curve_name != "Ed25519":
        raise WireError(f"{what} is an {key.curve_name} key: want Ed25519")
    if secret and not key.is_private:
        raise WireError(f"{what} is only the public half of a key: want the secret one")
    return key


def _read_key(path: Path, *, secret: bool = False) -> OKPKey:
    try:
        jwk = json.loads(path.read_text())
    except OSError as error:
        raise WireError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise WireError(f"{path} is not an Ed25519 key in JWK form") from error
    return _key_of(jwk, str(path), secret=secret)


def _write_durably(path: Path, text: str, mode: int) -> None:
    """Whole or not at all, even through a power cut: a half-written key would strand the box."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode)
    with part.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
