"""What explains alerts is bounded in memory and on disk, stops nothing, and is found again."""

from __future__ import annotations

import errno
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from typer.testing import CliRunner

from edge.errors import ConfigError
from edge.evidence.disk import SystemDisk
from edge.explain.folder import (
    KEEP_S,
    ExplainedFolder,
    UnexplainedError,
    WrittenFolder,
)
from edge.explain.keyframes import KeyFrames
from edge.ids import uuid7
from edge.testing import FaultyDisk, PowerCut
from edge.video.frame import Frame
from edge.vision.scene import Looks, Scene, Thing, Track
from sanse.commands.edge import app
from tests.edge.alerts import AT, make_alert
from wire import Sentence

JPEG = b"\xff\xd8 a picture"
WALKER = Track(1, (10.0, 10.0, 30.0, 60.0), "person", 0.0, 0.0, 50.0, 0.0, True)


def scene(at_s: float, *tracks: Track, things: tuple[Thing, ...] = ()) -> Scene:
    noise = np.random.default_rng(int(at_s) % 5).integers(0, 256, (48, 64, 3), np.uint8)
    frame = Frame(noise, AT + timedelta(seconds=at_s), at_s, int(at_s * 10))
    return Scene(frame, np.empty((0, 4), np.float32), True, tracks, things)


def bag(appeared_s: float) -> Thing:
    box = (20.0, 20.0, 30.0, 30.0)
    return Thing(1, box, appeared_s, appeared_s, True, True, 100, 0.9, 0.1, Looks())


def test_memory_is_bounded_for_weeks() -> None:
    """Recent pictures lie seconds apart, old ones hours; the very first is never given up."""
    kept = KeyFrames(most_bytes=200_000)
    times = [*np.arange(0, 14 * 86400, 1800.0), *np.arange(14 * 86400, 14 * 86400 + 300, 1.0)]
    for at_s in times:
        kept.see(scene(float(at_s), WALKER))
        assert kept.size_bytes <= 200_000
    at = np.array([frame.at_s for frame in kept.all()])
    assert at[0] == 0
    assert at[-1] == times[-1]
    ages = times[-1] - at
    apart = -np.diff(ages)
    assert apart[ages[1:] < 15].max() <= 3
    assert apart[0] > 3600
    assert kept.size_bytes == sum(len(frame.jpeg) for frame in kept.all())


def test_what_came_and_stands_is_remembered_better() -> None:
    """Around the time when a thing came, pictures stay that elsewhere would go."""
    kept = KeyFrames(most_bytes=300_000)
    for at_s in range(600):
        things = (bag(100.0),) if at_s > 103 else ()
        kept.see(scene(float(at_s), WALKER, things=things))
    near = [frame.at_s for frame in kept.all() if abs(frame.at_s - 100) <= 2]
    others = [frame.at_s for frame in kept.all() if abs(frame.at_s - 150) <= 2]
    assert len(near) > len(others)
    assert len(near) >= 3


def test_a_still_street_is_looked_at_less_often() -> None:
    """Where nothing moves, a picture every five seconds is enough; never more than one a second."""
    still, moving = KeyFrames(), KeyFrames()
    for k in range(600):
        still.see(scene(k / 10))
        moving.see(scene(k / 10, WALKER))
    assert len(still.all()) == 12
    assert len(moving.all()) == 60


def test_paths_are_bounded() -> None:
    """Whoever stays for hours has a path of few steps, and old tracks are forgotten."""
    kept = KeyFrames()
    for at_s in range(500):
        one = Track(at_s, WALKER.xyxy, "person", 0.0, 0.0, 50.0, 0.0, True)
        kept.see(scene(float(at_s), Track(-1, *_rest(WALKER)), one))
    assert len(kept._paths) <= 200
    assert all(len(path) <= 64 for path in kept._paths.values())


def _rest(
    track: Track,
) -> tuple[tuple[float, float, float, float], str, float, float, float, float, bool]:
    return (
        track.xyxy,
        track.label,
        track.since_s,
        track.seen_s,
        track.traveled_px,
        track.rests_since_s,
        track.seen,
    )


def test_a_picture_comes_back_with_its_alert(tmp_path: Path) -> None:
    """Byte for byte, and nothing else lies there."""
    alert, folder = make_alert(), ExplainedFolder(tmp_path / "explained", SystemDisk())
    folder.put(alert, JPEG)
    assert folder.get(alert.alert_id) == (alert, JPEG)
    assert {path.suffix for path in (tmp_path / "explained").iterdir()} == {".jpg", ".json"}


