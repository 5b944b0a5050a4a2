"""The page shows every miss and every false alarm, and stands alone."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.events.__main__ import main
from benchmarks.events.alarms import Alarm
from benchmarks.events.frames import Pixels, frames_of_clips, shown, window
from benchmarks.events.report import Results, System, write_report
from benchmarks.events.rules import Rules
from benchmarks.events.score import score
from benchmarks.events.truth import Clip, Entry, Event, Index

PLACE = (600.0, 400.0, 660.0, 440.0)
CLIP = Clip(
    name="gate <1>",
    scenarios=("dumping",),
    light="night",
    background="composed",
    seconds=600.0,
    began_at=datetime(2026, 3, 4, tzinfo=UTC),
    wh=(1280, 720),
    events=(
        Event("dumping", True, 10.0, 600.0, (), PLACE, 0.3, "A bag stays & rots."),
        Event("dumping", False, 5.0, 600.0, (), (100.0, 100.0, 160.0, 140.0), 0.0, "The crew."),
    ),
)
REAL = replace(CLIP, name="real", background="real", events=CLIP.events[:1])
FOUND = {"gate <1>": [Alarm("dumping", 82.0, PLACE)]}
FOOLED = {"gate <1>": [Alarm("dumping", 30.0, (100.0, 100.0, 160.0, 140.0))]}


def page(out: Path, clips: Sequence[Clip], *raised: dict[str, list[Alarm]]) -> str:
    systems = tuple(
        System(f"v{k}", score(clips, alarms, Rules())) for k, alarms in enumerate(raised, 1)
    )
    return write_report(Results("Results", systems, Rules()), out, frame_of).read_text("utf-8")


def frame_of(clip: str, t_s: float) -> Pixels | None:
    return None if clip == "real" else np.full((720, 1280, 3), int(t_s) % 255, np.uint8)


def test_page(tmp_path: Path) -> None:
    """Two systems side by side: figures, words and a picture of what each got wrong."""
    text = page(tmp_path, [CLIP, REAL], FOUND, FOOLED)
    assert "1 of 1; <span>21–100" in text
    assert "A bag stays &amp; rots." in text
    assert "Only looks like one: The crew." in text
    assert "gate &lt;1&gt;" in text
    assert "gate <1>" not in text
    assert text.index("Drawn streets") < text.index("Real footage")
    pictures = re.findall(r'src="(pictures/[^"]+)"', text)
    assert len(pictures) == 4
    assert all(cv2.imread(str(tmp_path / name)) is not None for name in pictures)
    assert text.count("no picture") == 3


def test_worst_with_remarks(tmp_path: Path) -> None:
    """The page ends with the largest misses, the surest false alarms, and what a person saw."""
    small = replace(CLIP.events[0], begin_s=200.0, end_s=300.0, area_m2=0.1, reason="A cup.")
    clip = replace(CLIP, events=(small, *CLIP.events))
    alarms = [Alarm("dumping", t, (100.0, 100.0, 160.0, 140.0), t / 100) for t in (30.0, 50.0)]
    system = System("v1", score([clip], {clip.name: alarms}, Rules()))
    remarks = {"gate <1> dumping 10": "Hidden by the gate & its lamp."}
    results = Results("Results", (system,), Rules(), remarks=remarks)
    text = write_report(results, tmp_path, frame_of).read_text("utf-8")
    worst = text[text.index("The worst, looked at") :]
    assert worst.index("rots") < worst.index("A cup.")
    assert worst.index("at 50.0 s") < worst.index("at 30.0 s")
    assert "Hidden by the gate &amp; its lamp." in worst
    assert worst.count("class=remark") == 1


def test_worst_without_remarks(tmp_path: Path) -> None:
    """Nobody is said to have looked where nobody left a word."""
    text = page(tmp_path, [CLIP], FOOLED)
    assert "<h2>The worst <small>" in text
    assert "looked at" not in text


def test_stands_alone(tmp_path: Path) -> None:
    """The page asks for nothing but its own pictures, and its figures take the page's colors."""
    text = page(tmp_path, [CLIP], FOUND)
    asked = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert [to for to in asked if not to.startswith(("pictures/", "#"))] == []
    assert "var(--s1)" in text
    assert re.search(r"#0[0-9]0[0-9]0[0-9]", text) is None


