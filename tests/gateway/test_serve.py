"""The program from the outside: starts, serves, refuses in one sentence, ends cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gateway.accounts import enroll, ensure_user, gateway_key
from gateway.casework.policy import Policy
from gateway.store.database import Database
from tests.brokers import Broker, free_port
from tests.gateway.district import DISTRICT, make_alert
from tests.gateway.playing_box import playing_box
from wire import SigningKey

ROOT = Path(__file__).parents[2]


class Gateway:
    """``sanse gateway serve`` as a process of its own."""

    def __init__(self, state: Path, broker_port: int, *flags: str) -> None:
        self.port = free_port()
        self.state = state
        self._argv = (
            *(sys.executable, "-m", "sanse", "gateway", "serve", "--state", str(state)),
            *("--port", str(self.port), "--district", DISTRICT),
            *("--broker-port", str(broker_port), *flags),
        )
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        self.process = subprocess.Popen(
            self._argv, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self.process

    def is_ready(self, limit_s: float = 60) -> bool:
        until = time.monotonic() + limit_s
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200:
                    return True
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        return False

    def refusal(self) -> tuple[int, str]:
        """Its exit status and what it said, where it does not want to serve."""
        out, err = self.process.communicate(timeout=60)
        assert out == ""
        return self.process.returncode, err.strip()


@contextmanager
def running(gateway: Gateway) -> Iterator[Gateway]:
    try:
        yield gateway
    finally:
        gateway.process.kill()
        gateway.process.communicate()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "gateway"


@pytest.fixture
def box_key(state: Path) -> SigningKey:
    key = SigningKey.generate("gate-7")
    enroll(state, "gate-7", key.public.as_jwk())
    return key
