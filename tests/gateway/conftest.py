"""What the gateway's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.serve import log_to_stderr
from tests.gateway.district import District, opened_district


@pytest.fixture(autouse=True)
def _log(_log_as_before: None) -> None:
    """As a gateway logs; structlog's own way of showing tracebacks takes seconds for each."""
    log_to_stderr()


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with opened_district(tmp_path / "gateway") as opened:
        yield opened
