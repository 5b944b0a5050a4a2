"""The program from the outside: starts, serves, refuses in one sentence, ends cleanly."""

import re
import resource
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
from gateway.store.database import Database
from sanse.probe import free_port
from tests.brokers import Broker
from tests.gateway.district import DISTRICT, make_alert
from tests.gateway.playing_box import playing_box
from wire import SigningKey

ROOT = Path(__file__).parents[2]
HARD = resource.RLIM_INFINITY


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


def listed(gateway: Gateway, password: str) -> list[dict[str, object]]:
    with httpx.Client(base_url=f"http://127.0.0.1:{gateway.port}/api/v1") as client:
        client.post("/session", json={"username": "operator", "password": password})
        items: list[dict[str, object]] = client.get("/warnings").json()["items"]
        return items


def test_serves(state: Path, box_key: SigningKey, mosquitto: Broker) -> None:
    """An alert comes in over the broker, a warning goes out over HTTP, SIGTERM ends it at once."""
    password = ensure_user(state, "operator")
    assert password is not None
    assert ensure_user(state, "operator") is None
    with running(Gateway(state, mosquitto.port)) as gateway:
        assert gateway.is_ready()
        with playing_box(box_key, gateway_key(state).public, mosquitto) as box:
            assert box.deliver([make_alert()])
            assert [item["color"] for item in listed(gateway, password)] == ["blue"]
            gateway.process.send_signal(signal.SIGTERM)
            assert gateway.process.wait(10) == 0
            assert box.wait_for(lambda: not box.presences[-1].online)


@pytest.mark.slow
def test_killed_again_and_again(state: Path, box_key: SigningKey, mosquitto: Broker) -> None:
    """Killed while alerts come in, it has stored each exactly once in the end."""
    sent = [make_alert(sequence=index) for index in range(120)]
    with running(Gateway(state, mosquitto.port)) as gateway:
        for wanted in (1, 10, 20):
            assert gateway.is_ready()
            with playing_box(box_key, gateway_key(state).public, mosquitto) as box:
                for alert in sent:
                    box.send(alert.to_bytes())
                assert box.wait_for_receipts(wanted)
            gateway.process.kill()
            gateway.process.communicate()
            gateway.start()
        assert gateway.is_ready()
        with playing_box(box_key, gateway_key(state).public, mosquitto) as box:
            assert box.deliver(sent)
    with Database(state / "sanse.db") as database, database.read() as connection:
        stored = connection.exec_driver_sql("SELECT alert_id FROM alerts").scalars().all()
    assert sorted(stored) == sorted(str(alert.alert_id) for alert in sent)


def test_full_disk(state: Path, box_key: SigningKey, mosquitto: Broker) -> None:
    """Where nothing can be written it says it is away, keeps the broker's copy, and recovers."""
    first, second = make_alert(), make_alert(sequence=1)
    with running(Gateway(state, mosquitto.port)) as gateway:
        assert gateway.is_ready()
        with playing_box(box_key, gateway_key(state).public, mosquitto) as box:
            assert box.deliver([first])
            resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (4096, HARD))
            box.send(second.to_bytes())
            assert box.wait_for(lambda: not box.presences[-1].online)
            health = httpx.get(f"http://127.0.0.1:{gateway.port}/healthz")
            assert health.status_code == 503
            assert "the database cannot be written" in health.json()["parts"]["broker"]
            resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (HARD, HARD))
            assert box.wait_for_receipts(2)
            assert box.receipted() == {first.alert_id, second.alert_id}


def run(argv: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def refused(gateway: Gateway) -> str:
    """Its one sentence; it has ended with status 2."""
    with running(gateway):
        status, said = gateway.refusal()
    assert status == 2
    assert said.startswith("sanse gateway: ")
    assert "\n" not in said
    return said


def test_refuses_used_port(state: Path) -> None:
    """A port that is taken is named."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(Gateway(state, 1, "--port", str(port)))
    assert said.endswith(
        f"port {port} on 127.0.0.1 cannot be used (Address already in use); choose another --port"
    )


@pytest.mark.parametrize(
    ("flag", "text", "fault"),
    [
        pytest.param("--policy", "late_after = 2", r"own\.toml.*schema_version", id="a policy"),
        pytest.param("--config", "prot = 80", r"own\.toml:1: prot: no such key", id="settings"),
        pytest.param("--config", "port = 0", r"own\.toml:1: port: .*greater than 0", id="a port"),
    ],
)
def test_refuses_files(state: Path, tmp_path: Path, flag: str, text: str, fault: str) -> None:
    """A policy or settings that cannot be used are named with file, line and key."""
    own = tmp_path / "own.toml"
    own.write_text(text)
    argv = [sys.executable, "-m", "sanse", "gateway", "serve", "--state", str(state)]
    asked = [*argv, flag, str(own)]
    done = run(asked)
    assert done.returncode == 2
    assert re.search(fault, done.stderr)
    assert done.stderr.count("\n") == 1


def test_refuses_state(state: Path, mosquitto: Broker) -> None:
    """A state folder that is a file, or that serves another gateway already, is named."""
    with running(Gateway(state, mosquitto.port)) as first:
        assert first.is_ready()
        assert "another gateway already serves from" in refused(Gateway(state, mosquitto.port))
    assert "cannot be used: File exists" in refused(Gateway(state / "gateway.lock", mosquitto.port))


def test_refuses_newer_database(state: Path) -> None:
    """A database that a newer release has written is left alone."""
    with Database(state / "sanse.db") as database, database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "was written by a newer release" in refused(Gateway(state, 1))


def test_refuses_full_disk_at_start(state: Path) -> None:
    """A disk with no room for the database is named at the start."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, HARD))
    try:
        gateway = Gateway(state, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "sanse.db: cannot be opened" in refused(gateway)


def test_refuses_broken_key(state: Path) -> None:
    """A key file that holds no key is not overwritten."""
    state.mkdir()
    (state / "gateway-key.json").write_text("{}")
    assert "holds no Ed25519 key" in refused(Gateway(state, 1))
    assert (state / "gateway-key.json").read_text() == "{}"


@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(("serve",), id="serve"),
        pytest.param(("enroll",), id="enroll"),
        pytest.param(("user", "add"), id="user add"),
        pytest.param(("openapi",), id="openapi"),
    ],
)
def test_help(argv: tuple[str, ...]) -> None:
    """Every command helps with an example."""
    done = run([sys.executable, "-m", "sanse", "gateway", *argv, "--help"])
    assert done.returncode == 0
    assert "Example: sanse gateway" in done.stdout
