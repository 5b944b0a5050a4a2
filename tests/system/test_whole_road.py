"""The whole road, with real processes: footage in, a warning out, acknowledged, risen to red."""

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.api.dashboard import STATIC
from tests.dashboard.test_page import CHROMIUM, FLAGS
from tests.system.footage import DATA, compose

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the footage of ../shared/data is not here"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not STATIC.exists(), reason="the dashboard is not built"),
]

STAY_S = 5
SHORTER = {
    r'ends_after = "10 min"': 'ends_after = "5 s"',
    r'lasts_at_most = "1 h"': 'lasts_at_most = "8 s"',
    r'(\[levels\.yellow\]\s+acknowledge_within) = "10 min"': r'\1 = "8 s"',
}
"""The bundled policy with times that a test can wait for."""


@dataclass(frozen=True)
class Running:
    url: str
    password: str


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (files("gateway") / "casework" / "policy.toml").read_text(encoding="utf-8")
    for pattern, short in SHORTER.items():
        text, count = re.subn(pattern, short, text)
        assert count == 1, pattern
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def running(policy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("up")
    compose(folder / "clip.mp4")
    arguments = [
        *("--state", str(folder / "state"), "--source", str(folder / "clip.mp4")),
        *("--policy", str(policy), "--set", f"dumping.stay_s={STAY_S}"),
    ]
    with sanse_up(arguments, folder / "up.log") as up:
        yield up


@contextmanager
def sanse_up(arguments: list[str], log: Path) -> Iterator[Running]:
    """`sanse up` on a free port; after it, none of its processes may be left."""
    mark = f"SANSE_TEST_{uuid.uuid4().hex}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "sanse", "up", "--port", str(port), *arguments],
            stdout=out,
            stderr=out,
            env=os.environ | {mark: "1"},
        )
    try:
        yield _ready(process, log)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
        left = [pid for pid in _pids() if mark.encode() in _environment(pid)]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
    assert code == 0, log.read_text()
    assert left == []


def _ready(process: subprocess.Popen[bytes], log: Path) -> Running:
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s and process.poll() is None:
        if found := re.search(r"ready (\S+) user=operator password=(\S+)", log.read_text()):
            return Running(found[1], found[2])
        time.sleep(0.1)
    raise AssertionError(f"not ready: {log.read_text()}")


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def signed_in(browser: Browser, running: Running) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    page.goto(running.url)
    page.get_by_label("用户名").or_(page.get_by_label("Username")).fill("operator")
    page.get_by_label("密码").or_(page.get_by_label("Password")).fill(running.password)
    page.keyboard.press("Enter")
    expect(page.get_by_text("实时", exact=True)).to_be_visible()
    return page


def the_warning(page: Page) -> Any:
    return page.get_by_role("link").filter(has_text="示范路口")


def test_from_footage_to_red(running: Running, browser: Browser) -> None:
    """A bag put down in real footage is seen, acknowledged, seen elsewhere, and rises to red."""
    first, second = signed_in(browser, running), signed_in(browser, running)
    expect(the_warning(first)).to_contain_text("蓝", timeout=90_000)
    the_warning(first).click()
    expect(first.locator("article")).to_contain_text(f"已停留 {STAY_S} 秒")
    expect(the_warning(second)).to_contain_text("未确认")

    first.keyboard.press("a")
    first.keyboard.type("seen on the screen")
    first.keyboard.press("Enter")
    expect(the_warning(second)).to_contain_text("已确认", timeout=5_000)
    the_warning(second).click()
    expect(second.locator("article")).to_contain_text("seen on the screen")

    expect(the_warning(second)).to_contain_text("黄", timeout=120_000)
    expect(second.locator("article")).to_contain_text("该点位")
    expect(the_warning(second)).to_contain_text("红", timeout=90_000)
    expect(second.locator("article")).to_contain_text("无人确认")
    expect(the_warning(first)).to_contain_text("红")


def test_evidence_is_what_the_alert_names(running: Running) -> None:
    """Every file of evidence has the SHA-256 that the box signed in its alert."""
    with httpx.Client(base_url=running.url, timeout=20) as client:
        answer = client.post(
            "/api/v1/session", json={"username": "operator", "password": running.password}
        )
        answer.raise_for_status()
        warning = client.get("/api/v1/warnings").json()["items"][0]
        detail = client.get(f"/api/v1/warnings/{warning['id']}").json()
        signed = {
            item["sha256"] for alert in detail["alerts"] for item in alert["evidence"]["items"]
        }
        assert detail["evidence"]
        for piece in detail["evidence"]:
            stored = client.get(piece["url"]).content
            assert hashlib.sha256(stored).hexdigest() == piece["sha256"]
            assert piece["sha256"] in signed