def test_a_week_is_kept(tmp_path: Path) -> None:
    """What is older goes when the next one comes, and the sentence says why."""
    now_s = [datetime.now(UTC).timestamp()]
    folder = ExplainedFolder(tmp_path, SystemDisk(), now_s=lambda: now_s[0])
    old, new = make_alert(alert_id=uuid7(datetime.now(UTC))), make_alert()
    folder.put(old, JPEG)
    now_s[0] += KEEP_S + 60
    folder.put(new, JPEG)
    with pytest.raises(UnexplainedError, match="no picture is kept any more; they stay 7 days"):
        folder.get(old.alert_id)


def test_bytes_are_bounded(tmp_path: Path) -> None:
    """A box that alerts without end keeps the newest, within the bound."""
    folder = ExplainedFolder(tmp_path, SystemDisk(), most_bytes=50_000)
    alerts = [make_alert() for _ in range(20)]
    for alert in alerts:
        folder.put(alert, b"x" * 8000)
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 50_000
    assert folder.get(alerts[-1].alert_id)[1] == b"x" * 8000
    with pytest.raises(UnexplainedError):
        folder.get(alerts[0].alert_id)


def test_a_full_disk_stops_nothing(tmp_path: Path) -> None:
    """Below what is left free for alerts, no picture is written, and nothing is raised."""
    folder = ExplainedFolder(tmp_path, FaultyDisk.small(1000), keep_free_bytes=1000)
    alert = make_alert()
    folder.put(alert, JPEG)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UnexplainedError):
        folder.get(alert.alert_id)


@pytest.mark.parametrize("fails_at", range(1, 5), ids="write or rename {}".format)
def test_a_failing_disk_leaves_no_half_picture(tmp_path: Path, fails_at: int) -> None:
    """Whichever call fails, by fault or power cut, nothing torn is taken for a picture."""
    alert = make_alert()
    fault = OSError(errno.EIO, "Input/output error")
    ExplainedFolder(tmp_path, FaultyDisk(fails_at, fault)).put(alert, JPEG)
    with pytest.raises(UnexplainedError):
        ExplainedFolder(tmp_path, SystemDisk()).get(alert.alert_id)
    with pytest.raises(PowerCut):
        ExplainedFolder(tmp_path, FaultyDisk(fails_at, PowerCut())).put(alert, JPEG)
    with pytest.raises(UnexplainedError):
        ExplainedFolder(tmp_path, SystemDisk()).get(alert.alert_id)


def test_a_folder_in_the_way_stops_nothing(tmp_path: Path) -> None:
    """On a box a folder that cannot be made costs the picture alone; a replay says it at once."""
    (tmp_path / "explained").write_text("in the way")
    ExplainedFolder(tmp_path / "explained", SystemDisk()).put(make_alert(), JPEG)
    with pytest.raises(ConfigError, match="--explain"):
        WrittenFolder(tmp_path / "explained")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "box.toml"
    path.write_text('[box]\nstate_dir = "state"\n')
    return path


def run(*argv: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["explain", *map(str, argv)])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_writes_the_picture_and_tells_the_reasons(config: Path) -> None:
    """In both languages, one reason a line, and where the picture is."""
    why = Sentence(zh="离开后物品停留 60 秒", en="It has stayed 60 s since")
    alert = make_alert().model_copy(update={"reasons": (why,)})
    ExplainedFolder(config.parent / "state" / "explained", SystemDisk()).put(alert, JPEG)
    out = config.parent / "why.jpg"
    code, said, err = run(str(alert.alert_id), "--config", config, "--out", out)
    assert (code, err) == (0, "")
    assert out.read_bytes() == JPEG
    head, reason, path = said.splitlines()
    assert "偷倒垃圾 Dumping, East gate" in head
    assert reason == " 1 离开后物品停留 60 秒 · It has stayed 60 s since"
    assert path == str(out)


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        pytest.param("yesterday", "is no alert's id", id="no id"),
        pytest.param(str(uuid4()), "holds no picture of it", id="unknown"),
        pytest.param(
            str(uuid7(datetime(2025, 3, 9, tzinfo=UTC))),
            "this alert is of 2025-03-09",
            id="expired",
        ),
    ],
)
def test_the_command_refuses_in_one_sentence(config: Path, alert: str, said: str) -> None:
    """What is not there is said with what to do, exit code 2, and nothing is written."""
    before = sorted(config.parent.iterdir())
    code, out, err = run(alert, "--config", config)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert said in err
    assert sorted(config.parent.iterdir()) == before


def test_the_command_says_where_it_cannot_write(config: Path) -> None:
    """A slip in --out loses nothing."""
    alert = make_alert(alert_id=UUID(int=9))
    ExplainedFolder(config.parent / "state" / "explained", SystemDisk()).put(alert, JPEG)
    code, _, err = run(str(alert.alert_id), "--config", config, "--out", config / "a.jpg")
    assert code == 2
    assert re.search(r"--out .*a\.jpg: Not a directory", err)
