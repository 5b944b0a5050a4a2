"""The box as a service, started as a process of its own: begins, works, and ends when told to."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.config import load_config
from edge.errors import ConfigError
from edge.run import open_http, public_key
from sanse.probe import free_port
from tests.brokers import Broker
from tests.edge.receiving import Gateway, serving
from tests.edge.tiny_clips import write_clip
from wire import SigningKey, VerifyKey

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "sanse" / "demo" / "dumping.mp4"
GATEWAY_KEY = SigningKey.generate("gateway")


def write_box(folder: Path, port: int, source: Path, more: str = "") -> Path:
    """A box's configuration, and the gateway's public key beside it."""
    GATEWAY_KEY.public.save(folder / "gateway.jwk")
    path = folder / "box.toml"
    path.write_text(
        f"""
[box]
district = "harbour"
device = "gate-7"
state_dir = "state"
[broker]
port = {port}
[gateway]
url = "http://127.0.0.1:{free_port()}"
[[cameras]]
camera_id = "yard"
source = {json.dumps(str(source))}
site = "east-gate"
footage = "composed"
[[sites]]
site_id = "east-gate"
name = "East gate"
[dumping]
stay_s = 10
{more}
"""
    )
    return path


class Running:
    """A box's process, with what it writes to stderr in a file."""

    def __init__(self, config: Path) -> None:
        self._log = config.with_name("box.log")
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sanse", "edge", "run", "--config", str(config)],
                cwd=ROOT,
                stderr=log,
            )

    def log(self) -> str:
        return self._log.read_text()

    def end(self, number: int) -> tuple[int, float]:
        """Exit code, and the seconds that it took."""
        began_s = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(20), time.monotonic() - began_s


@contextmanager
def running(config: Path) -> Iterator[Running]:
    box = Running(config)
    try:
        yield box
    finally:
        box.process.kill()
        box.process.wait()


def make_gateway(folder: Path, config: Path) -> Gateway:
    return Gateway(GATEWAY_KEY, public_key(load_config(config)), folder / "kept")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_runs_and_ends(mosquitto: Broker, tmp_path: Path, number: int) -> None:
    """A box says that it is there and how its cameras are, and ends within seconds, saying so."""
    config = write_box(tmp_path, mosquitto.port, write_clip(tmp_path / "clip.mp4"))
    gateway = make_gateway(tmp_path, config)
    with serving(gateway, mosquitto), running(config) as box:
        assert gateway.wait_until(lambda: len(gateway.healths) > 0, 40), box.log()
        code, took_s = box.end(number)
        assert gateway.wait_until(lambda: len(gateway.presences) == 2)
    assert code == 0
    assert took_s < 8
    assert [presence.online for presence in gateway.presences] == [True, False]
    assert gateway.healths[-1].cameras[0].camera_id == "yard"
    assert all(line[:2] == "20" for line in box.log().splitlines()), box.log()


@pytest.mark.slow
def test_an_alert_with_its_evidence(mosquitto: Broker, tmp_path: Path) -> None:
    """The bundled clip raises its alert, whose snapshot is on the disk under its hash."""
    if not DEMO.exists():
        pytest.skip("the bundled clip has not been composed yet")
    config = write_box(tmp_path, mosquitto.port, DEMO)
    gateway = make_gateway(tmp_path, config)
    with serving(gateway, mosquitto), running(config) as box:
        assert gateway.wait_until(lambda: len(gateway.arrivals) > 0, 90), box.log()
        box.end(signal.SIGTERM)
    alert, signed = gateway.arrivals[0]
    (item,) = alert.evidence.items
    assert (tmp_path / "state" / "evidence" / item.sha256[:2] / item.sha256).stat().st_size > 0
    assert alert.sequence == 0
    assert signed.age_s is not None


