"""Room on the disk: delivered alerts make way, oldest first, and nothing else does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.care.space import Caretaker
from edge.evidence.store import EvidenceStore
from edge.testing import FaultyDisk, ManualClock
from edge.uplink.outbox import Outbox
from edge.uplink.upload import UploadQueue
from tests.edge.alerts import make_alert, make_receipt

KEEP_FREE = 25
PLENTY = 1_000_000


class Box:
    """An outbox with evidence on a disk whose free space is told by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.disk = FaultyDisk.small(PLENTY)
        self.outbox = Outbox(folder / "outbox.db", self.clock)
        self.store = EvidenceStore(folder / "evidence", self.disk)
        self.uploads = UploadQueue(self.outbox.database, self.clock)
        self.caretaker = Caretaker(self.outbox, self.store, self.clock, 30, KEEP_FREE)

    def file(self, content: bytes, *, delivered: bool, uploaded: bool = True) -> str:
        """An alert with its picture; the picture's hash."""
        sha256 = self.store.put(content)
        self.outbox.file(make_alert(sha256=sha256))
        if delivered:
            filed = self.outbox.get(self.outbox.queue(100)[-1])
            assert filed is not None
            self.outbox.mark(make_receipt(filed.payload))
        if uploaded:
            self.uploads.settle(sha256)
        self.clock.advance(60)
        return sha256

    def files(self) -> set[str]:
        return set(self.store.names())


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    box = Box(tmp_path)
    yield box
    box.outbox.close()


def test_keeps_for_days(box: Box) -> None:
    """Delivered alerts stay 30 days, then go with their files."""
    old = box.file(b"old", delivered=True)
    box.clock.advance(15 * 86_400)
    young = box.file(b"young", delivered=True)
    box.caretaker.look_after()
    assert box.files() == {old, young}
    box.clock.advance(15 * 86_400)
    box.caretaker.look_after()
    assert box.files() == {young}
    assert box.outbox.health().delivered == 1


def test_makes_room(box: Box) -> None:
    """Where space runs out, the oldest delivered ones go first, and only as many as needed."""
    box.disk.size_bytes = 40
    files = [box.file(ten_bytes, delivered=True) for ten_bytes in (b"a" * 10, b"b" * 10, b"c" * 10)]
    box.caretaker.look_after()
    assert box.files() == {files[2]}
    assert box.outbox.health().delivered == 1


@pytest.mark.parametrize(
    ("delivered", "uploaded"),
    [
        pytest.param(False, False, id="no receipt yet"),
        pytest.param(False, True, id="no receipt yet, but its picture has arrived"),
        pytest.param(True, False, id="delivered, but its picture has not arrived"),
    ],
)
def test_never_drops_what_has_not_arrived(box: Box, delivered: bool, uploaded: bool) -> None:
    """However full the disk and old the alert: what the gateway lacks stays, and is said."""
    sha256 = box.file(b"picture", delivered=delivered, uploaded=uploaded)
    box.clock.advance(400 * 86_400)
    box.disk.size_bytes = 0
    with capture_logs() as logs:
        for _ in range(3):
            box.caretaker.look_after()
    health = box.outbox.health()
    assert (health.queued, health.delivered) == (0 if delivered else 1, 1 if delivered else 0)
    assert box.files() == {sha256}
    assert [log["event"] for log in logs] == [
        "only 0 MB of disk are free and nothing here is delivered and can go; make room, or "
        "evidence will be missing"
    ]


def test_sweeps_orphans(box: Box) -> None:
    """A half-written file goes at the start; a whole one that no alert names, after 30 days."""
    box.clock.set_time(datetime.now(UTC))
    named = box.file(b"named", delivered=False)
    nameless = box.store.put(b"stored, but the power went before its alert was filed")
    part = box.store.path(named).parents[1] / "torn.part"
    part.write_bytes(b"half")
    box.caretaker.sweep()
    assert box.files() == {named, nameless}
    assert not part.exists()
    box.clock.advance(31 * 86_400)
    box.caretaker.sweep()
    assert box.files() == {named}


def test_power_cut_while_making_room(box: Box) -> None:
    """Files go before their row; a cut in between leaves a row that the next round deletes."""
    sha256 = box.file(b"picture", delivered=True)
    box.store.remove(sha256)
    box.disk.size_bytes = 0
    box.caretaker.look_after()
    assert (box.outbox.health().delivered, box.files()) == (0, set())
