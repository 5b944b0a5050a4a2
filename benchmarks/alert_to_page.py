"""How long from the frame on which an alert opens until it is painted on the operator's page.

Everything on the way is real: the box's outbox (committed to disk) and publisher, the embedded
broker with JetStream on disk, the gateway with its database, the event stream, and Chromium. The
alerts themselves are made up, each at a site of its own, so that each makes a new row.

    python -m benchmarks.alert_to_page --alerts 200
"""

import argparse
import logging
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import structlog
from playwright.sync_api import Page, sync_playwright

from edge.uplink.clock import SystemClock
from edge.uplink.outbox import Outbox
from edge.uplink.publisher import Caller, Publisher
from gateway.accounts import enroll, ensure_user, gateway_key
from sanse.broker import nats_server, write_config
from sanse.probe import accepts, free_port, is_healthy
from sanse.processes import ProcessTree, Program
from wire import (
    Alert,
    CameraHealth,
    DumpingFacts,
    Evidence,
    Health,
    OutboxHealth,
    Region,
    SigningKey,
    Site,
)
from wire.topics import Address

ADDRESS = Address("bench", "box-1")
WATCH = """
() => {
  window.painted = {};
  const look = () => {
    const now = performance.timeOrigin + performance.now();
    for (const found of document.body.innerText.matchAll(/bench site (\\d+)/g))
      if (!(found[1] in window.painted)) window.painted[found[1]] = now;
  };
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(look))).observe(
    document.body, {childList: true, subtree: true, characterData: true});
}
"""


def measure(alerts: int, every_s: float) -> list[float]:
    """Seconds from capture to paint, one for each alert."""
    with (
        tempfile.TemporaryDirectory() as folder,
        district(Path(folder)) as (url, password, file),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
        sign_in(page, url, password)
        page.evaluate(WATCH)
        captured = {}
        for number in range(alerts):
            captured[number] = file(number)
            page.wait_for_timeout(every_s * 1000)
        page.wait_for_function(
            "wanted => Object.keys(window.painted).length >= wanted", arg=alerts, timeout=60_000
        )
        painted = page.evaluate("window.painted")
        browser.close()
    return [painted[str(number)] / 1000 - at for number, at in captured.items()]


def sign_in(page: Page, url: str, password: str) -> None:
    page.goto(url)
    page.locator("input").first.fill("operator")
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_selector("input", state="detached")


@contextmanager
def district(state: Path) -> Iterator[tuple[str, str, Callable[[int], float]]]:
    """A broker, a gateway and a box; gives the address, the password, and how to file an alert."""
    broker = write_config(state / "broker", free_port(), free_port())
    key = SigningKey.load_or_create(state / "box-key.json", ADDRESS.device)
    enroll(state / "gateway", ADDRESS.device, key.public.as_jwk())
    password = ensure_user(state / "gateway", "operator")
    assert password is not None
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    gateway = (
        *(sys.executable, "-m", "sanse", "gateway", "serve", "--state", str(state / "gateway")),
        *("--port", str(port), "--district", ADDRESS.district),
        *("--broker-host", broker.host, "--broker-port", str(broker.port)),
        *("--broker-username", "gateway"),
        *("--broker-password-file", str(broker.gateway_password)),
    )
    with ProcessTree(state / "log", print) as tree:
        argv = (nats_server(), "-c", str(broker.config))
        tree.start(Program("broker", argv, lambda: accepts(broker.host, broker.port)))
        tree.start(Program("gateway", gateway, lambda: is_healthy(url)))
        clock, boot_id = SystemClock(), uuid4()
        outbox = Outbox(state / "outbox.db", clock)
        caller = Caller(
            address=ADDRESS,
            boot_id=boot_id,
            software="bench",
            key=key,
            gateway_key=gateway_key(state / "gateway").public,
            host=broker.host,
            port=broker.port,
            username="box",
            password_file=broker.box_password,
        )
        publisher = Publisher(caller, outbox, clock, lambda: health(boot_id, outbox.health()))
        outbox.on_filed(publisher.wake)
        stop = threading.Event()
        thread = threading.Thread(target=publisher.run, args=(stop,))
        thread.start()

        def file(number: int) -> float:
            captured_at = datetime.now(UTC)
            outbox.file(alert(number, boot_id, captured_at))
            return captured_at.timestamp()

        try:
            yield url, password, file
        finally:
            stop.set()
            thread.join()
            publisher.close()
            outbox.close()


def alert(number: int, boot_id: UUID, captured_at: datetime) -> Alert:
    left_at = captured_at - timedelta(seconds=60)
    return Alert(
        alert_id=uuid4(),
        district=ADDRESS.district,
        device=ADDRESS.device,
        camera_id="camera-1",
        site=Site(site_id=f"site-{number}", name=f"bench site {number}"),
        boot_id=boot_id,
        sequence=0,
        scenario="dumping",
        captured_at=captured_at,
        confidence=0.8,
        urgency=5,
        facts=DumpingFacts(
            carrier="person",
            carrier_track=1,
            contact_at=left_at,
            departed_at=left_at,
            stayed_s=60,
            stay_limit_s=60,
            area_px=900,
            area_share=0.002,
            night=False,
        ),
        region=Region(xyxy=(10, 10, 40, 40), frame_wh=(768, 576)),
        evidence=Evidence(state="unavailable", reason="a benchmark has none"),
        footage="composed",
        software="bench",
    )


def health(boot_id: UUID, outbox: OutboxHealth) -> Health:
    camera = CameraHealth(
        camera_id="camera-1",
        site_id="site-0",
        state="live",
        frames=0,
        skipped=0,
        frames_per_s=10,
        latency_ms=0,
        silent_s=0,
    )
    return Health(
        district=ADDRESS.district,
        device=ADDRESS.device,
        boot_id=boot_id,
        at=datetime.now(UTC),
        uptime_s=1,
        cameras=(camera,),
        outbox=outbox,
        disk_free_bytes=1,
        software="bench",
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--alerts", type=int, default=200)
    parser.add_argument("--every-s", type=float, default=0.25)
    given = parser.parse_args()
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    began_s = time.monotonic()
    took_ms = np.array(measure(given.alerts, given.every_s)) * 1000
    p50, p99 = np.percentile(took_ms, [50, 99])
    print(
        f"alert to page, {len(took_ms)} made-up alerts: p50 {p50:.0f} ms, p99 {p99:.0f} ms, "
        f"most {took_ms.max():.0f} ms (whole run {time.monotonic() - began_s:.0f} s)"
    )


if __name__ == "__main__":
    main()
