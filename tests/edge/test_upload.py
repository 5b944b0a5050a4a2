"""Evidence upload, against a real HTTP server: put by hash, signed, until the gateway has it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event

import httpx
import pytest
from structlog.testing import capture_logs

from edge.evidence.disk import SystemDisk
from edge.evidence.store import EvidenceStore
from edge.testing import ManualClock
from edge.uplink.outbox import Outbox
from edge.uplink.upload import Uploader, UploadQueue
from sanse.probe import free_port
from tests.edge.alerts import make_alert
from wire import SignatureError, SigningKey, sha256_of, verify_upload_token

KEY = SigningKey.generate("gate-7")


class Gateway(ThreadingHTTPServer):
    """Believes tokens and keeps files as the real one does; may be told to answer otherwise."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answer: int | None = None
        self.kept: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_PUT(self) -> None:
        sha256 = self.path.removeprefix("/api/v1/evidence/")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(sha256)
        code = self.server.answer or self._judge(sha256, body)
        self.send_response(code)
        self.send_header("Content-Type", "application/problem+json")
        self.end_headers()
        self.wfile.write(b'{"title": "No", "detail": "the gateway says why"}')

    def _judge(self, sha256: str, body: bytes) -> int:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        try:
            verify_upload_token(KEY.public, token, sha256, datetime.now(UTC))
        except SignatureError:
            return 401
        if sha256_of(body) != sha256:
            return 409
        known = sha256 in self.server.kept
        self.server.kept[sha256] = (str(self.headers["Content-Type"]), body)
        return 200 if known else 201

    def log_message(self, *_: object) -> None:
        """Keeps the tests' output quiet."""


@contextmanager
def serving(gateway: Gateway) -> Iterator[Gateway]:
    thread = threading.Thread(target=gateway.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        thread.join()
        gateway.server_close()


class Box:
    """Outbox, evidence and uploader of one box."""

    def __init__(self, folder: Path, url: str, clock: ManualClock) -> None:
        self.outbox = Outbox(folder / "outbox.db", clock)
        self.store = EvidenceStore(folder / "evidence", SystemDisk())
        self.queue = UploadQueue(self.outbox.database, clock)
        self.http = httpx.Client(base_url=url, timeout=5)
        self.uploader = Uploader(self.http, KEY, self.queue, self.store.get, clock)

    def file(self, content: bytes, urgency: int = 5) -> str:
        sha256 = self.store.put(content)
        self.outbox.file(make_alert(urgency, sha256=sha256))
        return sha256

    def pending(self) -> list[str]:
        return [file.sha256 for file in self.queue.pending(100)]

    def close(self) -> None:
        self.http.close()
        self.outbox.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime.now(UTC))


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with serving(Gateway()) as gateway:
        yield gateway


@pytest.fixture
def box(tmp_path: Path, gateway: Gateway, clock: ManualClock) -> Iterator[Box]:
    box = Box(tmp_path, gateway.url, clock)
    yield box
    box.close()


def test_puts_every_file_once(box: Box, gateway: Gateway) -> None:
    """Each file arrives whole, the urgent first; once it is there it is not sent again."""
    calm, urgent = box.file(b"calm picture", urgency=2), box.file(b"urgent picture", urgency=9)
    for _ in range(2):
        assert box.uploader.put_pending(Event()) is None
    assert gateway.asked == [urgent, calm]
    assert gateway.kept[urgent] == ("image/jpeg", b"urgent picture")
    assert box.pending() == []


def test_goes_on_after_a_restart(tmp_path: Path, gateway: Gateway, clock: ManualClock) -> None:
    """What was not put before the box ended is put after its start."""
    box = Box(tmp_path, f"http://127.0.0.1:{free_port()}", clock)
    sha256 = box.file(b"picture")
    assert box.uploader.put_pending(Event()) is not None
    box.close()
    box = Box(tmp_path, gateway.url, clock)
    box.uploader.put_pending(Event())
    box.close()
    assert sha256 in gateway.kept


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param(None, "cannot be reached", id="nobody there"),
        pytest.param(401, "does not believe this box (401): the gateway says why", id="401"),
        pytest.param(503, "is in trouble (503): the gateway says why", id="503"),
    ],
)
def test_gateway_in_trouble(
    box: Box, gateway: Gateway, answer: int | None, sentence: str, clock: ManualClock
) -> None:
    """Trouble with the gateway is said once, holds all files back, longer each time, and passes."""
    first = box.file(b"one")
    box.file(b"two")
    gateway.answer = answer
    if answer is None:
        box.http.base_url = httpx.URL(f"http://127.0.0.1:{free_port()}")
    with capture_logs() as logs:
        pauses = [box.uploader.put_pending(Event()) or 0.0 for _ in range(3)]
    assert [log["event"] for log in logs if sentence in log["event"]] == [logs[0]["event"]]
    assert len(logs) == 1
    assert all(low <= pause <= 2 * low for low, pause in zip((1, 2, 4), pauses, strict=True))
    assert set(gateway.asked) <= {first}
    gateway.answer = None
    box.http.base_url = httpx.URL(gateway.url)
    assert box.uploader.put_pending(Event()) is None
    assert box.pending() == []


def test_damaged_on_the_way(box: Box, gateway: Gateway, clock: ManualClock) -> None:
    """A file that is refused for its own sake waits alone, and is tried again later."""
    box.file(b"one")
    gateway.answer = 409
    with capture_logs() as logs:
        assert box.uploader.put_pending(Event()) is None
        gateway.answer = None
        good = box.file(b"two")
        box.uploader.put_pending(Event())
    assert "damaged on its way" in logs[0]["event"]
    assert set(gateway.kept) == {good}
    clock.advance(3)
    box.uploader.put_pending(Event())
    assert box.pending() == []


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        pytest.param("gone", "is gone from this box's disk", id="file deleted by hand"),
        pytest.param("torn", "or damaged there", id="file damaged on the disk"),
        pytest.param("large", "takes no file of this size (413)", id="too large"),
    ],
)
def test_gives_up_what_cannot_arrive(box: Box, gateway: Gateway, case: str, sentence: str) -> None:
    """What can never be delivered is said once, with its hash, and not tried again."""
    sha256 = box.file(b"picture")
    if case == "gone":
        box.store.remove(sha256)
    elif case == "torn":
        box.store.path(sha256).write_bytes(b"pict")
    else:
        gateway.answer = 413
    with capture_logs() as logs:
        for _ in range(2):
            box.uploader.put_pending(Event())
    (said,) = logs
    assert sentence in said["event"]
    assert said["sha256"] == sha256
    assert box.pending() == []


def test_wakes(box: Box, gateway: Gateway) -> None:
    """The running part puts a file soon after its alert is filed, and ends when asked to."""
    stop = Event()
    box.outbox.on_filed(box.uploader.wake)
    thread = threading.Thread(target=box.uploader.run, args=(stop,))
    thread.start()
    sha256 = box.file(b"picture")
    for _ in range(200):
        if box.pending() == []:
            break
        Event().wait(0.05)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert sha256 in gateway.kept
