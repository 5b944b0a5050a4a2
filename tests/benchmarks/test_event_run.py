"""The whole road of the event benchmark: drawn, replayed, scored, shown; and not done twice."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.events.quiet import write_quiet
from benchmarks.events.run import main, tenth
from benchmarks.events.truth import Background, Entry, Index, Light

SCRIPT = """\
[scene]
street = "ditch"
camera = "pole"
at = 2026-06-04T10:20:00+08:00
place = [31.2, 121.5]
seconds = 4
fps = 5
wh = [320, 180]
seed = 3
[[actor]]
name = "bag"
kind = "bag"
[[actor]]
name = "man"
kind = "person"
[[step]]
at_s = 0
who = "man"
does = "enters"
from = "path_1@0.48"
with = "bag"
[[step]]
at_s = 1
name = "down"
who = "man"
does = "puts down"
with = "bag"
[[event]]
scenario = "dumping"
offence = true
actors = ["man", "bag"]
begin = "down"
end = 4.0
reason = "it stays at the ditch"
"""

LOOKS = """\
[scene]
street = "roof"
camera = "tower"
at = 2026-06-04T10:00:00+08:00
looks = [2026-06-04T10:00:00+08:00, 2026-06-05T10:00:00+08:00]
place = [31.2, 121.5]
wh = [320, 180]
seed = 3
[[actor]]
name = "room"
kind = "roof-room"
seed = 3
size = [4.0, 3.0, 2.6]
[[step]]
at = 2026-06-04T10:00:00+08:00
name = "begins"
who = "room"
does = "stands"
where = "roof_1"
reaches = 0.2
[[event]]
scenario = "construction"
offence = true
actors = ["room"]
begin = "begins"
end = 2026-06-05T10:00:00+08:00
reason = "a room stands on the roof"
"""


def entry(
    name: str, light: Light = "day", background: Background = "composed", script: str = ""
) -> Entry:
    return Entry(
        name=name,
        truth=f"{name}.truth.json",
        scenarios=("dumping",),
        light=light,
        background=background,
        script=f"{name}.toml" if script else None,
        script_sha256=hashlib.sha256(script.encode()).hexdigest() if script else "",
    )


def test_tenth_is_of_each_scenario_and_background() -> None:
    """Each scenario and background is in it, with a tenth of its clips and one at least."""
    many = [entry(f"drawn-{k}") for k in range(25)] + [entry("filmed", background="real")]
    some = tenth(many)
    assert [e.background for e in some].count("composed") == 3
    assert [e.background for e in some].count("real") == 1
    assert tenth(many) == some


@pytest.mark.usefixtures("egl")
def test_drawn_replayed_and_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A clip of one deed ends as one judged event on the page; a second run draws nothing anew."""
    (tmp_path / "ditch.toml").write_text(SCRIPT, encoding="utf-8")
    index = tmp_path / "index.json"
    index.write_text(Index("tiny", 1, (entry("ditch", script=SCRIPT),)).to_json())
    argv = ["--index", str(index), "--cache", str(tmp_path / "kept"), "--jobs", "1"]
    assert main(argv) == 0
    page = Path(capsys.readouterr().out.strip())
    clip = tmp_path / "kept" / "clips" / "ditch.mp4"
    made = clip.stat().st_mtime_ns
    assert page.is_file()
    assert '"events": 1' in json.dumps(json.loads((page.parent / "results.json").read_text()))
    assert main(argv) == 0
    assert clip.stat().st_mtime_ns == made


@pytest.mark.usefixtures("egl")
def test_time_lapse_is_judged_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of looks is drawn, replayed and judged as a film is."""
    (tmp_path / "roof.toml").write_text(LOOKS, encoding="utf-8")
    index = tmp_path / "index.json"
    roof = replace(entry("roof", script=LOOKS), scenarios=("construction",))
    index.write_text(Index("tiny", 1, (roof,)).to_json())
    argv = ["--index", str(index), "--cache", str(tmp_path / "kept"), "--jobs", "1"]
    assert main([*argv, "--scenario", "construction"]) == 0
    page = Path(capsys.readouterr().out.strip())
    assert '"events": 1' in json.dumps(json.loads((page.parent / "results.json").read_text()))


def test_nothing_to_watch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario without clips is refused in one sentence."""
    index = tmp_path / "index.json"
    index.write_text(Index("tiny", 1, (entry("a"),)).to_json())
    assert main(["--index", str(index), "--scenario", "charging"]) == 2
    assert capsys.readouterr().err == "events: no clip of the index is of charging\n"


def test_recorded_footage_is_watched(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recorded clip needs no drawing; one that is not the frozen one is refused."""
    index, kept = tmp_path / "index.json", tmp_path / "kept"
    cars = next(e for e in write_quiet(tmp_path) if e.name == "quiet-car-park")
    index.write_text(Index("tiny", 1, (cars,)).to_json())
    argv = ["--index", str(index), "--cache", str(kept)]
    assert main([*argv, "--data", str(shared_data)]) == 0
    page = Path(capsys.readouterr().out.strip())
    (cell, *_) = json.loads((page.parent / "results.json").read_text())["today"]
    assert (cell["background"], cell["events"]) == ("real", 0)
    assert cell["hours"] == pytest.approx(377 / 12.5 / 3600, abs=1e-4)
    (tmp_path / "data" / "video").mkdir(parents=True)
    (tmp_path / "data" / "video" / "car-detection.mp4").write_bytes(b"another")
    assert main([*argv, "--data", str(tmp_path / "data")]) == 2
    assert "is not the file that was frozen" in capsys.readouterr().err