def test_figures_as_json(tmp_path: Path) -> None:
    """The figures stand beside the page for machines, null where a question was never asked."""
    page(tmp_path, [CLIP], FOUND, {})
    told = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert told["v1"][0]["recall"] == 1.0
    assert (told["v2"][0]["recall"], told["v2"][0]["precision"]) == (0.0, None)
    assert told["v1"][0]["confidence"] is None, "its alerts claim nothing"


def test_same_figures_same_page(tmp_path: Path) -> None:
    """The same results are the same bytes."""
    assert page(tmp_path / "a", [CLIP], FOUND) == page(tmp_path / "b", [CLIP], FOUND)


def test_no_clips(tmp_path: Path) -> None:
    """Nothing judged is said, not drawn."""
    assert "No clips were judged." in page(tmp_path, [], {})


@pytest.mark.parametrize("count", [0, 5])
def test_how_many_systems(count: int) -> None:
    """One to four systems fit side by side."""
    with pytest.raises(ValueError, match=f"{count} systems: want 1 to 4"):
        Results("Results", (System("v", ()),) * count, Rules())


def test_picture_holds_its_boxes() -> None:
    """The part shown holds truth and alert, in the picture's own shape, and marks them."""
    left, top, right, bottom = window((1280, 720), (PLACE, (1200.0, 600.0, 1280.0, 720.0)))
    assert left <= 600
    assert (right, bottom) == (1280, 720)
    assert (right - left) / (bottom - top) == pytest.approx(16 / 9, abs=0.01)
    assert window((1280, 720), (None, None)) == (0, 0, 1280, 720)
    assert shown(np.zeros((720, 1280, 3), np.uint8), PLACE, None).any()


def test_pictures_of_a_time_lapse(tmp_path: Path) -> None:
    """Of a time-lapse the look nearest to a time is shown; of what is not there, none."""
    (tmp_path / "roof").mkdir()
    for name, gray in (("20260303T170000Z", 10), ("20260304T050000Z", 200)):
        picture = np.full((36, 64, 3), gray, np.uint8)
        cv2.imwrite(str(tmp_path / "roof" / f"{name}.jpg"), picture)
    roof = replace(CLIP, name="roof", began_at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    by_truth, by_first = frames_of_clips(tmp_path, [roof]), frames_of_clips(tmp_path)
    told = [frame_of("roof", 8 * 3600.0) for frame_of in (by_truth, by_first)]
    assert [int(picture[0, 0, 0]) for picture in told if picture is not None] == [10, 200]
    assert by_truth("yard", 0.0) is None


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From an index, truths and alerts to a page; a missing file of alerts is told."""
    entry = Entry("gate", "gate.truth.json", ("dumping",), "day", "composed")
    (tmp_path / "index.json").write_text(Index("events", 1, (entry,)).to_json(), "utf-8")
    head = {"truth": "clip", "version": 1, "at": "2026-03-04T01:20:00+08:00", "wh": [64, 36]}
    head |= {"fps": 10, "frames": 600}
    (tmp_path / "gate.truth.json").write_text(json.dumps(head) + "\n", "utf-8")
    given = [str(tmp_path / "index.json"), "--clips", str(tmp_path), "--out", str(tmp_path / "out")]
    given += ["--alerts", f"0.2={tmp_path}"]
    assert main(given) == 1
    assert "gate.jsonl: cannot be read" in capsys.readouterr().err
    (tmp_path / "gate.jsonl").write_text('{"scenario":"dumping","t_s":5}\n', "utf-8")
    assert main(given) == 0
    assert "The alert tells no place." in (tmp_path / "out" / "index.html").read_text("utf-8")
