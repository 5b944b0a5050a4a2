"""Topics are built and taken apart by one module, and by nobody else."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.strategies import names
from wire import WireError
from wire.topics import Address, Down, Up, all_up, gateway_presence, parse_down, parse_up

addresses = st.builds(Address, names, names.filter(lambda name: name != "gateway"))


@given(addresses, st.sampled_from(get_args(Up)))
def test_up(address: Address, kind: Up) -> None:
    """Every topic that a box publishes to is taken apart into what it was built from."""
    assert parse_up(address.up(kind)) == (address, kind)


@given(addresses, st.sampled_from(get_args(Down)))
def test_down(address: Address, kind: Down) -> None:
    """Every topic that a gateway publishes to is taken apart into what it was built from."""
    assert parse_down(address.down(kind)) == (address, kind)


@pytest.mark.parametrize(
    "topic",
    [
        pytest.param("", id="nothing"),
        pytest.param("sanse/v1/harbour/gate-7", id="no kind"),
        pytest.param("sanse/v2/harbour/gate-7/alert", id="another version"),
        pytest.param("sanse/v1/harbour/gate-7/gossip", id="unknown kind"),
        pytest.param("sanse/v1/harbour/gate-7/alert/", id="slash behind"),
        pytest.param("/sanse/v1/harbour/gate-7/alert", id="slash before"),
        pytest.param("sanse/v1/harbour/gate-7/alert\n", id="line break behind"),
        pytest.param("sanse/v1/harbour//alert", id="empty device"),
        pytest.param("sanse/v1/harbour/+/alert", id="a filter, not a topic"),
        pytest.param("sanse/v1/Harbour/gate-7/alert", id="capital letter"),
        pytest.param("sanse/v1/harbour/gateway/presence", id="the gateway's own"),
        pytest.param("sanse/v1/harbour/gate-7/down/receipt", id="the way down"),
    ],
)
def test_refuses_on_the_way_up(topic: str) -> None:
    """What no box publishes to is refused in one sentence."""
    with pytest.raises(WireError, match=r"^[^\n]+$"):
        parse_up(topic)


@pytest.mark.parametrize(
    "topic",
    [
        pytest.param("sanse/v1/harbour/gate-7/down/alert", id="a kind of the way up"),
        pytest.param("sanse/v1/harbour/gate-7/alert", id="the way up"),
        pytest.param("sanse/v1/harbour/gate-7/down/#", id="a filter, not a topic"),
    ],
)
def test_refuses_on_the_way_down(topic: str) -> None:
    """What no gateway publishes to is refused in one sentence."""
    with pytest.raises(WireError, match=r"^[^\n]+$"):
        parse_down(topic)


@pytest.mark.parametrize(
    ("district", "device"),
    [
        pytest.param("harbour", "gate/7", id="slash"),
        pytest.param("harbour", "#", id="wildcard"),
        pytest.param("", "gate-7", id="empty district"),
        pytest.param("harbour", "g" * 41, id="41 letters"),
        pytest.param("harbour", "gateway", id="the gateway's own name"),
    ],
)
def test_address_refuses(district: str, device: str) -> None:
    """A name that would break a topic, or pass for the gateway, is refused where it is born."""
    with pytest.raises(WireError):
        Address(district, device)


@given(addresses, st.sampled_from(get_args(Up)))
def test_gateway_hears_every_box(address: Address, kind: Up) -> None:
    """The gateway's filter covers each box's topic of that kind, level by level."""
    wanted = all_up(address.district, kind).split("/")
    levels = address.up(kind).split("/")
    assert len(wanted) == len(levels)
    assert all(want in ("+", level) for want, level in zip(wanted, levels, strict=True))


def test_gateway_is_no_box() -> None:
    """The gateway's presence lies under the filter for presence and is told apart by its name."""
    with pytest.raises(WireError, match="gateway"):
        parse_up(gateway_presence("harbour"))
