"""The box that ships as data is one from which `sanse edge run` really starts."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sanse.firmware import render
from tests.brokers import Broker
from tests.edge.receiving import Gateway, serving
from tests.edge.tiny_clips import write_clip
from wire import Health, SigningKey

ROOT = Path(__file__).parents[2]
DEVICE = "gate-7"


def test_rendered_box_starts(tmp_path: Path, mosquitto: Broker) -> None:
    """The box announces itself to a broker, with both of its cameras live, and ends when asked."""
    key = SigningKey.generate("gateway")
    key.public.save(tmp_path / "gateway.jwk")
    (tmp_path / "password").write_text("secret")
    public = SigningKey.load_or_create(tmp_path / "state" / "box-key.json", DEVICE).public
    config = tmp_path / "box.toml"
    passwords = {"north-gate": "x", "bins": "y"}
    config.write_text(render(ROOT / "firmware_configs", DEVICE, passwords), encoding="utf-8")
    clip = write_clip(tmp_path / "clip.mp4")
    here = {
        "box.state_dir": tmp_path / "state",
        "gateway.public_key": tmp_path / "gateway.jwk",
        "broker.host": mosquitto.host,
        "broker.port": mosquitto.port,
        "broker.password_file": tmp_path / "password",
        "cameras.0.source": clip,
        "cameras.1.source": clip,
    }
    argv = ["edge", "run", "--config", str(config), *(f"--set={k}={v}" for k, v in here.items())]
    gateway = Gateway(key, public, tmp_path / "kept")
    with serving(gateway, mosquitto), running(argv) as box:
        assert gateway.wait_until(lambda: any(map(both_live, gateway.healths)), 120)
        box.send_signal(signal.SIGTERM)
        _, said = box.communicate(timeout=60)
    assert box.returncode == 0, said
    assert gateway.presences[0].device == DEVICE
    assert gateway.presences[0].online


def both_live(health: Health) -> bool:
    return [camera.state for camera in health.cameras if camera.frames] == ["live", "live"]


@contextmanager
def running(argv: list[str]) -> Iterator[subprocess.Popen[str]]:
    box = subprocess.Popen(
        [sys.executable, "-m", "sanse", *argv], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        yield box
    finally:
        box.kill()
        box.communicate()
