"""The base of every message: frozen, strict, tolerant of fields from the future."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from wire.errors import WireError

Name = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
"""Districts, devices, cameras and sites: safe in a topic, a path and an URL."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

Pixels = Annotated[float, Field(allow_inf_nan=False)]

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _to_utc(moment: datetime) -> datetime:
    try:
        utc = moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the time lies outside the years that UTC can tell") from error
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def format_utc(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a Z, as all times on the wire are written.

    >>> format_utc(datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    '2026-11-20T23:30:00.000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Utc = Annotated[
    AwareDatetime,
    AfterValidator(_to_utc),
    PlainSerializer(format_utc, return_type=str, when_used="json"),
]
"""Kept in UTC and whole milliseconds, so that what is read equals what was sent."""


class Part(BaseModel):
    """A value inside a message."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Message(Part):
    """A whole message, one JSON object.

    Readers ignore fields that they do not know, and refuse a higher ``schema_version``.
    """

    schema_version: Literal[1] = 1

    def to_bytes(self) -> bytes:
        """The payload as it is hashed, signed and printed: UTF-8 JSON on one line."""
        return self.model_dump_json().encode()

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Inverse of ``to_bytes``.

        Raises:
            WireError: The payload is not such a message, or of a version from the future.
        """
        try:
            return cls.model_validate_json(payload)
        except ValidationError as error:
            raise WireError(_first_fault(cls.__name__, error)) from error


def _first_fault(type_name: str, error: ValidationError) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type_name).lower()
    fault = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in fault["loc"])
    said = fault["msg"].removeprefix("Value error, ")
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{name}: {where + ': ' if where else ''}{said}{more}"
