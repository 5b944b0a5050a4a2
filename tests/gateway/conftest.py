"""What the gateway's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.district import District, opened_district


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with opened_district(tmp_path / "gateway") as opened:
        yield opened
