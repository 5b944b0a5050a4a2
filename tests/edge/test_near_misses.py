"""What all but alerted is kept for a week, in little space, and never stops the box."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from edge.near_misses import MOST_BYTES, Missed, NearMissFolder
from edge.scenarios import dumping_words as words
from edge.scenarios.finding import NearMiss
from sanse.commands.edge import app

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


def miss(at: datetime = AT) -> NearMiss:
    why = words.stayed(41, 60)
    return NearMiss("dumping", "stay-too-short", at, (105.0, 170.0, 130.0, 200.0), why, 0.317)


def fill(folder: Path, at: datetime) -> None:
    (folder / f"{at:%Y-%m-%d}.jsonl").write_bytes(b"x" * MOST_BYTES)


def test_a_near_miss_comes_back_as_it_was(tmp_path: Path) -> None:
    """Numbers, words and time survive the disk; those before the asked time stay out."""
    folder = NearMissFolder(tmp_path / "near-misses")
    for hours in range(4):
        folder.note("yard", miss(AT + timedelta(hours=hours)))
    found = list(folder.since(AT + timedelta(hours=2)))
    assert found == [Missed("yard", miss(AT + timedelta(hours=hours))) for hours in (2, 3)]
    assert found[0].line(UTC) == (
        "2026-11-20T17:30:00+00:00 yard dumping stay-too-short: stayed 41 of 60 s · "
        "停留 41 秒，未满 60 秒 (lacking 32%, at 105,170,130,200)"
    )


def test_a_week_is_kept(tmp_path: Path) -> None:
    """The oldest day goes when a new one begins."""
    folder = NearMissFolder(tmp_path)
    for day in range(30):
        folder.note("yard", miss(AT + timedelta(days=day)))
    kept = [missed.miss.at for missed in folder.since(AT)]
    assert kept == [AT + timedelta(days=day) for day in range(22, 30)]


def test_a_week_is_told_by_date(tmp_path: Path) -> None:
    """Rare near misses are kept no longer than frequent ones, nor is the number left out."""
    folder = NearMissFolder(tmp_path)
    for days in range(0, 16, 3):
        fill(tmp_path, AT + timedelta(days=days))
        folder.note("yard", miss(AT + timedelta(days=days)))
    folder.note("yard", miss(AT + timedelta(days=16)))
    assert sorted({path.stem for path in tmp_path.iterdir()}) == [
        "2026-11-29",
        "2026-12-02",
        "2026-12-05",
        "2026-12-06",
    ]


def test_a_day_has_its_bounds(tmp_path: Path) -> None:
    """A camera gone mad fills no disk; what it leaves out is counted, and said once a day."""
    folder = NearMissFolder(tmp_path)
    with structlog.testing.capture_logs() as said:
        for days in range(2):
            fill(tmp_path, AT + timedelta(days=days))
            for _ in range(3):
                folder.note("yard", miss(AT + timedelta(days=days)))
    assert [line["event"] for line in said] == [
        f"near misses of 2026-11-{day} fill their 1 MB; more of that day are counted"
        for day in (20, 21)
    ]
    again = NearMissFolder(tmp_path)
    again.note("yard", miss())
    assert [again.left_out(AT + timedelta(days=days)) for days in range(3)] == [7, 3, 0]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 2 * MOST_BYTES + 7


def test_a_torn_line_is_passed_over(tmp_path: Path) -> None:
    """A power cut costs the line that it tore."""
    folder = NearMissFolder(tmp_path)
    folder.note("yard", miss())
    (day,) = tmp_path.iterdir()
    day.write_bytes(day.read_bytes() + b'\n{"camera_id":"ya')
    folder.note("gate", miss())
    assert list(folder.since(AT)) == [Missed("yard", miss()), Missed("gate", miss())]


def test_a_disk_that_refuses_stops_nothing(tmp_path: Path) -> None:
    """Where the folder cannot be made, nothing is raised, and it is said once."""
    (tmp_path / "near-misses").write_text("in the way")
    folder = NearMissFolder(tmp_path / "near-misses")
    with structlog.testing.capture_logs() as said:
        for _ in range(3):
            folder.note("yard", miss())
    assert [line["event"] for line in said] == ["near misses cannot be kept: File exists"]
    assert (tmp_path / "near-misses").read_text() == "in the way"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "box.toml"
    path.write_text('[box]\nstate_dir = "state"\n')
    return path


def run(*argv: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["near-misses", *argv])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_what_is_new_enough(config: Path) -> None:
    """One line for each, the oldest first."""
    folder = NearMissFolder(config.parent / "state" / "near-misses")
    now = datetime.now(UTC)
    for hours in (30, 3, 1):
        folder.note("yard", miss(now - timedelta(hours=hours)))
    code, out, err = run("--config", str(config), "--since", "24h")
    assert (code, err) == (0, "")
    assert [line.split()[1:4] for line in out.splitlines()] == [
        ["yard", "dumping", "stay-too-short:"]
    ] * 2
    assert run("--config", str(config), "--since", "2d")[1].count("\n") == 3


def test_the_command_tells_what_was_left_out(config: Path) -> None:
    """The number goes beside the lines, not among them."""
    folder = config.parent / "state" / "near-misses"
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    fill(folder, now)
    for _ in range(2):
        NearMissFolder(folder).note("yard", miss(now))
    code, out, err = run("--config", str(config), "--since", "1d")
    assert (code, out) == (0, "")
    since = now - timedelta(days=1)
    assert err == f"2 more since {since:%Y-%m-%d} (UTC) were left out: a day keeps 1 MB\n"


def test_a_box_without_any(config: Path) -> None:
    """Nothing is printed, and nothing is wrong."""
    assert run("--config", str(config)) == (0, "", "")


@pytest.mark.parametrize("since", ["24", "yesterday", "", "-1h"])
def test_refuses_a_span_that_is_none(config: Path, since: str) -> None:
    """One sentence."""
    code, out, err = run("--config", str(config), f"--since={since}")
    assert (code, out) == (2, "")
    assert "want a number and m, h or d, as 24h" in err