def test_a_broken_camera_does_not_end_the_box(mosquitto: Broker, tmp_path: Path) -> None:
    """One camera of two cannot be read: it is tried again and again, the other one is watched."""
    fake = tmp_path / "fake.mp4"
    fake.write_text("this is no clip")
    more = f"""
[[cameras]]
camera_id = "gone"
source = {json.dumps(str(fake))}
site = "east-gate"
"""
    config = write_box(tmp_path, mosquitto.port, write_clip(tmp_path / "clip.mp4"), more)
    gateway = make_gateway(tmp_path, config)
    with serving(gateway, mosquitto), running(config) as box:
        assert gateway.wait_until(lambda: len(gateway.healths) > 1, 40), box.log()
        assert box.process.poll() is None
        assert box.end(signal.SIGTERM)[0] == 0
    yard, gone = gateway.healths[-1].cameras
    assert yard.frames > 0
    assert gone.frames == 0
    assert "fake.mp4" in box.log()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(("gateway.jwk", None), "gateway.public_key", id="no key of the gateway"),
        pytest.param(("gateway.jwk", "{}"), "not an Ed25519 key", id="a broken key"),
        pytest.param(("state", "in the way"), "box.state_dir", id="a file in the folder's place"),
        pytest.param(("clip.mp4", None), "clip.mp4: does not exist", id="no such clip"),
        pytest.param(("clip.mp4", ""), "clip.mp4: is empty", id="an empty clip"),
        pytest.param(("box.toml", "box = 7"), "box.toml", id="a slip in the configuration"),
    ],
)
def test_unusable(tmp_path: Path, change: tuple[str, str | None], sentence: str) -> None:
    """A configuration that cannot be used ends the box at once: one sentence, exit code 2."""
    config = write_box(tmp_path, free_port(), write_clip(tmp_path / "clip.mp4"))
    name, content = change
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(content)
    with running(config) as box:
        assert box.process.wait(30) == 2
    said = [line for line in box.log().splitlines() if "no detector model" not in line]
    assert len(said) == 1, box.log()
    assert sentence in said[0]
    assert said[0].startswith("sanse edge")


@pytest.mark.parametrize("url", ["gateway:8000", "ftp://gateway", "http://", "http://[::1"])
def test_unusable_address(tmp_path: Path, url: str) -> None:
    """An address of the gateway that is none is refused at the start, with its key."""
    config = write_box(tmp_path, free_port(), write_clip(tmp_path / "clip.mp4"))
    known = load_config(config)
    odd = known.model_copy(update={"gateway": known.gateway.model_copy(update={"url": url})})
    with pytest.raises(ConfigError, match=r"gateway\.url: "):
        open_http(odd, config)


def test_second_box_in_one_folder(tmp_path: Path) -> None:
    """Two boxes cannot share one state folder: the second is refused, the first goes on."""
    config = write_box(tmp_path, free_port(), write_clip(tmp_path / "clip.mp4"))
    second = tmp_path / "second"
    second.mkdir()
    (second / "box.toml").write_text(
        config.read_text().replace('"state"', json.dumps(str(tmp_path / "state")))
    )
    GATEWAY_KEY.public.save(second / "gateway.jwk")
    with running(config) as first:
        wait_for_line(first, "the box runs")
        with running(second / "box.toml") as box:
            assert box.process.wait(30) == 2
        assert "another box runs in" in box.log()
        assert first.process.poll() is None


def test_public_key(tmp_path: Path) -> None:
    """The key can be exported before the first run, stays the same, and is never printed."""
    config = load_config(write_box(tmp_path, 1883, Path("clip.mp4")))
    key = public_key(config)
    assert public_key(config).as_jwk() == key.as_jwk()
    state = tmp_path / "state"
    assert VerifyKey.load(state / "box-key.pub.jwk", "gate-7").as_jwk() == key.as_jwk()
    assert "d" not in key.as_jwk()
    assert (state / "box-key.json").stat().st_mode & 0o077 == 0


def wait_for_line(box: Running, words: str) -> None:
    for _ in range(600):
        if words in box.log():
            return
        assert box.process.poll() is None, box.log()
        time.sleep(0.05)
    raise AssertionError(box.log())
