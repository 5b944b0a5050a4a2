"""Evidence: on the disk before the alert, whole or not there, and never in the way of an alert."""

import errno
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from structlog.testing import capture_logs

from edge.evidence.disk import SystemDisk
from edge.evidence.redaction import redacted
from edge.evidence.snapshot import SnapshotWitness
from edge.evidence.store import EvidenceStore
from edge.testing import FaultyDisk, PowerCut
from edge.video.frame import Pixels
from tests.edge.alerts import make_finding, make_scene
from wire import Evidence, sha256_of

PERSON = (60.0, 40.0, 100.0, 160.0)


def street() -> Pixels:
    picture = np.full((240, 320, 3), 90, np.uint8)
    cv2.rectangle(picture, (140, 160), (180, 200), (20, 30, 30), -1)
    cv2.circle(picture, (80, 60), 14, (150, 180, 220), -1)
    return picture


def keep(disk: SystemDisk | FaultyDisk, folder: Path, reserve_bytes: int = 0) -> Evidence:
    witness = SnapshotWitness(EvidenceStore(folder, disk), reserve_bytes)
    return witness.keep(make_scene(street(), [PERSON]), make_finding())


def test_keeps_a_snapshot(tmp_path: Path) -> None:
    """The file is a JPEG of the frame with heads blurred, under the name that the alert gives."""
    evidence = keep(SystemDisk(), tmp_path)
    (item,) = evidence.items
    content = EvidenceStore(tmp_path, SystemDisk()).get(item.sha256)
    assert content is not None
    assert (sha256_of(content), len(content)) == (item.sha256, item.size_bytes)
    stored = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    expected = redacted(street(), np.array([PERSON], np.float32))
    assert stored is not None
    assert np.abs(stored.astype(int) - expected).mean() < 2
    assert np.abs(stored.astype(int) - street()).max() > 30


def test_keeps_the_picture_from_before(tmp_path: Path) -> None:
    """Beside the snapshot; where only that one finds room, the alert names it alone."""
    finding = replace(make_finding(), before=b"an earlier JPEG")
    scene = make_scene(street(), [PERSON])
    store = EvidenceStore(tmp_path / "all", SystemDisk())
    items = SnapshotWitness(store, 0).keep(scene, finding).items
    assert [item.kind for item in items] == ["snapshot", "before"]
    assert store.get(items[1].sha256) == b"an earlier JPEG"
    full = FaultyDisk(3, OSError(errno.ENOSPC, "No space left on device"))
    with capture_logs() as logs:
        evidence = SnapshotWitness(EvidenceStore(tmp_path / "few", full), 0).keep(scene, finding)
    assert [item.kind for item in evidence.items] == ["snapshot"]
    assert "No space left on device" in logs[0]["event"]


def test_same_picture_is_one_file(tmp_path: Path) -> None:
    """Two alerts of one frame share one file."""
    assert keep(SystemDisk(), tmp_path) == keep(SystemDisk(), tmp_path)
    assert len(list(EvidenceStore(tmp_path, SystemDisk()).names())) == 1


@pytest.mark.parametrize("fails_at", [1, 2], ids=["the write", "the rename"])
def test_full_disk(tmp_path: Path, fails_at: int) -> None:
    """Whatever fails for want of space, the alert goes all the same and says why in words."""
    disk = FaultyDisk(fails_at, OSError(errno.ENOSPC, "No space left on device"))
    with capture_logs() as logs:
        evidence = keep(disk, tmp_path)
    assert evidence.state == "unavailable"
    assert evidence.reason == "the snapshot could not be stored: No space left on device"
    assert "goes without evidence" in logs[0]["event"]
    assert list(EvidenceStore(tmp_path, disk).names()) == []
    disk.mend()
    assert keep(disk, tmp_path).state == "stored"


def test_power_cuts(tmp_path: Path) -> None:
    """Cut the power at write 1, write 2, …: what has a final name is whole, the rest is swept."""
    fails_at, cut = 0, True
    while cut:
        fails_at += 1
        folder = tmp_path / str(fails_at)
        keep(SystemDisk(), folder)
        disk = FaultyDisk(fails_at, PowerCut())
        witness = SnapshotWitness(EvidenceStore(folder, disk), 0)
        with suppress(PowerCut):
            witness.keep(make_scene(255 - street(), [PERSON]), make_finding())
        cut = disk.failed
        store = EvidenceStore(folder, SystemDisk())
        store.sweep_parts()
        names = list(store.names())
        assert all(store.get(name) is not None for name in names)
        assert len(names) == (1 if cut else 2)
        assert list(folder.glob("*.part")) == []
    assert fails_at == 3


def test_leaves_room_for_alerts(tmp_path: Path) -> None:
    """Evidence stops where the disk's last room begins, which is kept for alerts."""
    disk = FaultyDisk.small(50_000_100)
    evidence = keep(disk, tmp_path, reserve_bytes=50_000_000)
    assert evidence.state == "unavailable"
    assert evidence.reason.endswith("only 50 MB of disk are free, and those are kept for alerts")
    disk.size_bytes = 60_000_000
    assert keep(disk, tmp_path, reserve_bytes=50_000_000).state == "stored"


@pytest.mark.parametrize("change", [b"", b"other bytes"], ids=["emptied", "overwritten"])
def test_damaged_file(tmp_path: Path, change: bytes) -> None:
    """A file that is no longer what its name says is not given out."""
    (item,) = keep(SystemDisk(), tmp_path).items
    store = EvidenceStore(tmp_path, SystemDisk())
    store.path(item.sha256).write_bytes(change)
    assert store.get(item.sha256) is None
    store.remove(item.sha256)
    store.remove(item.sha256)
    assert list(store.names()) == []
