"""The outbox: filed means stored, delivered means receipted, and nothing leaves in silence."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from edge.testing import ManualClock
from edge.uplink.errors import OutboxError
from edge.uplink.outbox import Outbox
from edge.uplink.rows import Filed, Spent
from edge.uplink.upload import UploadQueue
from tests.edge.alerts import make_alert, make_receipt
from wire import Alert


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def outbox(tmp_path: Path, clock: ManualClock) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db", clock)
    yield made
    made.close()


def queued(outbox: Outbox) -> list[Filed]:
    found = [outbox.get(sha256) for sha256 in outbox.queue(1000)]
    return [filed for filed in found if filed is not None]


def alerts(outbox: Outbox) -> list[Alert]:
    return [Alert.from_bytes(filed.payload) for filed in queued(outbox)]


def test_numbers_without_gaps(outbox: Outbox) -> None:
    """Each boot counts its alerts from 0, in the order of filing."""
    other = uuid4()
    for boot_id in [None, None, other, None, other]:
        outbox.file(make_alert(boot_id=boot_id) if boot_id else make_alert())
    numbers = [(alert.boot_id == other, alert.sequence) for alert in alerts(outbox)]
    assert numbers == [(False, 0), (False, 1), (True, 0), (False, 2), (True, 1)]


def test_counts_on_after_reopening(tmp_path: Path, clock: ManualClock) -> None:
    """An outbox opened again under the same boot goes on counting."""
    for expected in range(3):
        outbox = Outbox(tmp_path / "outbox.db", clock)
        outbox.file(make_alert())
        assert alerts(outbox)[-1].sequence == expected
        outbox.close()


def test_orders_by_urgency_then_age(outbox: Outbox) -> None:
    """The most urgent goes first, and of two equally urgent ones the older."""
    for urgency in (2, 9, 5, 9, 2):
        outbox.file(make_alert(urgency))
    assert [(a.urgency, a.sequence) for a in alerts(outbox)] == [
        (9, 1),
        (9, 3),
        (5, 2),
        (2, 0),
        (2, 4),
    ]
    assert len(outbox.queue(2)) == 2


def test_age(tmp_path: Path, clock: ManualClock) -> None:
    """Age survives a restart of the program and a set of the time, but not of the machine."""
    outbox = Outbox(tmp_path / "outbox.db", clock)
    outbox.file(make_alert())
    outbox.close()
    clock.advance(40)
    clock.set_time(clock.now() - timedelta(days=400))
    outbox = Outbox(tmp_path / "outbox.db", clock)
    (filed,) = queued(outbox)
    assert filed.age_s(clock) == 40
    assert outbox.health().oldest_s == 40
    clock.reboot()
    assert filed.age_s(clock) is None
    outbox.close()


@pytest.mark.parametrize(
    ("change", "marked"),
    [
        pytest.param({}, True, id="alert and hash agree"),
        pytest.param({"alert_id": uuid4()}, False, id="hash of another alert"),
        pytest.param({"payload_sha256": "0" * 64}, False, id="alert with other bytes"),
    ],
)
def test_mark(outbox: Outbox, change: dict[str, object], marked: bool) -> None:
    """Only a receipt that names both the alert and its bytes marks it, and only once."""
    outbox.file(make_alert())
    receipt = make_receipt(queued(outbox)[0].payload).model_copy(update=change)
    assert outbox.mark(receipt) is marked
    assert outbox.mark(receipt) is False
    assert outbox.health().queued == (0 if marked else 1)
    assert outbox.health().delivered == (1 if marked else 0)
    assert (outbox.queue(10) == []) is marked


def test_spent(outbox: Outbox, clock: ManualClock) -> None:
    """A delivered alert is spent once its evidence is settled; files shared with others stay."""
    uploads = UploadQueue(outbox.database, clock)
    for sha256 in ("a" * 64, "a" * 64, "b" * 64):
        outbox.file(make_alert(sha256=sha256))
    first, second, third = queued(outbox)
    assert [file.sha256 for file in uploads.pending(10)] == ["a" * 64, "b" * 64]
    for filed in (first, third):
        outbox.mark(make_receipt(filed.payload))
        clock.advance(1)
    assert outbox.spent(10) == []
    uploads.settle("a" * 64)
    uploads.settle("b" * 64, "the file is gone")
    assert outbox.spent(10, delivered_before=clock.now() - timedelta(hours=1)) == []
    one, two = outbox.spent(10)
    assert (one.evidence, two.evidence) == ((), ("b" * 64,))
    for spent in (one, two):
        outbox.forget(spent)
    assert outbox.spent(10) == []
    assert [filed.sha256 for filed in queued(outbox)] == [second.sha256]
    assert outbox.names_evidence("a" * 64)
    assert not outbox.names_evidence("b" * 64)


def test_undelivered_is_never_forgotten(outbox: Outbox) -> None:
    """Even asked to, the outbox does not delete an alert without a receipt."""
    outbox.file(make_alert())
    with outbox.database.reading() as connection:
        (row,) = connection.execute("SELECT id FROM alert").fetchone()
    outbox.forget(Spent(row, ()))
    assert outbox.health().queued == 1


def test_write_by_write(tmp_path: Path, clock: ManualClock) -> None:
    """Whichever write to the disk fails, what was stored stays, and the new alert is held."""
    faults, more = 0, 0
    while faults == more:  # the log may grow by so many half-kilobytes, until one alert fits
        path = tmp_path / str(more) / "outbox.db"
        outbox = Outbox(path, clock)
        outbox.file(make_alert(sha256="a" * 64))
        log_bytes = path.with_name("outbox.db-wal").stat().st_size
        with file_size_limit(log_bytes + 512 * more), capture_logs() as logs:
            outbox.file(make_alert(sha256="b" * 64))
        assert [alert.sequence for alert in alerts(outbox)] == [0, 1]
        assert outbox.health().queued == 2
        if logs:
            faults += 1
            assert "make room on the disk" in logs[0]["event"]
            died = Outbox(path, clock)  # as a power cut would leave it
            assert [alert.sequence for alert in alerts(died)] == [0]
            died.close()
            assert outbox.retry() == 0
        outbox.close()
        outbox = Outbox(path, clock)
        assert [alert.sequence for alert in alerts(outbox)] == [0, 1]
        outbox.close()
        more += 1
    assert faults >= 8


def test_full_disk_receipts(tmp_path: Path, clock: ManualClock) -> None:
    """On a full disk a held alert is delivered from memory, and a stored one is marked later."""
    outbox = Outbox(tmp_path / "outbox.db", clock)
    outbox.file(make_alert())
    with file_size_limit((tmp_path / "outbox.db-wal").stat().st_size):
        outbox.file(make_alert())
        for filed in queued(outbox):
            assert outbox.mark(make_receipt(filed.payload))
        assert outbox.queue(10) == []
        assert outbox.health().queued == 0
        assert outbox.retry() == 1
    assert outbox.retry() == 0
    outbox.close()
    outbox = Outbox(tmp_path / "outbox.db", clock)
    assert (outbox.health().queued, outbox.health().delivered) == (0, 1)
    outbox.close()


@pytest.mark.parametrize("after", [1, 2, 33], ids=lambda n: f"killed after {n} alerts")
def test_kill(tmp_path: Path, clock: ManualClock, after: int) -> None:
    """A box that is killed in the middle of filing has every alert that it said was filed."""
    for _ in range(2):
        child = subprocess.Popen(
            [sys.executable, "-c", _FILES_FOR_EVER, str(tmp_path / "outbox.db"), str(uuid4())],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert child.stdout is not None
        said = [child.stdout.readline().split() for _ in range(after)]
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        said += [line.split() for line in child.stdout.read().splitlines(keepends=True)]
        child.stdout.close()
        boot_id = UUID(said[0][0].decode())
        outbox = Outbox(tmp_path / "outbox.db", clock)
        found = [alert for alert in alerts(outbox) if alert.boot_id == boot_id]
        outbox.close()
        assert [a.sequence for a in found] == list(range(len(found)))
        assert {line[1].decode() for line in said if len(line) == 2} <= {
            str(a.alert_id) for a in found
        }


def test_damaged_file(tmp_path: Path, clock: ManualClock) -> None:
    """A damaged outbox is kept for a person to look at, said, and a new one is begun."""
    path = tmp_path / "outbox.db"
    for number in (1, 2):
        path.write_bytes(b"this is no database" * 500)
        with capture_logs() as logs:
            outbox = Outbox(path, clock)
        outbox.file(make_alert())
        outbox.close()
        assert f"outbox.db.damaged-{number}" in logs[0]["event"]
        assert (tmp_path / f"outbox.db.damaged-{number}").read_bytes()[:4] == b"this"


def test_torn_middle(tmp_path: Path, clock: ManualClock) -> None:
    """Pages damaged in the middle of the file are found at the latest when the queue is read."""
    path = tmp_path / "outbox.db"
    outbox = Outbox(path, clock)
    for _ in range(50):
        outbox.file(make_alert())
    outbox.close()
    torn = bytearray(path.read_bytes())
    torn[4096:] = b"\xa5" * (len(torn) - 4096)
    path.write_bytes(bytes(torn))
    with capture_logs() as logs:
        outbox = Outbox(path, clock)
    outbox.file(make_alert())
    outbox.close()
    assert "damaged" in logs[0]["event"]


def test_unreadable_while_running(tmp_path: Path, clock: ManualClock) -> None:
    """When the disk under a running box goes bad, new alerts are held and still sent."""
    path = tmp_path / "outbox.db"
    outbox = Outbox(path, clock)
    for _ in range(50):
        outbox.file(make_alert())
    outbox.close()
    outbox = Outbox(path, clock)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))
    with capture_logs() as logs:
        outbox.file(make_alert())
        (sha256,) = outbox.queue(100)
    filed = outbox.get(sha256)
    assert filed is not None
    assert outbox.mark(make_receipt(filed.payload))
    assert outbox.queue(100) == []
    unstored, unread = (str(log["event"]) for log in logs if log["log_level"] != "debug")
    assert "an alert cannot be stored" in unstored
    assert "the outbox cannot be read" in unread
    outbox.close()


@pytest.mark.parametrize("case", ["later version", "no folder"])
def test_cannot_open(tmp_path: Path, clock: ManualClock, case: str) -> None:
    """What cannot be used is refused in one sentence that names the file, and left as it is."""
    path = tmp_path / "outbox.db"
    if case == "later version":
        Outbox(path, clock).close()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 7")
        connection.close()
    else:
        (tmp_path / "file").write_text("in the way")
        path = tmp_path / "file" / "outbox.db"
    with pytest.raises(OutboxError, match=r"outbox\.db: the outbox cannot be opened"):
        Outbox(path, clock)


def test_tells_listeners(outbox: Outbox) -> None:
    """Whoever sends hears of every filing."""
    heard: list[int] = []
    outbox.on_filed(lambda: heard.append(outbox.health().queued))
    outbox.file(make_alert())
    outbox.file(make_alert())
    assert heard == [1, 2]


@contextmanager
def file_size_limit(size_bytes: int) -> Iterator[None]:
    """No file of this process can grow beyond that size: the write that would fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


_FILES_FOR_EVER = """
import sys
from pathlib import Path
from uuid import UUID
from edge.uplink.clock import SystemClock
from edge.uplink.outbox import Outbox
from tests.edge.alerts import make_alert

outbox = Outbox(Path(sys.argv[1]), SystemClock())
while True:
    alert = make_alert(boot_id=UUID(sys.argv[2]))
    outbox.file(alert)
    print(alert.boot_id, alert.alert_id, flush=True)
"""
