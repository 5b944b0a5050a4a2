"""``sanse edge replay`` as it is pinned: its lines, its words and its exit codes."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from edge.config import load_config
from edge.replay import PrintingOutbox, ReplaySettings, replay
from edge.video.source import parse_source
from sanse.defaults import demo_clip
from tests.edge.tiny_clips import torn, write_clip, write_picture
from wire import Alert, sha256_of

ROOT = Path(__file__).parents[2]
GOLDEN = Alert.from_bytes((ROOT / "tests/golden/alert.json").read_bytes())


def sanse_edge(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs it as a shell would, from another folder than the project's."""
    return subprocess.run(
        [sys.executable, "-m", "sanse.commands.edge", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def nothing(path: Path) -> None:
    """The path stays empty."""


def text(path: Path) -> None:
    path.write_text("hello\n")


def whole(path: Path) -> None:
    write_clip(path, frames=30)


def torn_mp4(path: Path) -> None:
    torn(write_clip(path.with_name("w.mp4"), frames=60), 0.6).replace(path)


def torn_avi(path: Path) -> None:
    torn(write_clip(path.with_name("w.avi"), frames=60), 0.6).replace(path)


@pytest.mark.parametrize(
    ("write", "code", "said"),
    [
        pytest.param(whole, 0, "30 frames, 2.9 s of footage", id="whole"),
        pytest.param(nothing, 2, "a.clip: does not exist", id="missing"),
        pytest.param(Path.touch, 2, "a.clip: is empty", id="empty"),
        pytest.param(text, 2, "a.clip: is no video", id="text"),
        pytest.param(Path.mkdir, 2, "a.clip: is a folder without pictures", id="empty folder"),
        pytest.param(torn_mp4, 3, "a.clip: breaks off after", id="torn mp4"),
        pytest.param(torn_avi, 3, "a.clip: breaks off after", id="torn avi"),
    ],
)
def test_exit_codes(tmp_path: Path, write: Callable[[Path], object], code: int, said: str) -> None:
    """0 without an alert, 2 for unusable, 3 for broken off: in a line or two, nothing on stdout."""
    name = "a.mp4" if write is whole else "a.clip"
    write(tmp_path / name)
    done = sanse_edge("replay", name, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert 1 <= len(done.stderr.splitlines()) <= 4
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["--start", "2026-11-20T23:30:00"], "want a time with an offset", id="no offset"
        ),
        pytest.param(["--start", "yesterday"], "want a time with an offset", id="no time"),
        pytest.param(["--set", "dumping.stay=1"], "dumping.stay: no such key", id="unknown key"),
        pytest.param(["--config", "none.toml"], "none.toml: cannot be read", id="no config"),
        pytest.param(
            ["--set", "detector.onnx=none.onnx"], "none.onnx: cannot be read", id="no model"
        ),
        pytest.param(["--out", "none/alerts"], "--out none/alerts: No such file", id="no folder"),
    ],
)
def test_refuses_slips(tmp_path: Path, arguments: Sequence[str], said: str) -> None:
    """A slip on the command line is exit code 2 and one sentence."""
    write_clip(tmp_path / "a.mp4", frames=3)
    done = sanse_edge("replay", "a.mp4", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_the_decoder_too(tmp_path: Path) -> None:
    """Interrupted in the middle, it leaves no child behind."""
    write_clip(tmp_path / "a.avi", frames=600)
    process = subprocess.Popen(
        [sys.executable, "-m", "sanse.commands.edge", "replay", "a.avi"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    deadline_s = time.monotonic() + 30
    children: list[int] = []
    while not children and time.monotonic() < deadline_s:
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        children = [int(pid) for pid in listed.split()]
    assert children
    process.send_signal(signal.SIGINT)
    assert process.wait(20) != 0
    # Interrupted while it starts, the child notices by itself that nobody reads any more.
    while Path(f"/proc/{children[0]}").exists():
        assert time.monotonic() < deadline_s + 30


def test_lines_are_the_payload_of_the_wire() -> None:
    """Numbered from 0 in the order of filing; later revisions only when asked for."""
    update = GOLDEN.model_copy(update={"revision": 1, "phase": "updated"})
    for updates, want in ((False, [GOLDEN]), (True, [GOLDEN, update])):
        lines: list[bytes] = []
        outbox = PrintingOutbox(lines.append, updates)
        outbox.file(GOLDEN)
        outbox.file(update)
        read = [Alert.from_bytes(line) for line in lines]
        assert [alert.sequence for alert in read] == list(range(len(want)))
        assert [alert.model_copy(update={"sequence": 0}) for alert in read] == [
            alert.model_copy(update={"sequence": 0}) for alert in want
        ]
        assert all(b"\n" not in line for line in lines)
        assert outbox.printed == len(want)


@pytest.mark.slow
def test_an_alert_of_a_whole_clip(tmp_path: Path) -> None:
    """The demonstration clip: one line, timed by its frame, placed in it, with its snapshot."""
    started_at = datetime.fromisoformat("2026-11-20T23:30:00+08:00")
    done = sanse_edge(
        *("replay", demo_clip(), "--start", started_at.isoformat()),
        *("--set", "dumping.stay_s=10", "--set", "cameras.0.camera_id=yard"),
        *("--out", "alerts.jsonl", "--evidence", "kept"),
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert ", 1 alert" in done.stderr
    (line,) = (tmp_path / "alerts.jsonl").read_bytes().splitlines()
    alert = Alert.from_bytes(line)
    assert alert.to_bytes() == line
    assert (alert.scenario, alert.phase, alert.camera_id) == ("dumping", "opened", "yard")
    assert alert.footage == "recording"
    assert 10 < (alert.captured_at - started_at).total_seconds() < 60
    # 23:30 by the clock of --start, though 15:30 UTC.
    assert alert.facts.night
    left, top, right, bottom = alert.region.xyxy
    width, height = alert.region.frame_wh
    assert 0 < (right - left) * (bottom - top) < 0.1 * width * height
    (item,) = alert.evidence.items
    assert (
        sha256_of((tmp_path / "kept" / item.sha256[:2] / item.sha256).read_bytes()) == item.sha256
    )


@pytest.mark.slow
def test_trace_tells_what_another_threshold_does(tmp_path: Path) -> None:
    """With a longer stay the demonstration clip's alert is a near miss, told at the clip's end."""
    done = sanse_edge(
        *("replay", demo_clip(), "--start", "2026-11-20T23:30:00+08:00"),
        *("--set", "dumping.stay_s=45", "--trace"),
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (0, "")
    missed = [line for line in done.stderr.splitlines() if "dumping stay-too-short" in line]
    assert any(re.search(r"stayed [23]\d of 45 s", line) for line in missed)
    assert all(line.startswith("2026-11-20T23:30:") for line in missed)


def test_progress_is_told_frame_by_frame(tmp_path: Path) -> None:
    """Frames so far, frames in all, alerts so far."""
    clip = write_clip(tmp_path / "a.mp4", frames=5)
    settings = ReplaySettings(parse_source(str(clip)), load_config(None))
    told: list[tuple[int, int | None, int]] = []
    replay(settings, lambda line: None, lambda *state: told.append(state))
    assert told == [(number, 5, 0) for number in range(1, 6)]


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    """A folder is looked at like a clip, and its start is nobody's guess."""
    for number in range(3):
        write_picture(tmp_path / f"{number}.png", number)
    done = sanse_edge("replay", tmp_path, cwd=tmp_path)
    assert done.returncode == 0
    assert "3 frames, 2.0 s of footage" in done.stderr
    assert "start unknown" in done.stderr


@pytest.mark.parametrize("command", ["replay", "run", "key"])
def test_help_has_an_example(tmp_path: Path, command: str) -> None:
    """Every command shows how it is used."""
    done = sanse_edge(command, "--help", cwd=tmp_path)
    assert f"Example: sanse edge {command} " in done.stdout
