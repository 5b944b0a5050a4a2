"""Topics, built and taken apart side by side."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import TypeAdapter, ValidationError

from wire.errors import WireError
from wire.message import Name

Up = Literal["alert", "presence", "health", "reported", "result"]
Down = Literal["receipt", "desired", "command"]

_NAME = TypeAdapter[str](Name)
_UP = re.compile(rf"sanse/v1/([^/]+)/([^/]+)/({'|'.join(get_args(Up))})")
_DOWN = re.compile(rf"sanse/v1/([^/]+)/([^/]+)/down/({'|'.join(get_args(Down))})")


@dataclass(frozen=True, slots=True)
class Address:
    """One device of one district.

    >>> Address("harbour", "gate-7").up("alert")
    'sanse/v1/harbour/gate-7/alert'
    """

    district: str
    device: str

    def __post_init__(self) -> None:
        for name in (self.district, self.device):
            try:
                _NAME.validate_python(name)
            except ValidationError as error:
                raise WireError(
                    f"{name!r} cannot name a district or device: "
                    "want 1-40 of a-z, 0-9 and inner hyphens"
                ) from error
        if self.device == "gateway":
            raise WireError("'gateway' is the gateway's own name and cannot name a device")

    def up(self, kind: Up) -> str:
        return f"sanse/v1/{self.district}/{self.device}/{kind}"

    def down(self, kind: Down | Literal["#"]) -> str:
        return f"sanse/v1/{self.district}/{self.device}/down/{kind}"


def parse_up(topic: str) -> tuple[Address, Up]:
    """Inverse of ``Address.up``.

    Raises:
        WireError: The topic is not one that a box publishes to.
    """
    return _parse(_UP, topic)  # type: ignore[return-value]  # the pattern admits no other word


def parse_down(topic: str) -> tuple[Address, Down]:
    """Inverse of ``Address.down``.

    Raises:
        WireError: The topic is not one that a gateway publishes to.
    """
    return _parse(_DOWN, topic)  # type: ignore[return-value]  # the pattern admits no other word


def gateway_presence(district: str) -> str:
    return f"sanse/v1/{district}/gateway/presence"


def all_up(district: str, kind: Up) -> str:
    """The filter by which the gateway hears every box of its district."""
    return f"sanse/v1/{district}/+/{kind}"


def _parse(pattern: re.Pattern[str], topic: str) -> tuple[Address, str]:
    match = pattern.fullmatch(topic)
    if match is None:
        raise WireError(f"topic {topic!r} is none of sanse/v1")
    return Address(match[1], match[2]), match[3]
