"""Truth, index and alerts are read as they are written, and a fault is told in one sentence."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.events.alarms import Alarm, read_alarms
from benchmarks.events.frigate import read_frigate
from benchmarks.events.rules import Rules
from benchmarks.events.truth import (
    Clip,
    Entry,
    Index,
    TruthError,
    frozen,
    read_clips,
    read_index,
    read_truth,
)
from models.scenes.truth import Deed, Seen

GOLDEN = Path(__file__).parents[1] / "golden" / "alert.json"
AT = datetime(2026, 11, 20, 23, 29, tzinfo=UTC)
ENTRY = Entry("gate", "gate.truth.json", ("dumping",), "night", "composed", script="gate.toml")
DEED = Deed("dumping", True, 9.0, 60.0, ("man", "bag"), (600.0, 400.0, 700.0, 500.0), 0.3, "Why.")
BAG = Seen(2, "bag", "bag", "waste", "stands", (600.0, 400.0, 700.0, 500.0), None, 1.0, {})


def write_truth(folder: Path, **changes: Any) -> Path:
    head = {"truth": "clip", "version": 1, "made": "composed", "at": AT.isoformat()}
    head |= {"wh": [640, 360], "fps": 10, "frames": 1200, "events": [DEED.as_json()], **changes}
    things = [BAG.as_json() | {"rle": {"size": [1, 1], "counts": [1]}}]
    lines = [head, *({"frame": k, "t_s": k / 10, "things": things} for k in range(25))]
    path = folder / "gate.truth.json"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def clip_of(folder: Path) -> Clip:
    return read_truth(write_truth(folder), ENTRY)


def test_truth(tmp_path: Path) -> None:
    """What the scene maker writes is read, its frames thinned to one a second."""
    clip = clip_of(tmp_path)
    assert (clip.seconds, clip.began_at, clip.wh) == (120.0, AT, (640, 360))
    assert (clip.events[0].parties, clip.events[0].offence) == (("man", "bag"), True)
    assert [moment.t_s for moment in clip.moments] == [0.0, 1.0, 2.0]
    assert clip.labels_of(["bag"]) == {"waste"}
    assert [thing.name for thing in clip.near(1.4)] == ["bag"]


def test_truth_of_a_time_lapse(tmp_path: Path) -> None:
    """A time-lapse lasts as long as it spans, and every look is kept."""
    clip = read_truth(write_truth(tmp_path, truth="looks"), ENTRY)
    assert (clip.seconds, len(clip.moments)) == (2.4, 25)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"at": "2026-11-20T23:29:00"}, "at: .*timezone", id="a time without offset"),
        pytest.param({"fps": 0}, "fps: .*greater than 0", id="no frames a second"),
        pytest.param(
            {"events": [DEED.as_json() | {"end_s": 8.0}]},
            "events.0: 9 s to 8 s: want 0 <= begin_s <= end_s",
            id="an end before its beginning",
        ),
        pytest.param(
            {"events": [DEED.as_json() | {"scenario": "parking"}]},
            "events.0.scenario: ",
            id="an unknown scenario",
        ),
    ],
)
def test_faulty_truth(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    """A faulty truth is refused in one sentence with file, line and key."""
    path = write_truth(tmp_path, **changes)
    with pytest.raises(TruthError, match=f"gate.truth.json:1: {says}") as refused:
        read_truth(path, ENTRY)
    assert "\n" not in str(refused.value)


def test_background(tmp_path: Path) -> None:
    """A clip of a real street cannot be counted among the drawn ones."""
    assert read_truth(write_truth(tmp_path, background="drawn"), ENTRY).background == "composed"
    with pytest.raises(TruthError, match="is real, but the index says composed"):
        read_truth(write_truth(tmp_path, background="real"), ENTRY)


def test_index(tmp_path: Path) -> None:
    """An index is read as it was written, and with it its clips."""
    (tmp_path / "gate.toml").write_text("# a script\n", encoding="utf-8")
    write_truth(tmp_path)
    index = Index("events", 1, (frozen(ENTRY, tmp_path, tmp_path),), Rules({"dumping": 10.0}, 5.0))
    path = tmp_path / "index.json"
    path.write_text(index.to_json(), encoding="utf-8")
    assert read_index(path) == index
    assert read_index(path).rules.grace_s("dumping") == 15.0
    assert [clip.name for clip in read_clips(path, tmp_path)] == ["gate"]


@pytest.mark.parametrize(
    "name",
    [pytest.param("gate.toml", id="the script"), pytest.param("gate.truth.json", id="truth")],
)
def test_frozen(tmp_path: Path, name: str) -> None:
    """A script or truth that is not the one that was frozen is refused."""
    (tmp_path / "gate.toml").write_text("# a script\n", encoding="utf-8")
    write_truth(tmp_path)
    index = Index("events", 1, (frozen(ENTRY, tmp_path, tmp_path),))
    path = tmp_path / "index.json"
    path.write_text(index.to_json(), encoding="utf-8")
    (tmp_path / name).write_text("another", encoding="utf-8")
    with pytest.raises(TruthError, match=f"{name}: is not the file that was frozen"):
        read_clips(path, tmp_path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"weather": "rain"}, "clips.0.weather: no such key", id="an unknown key"),
        pytest.param({"light": "noon"}, "clips.0.light: ", id="an unknown light"),
    ],
)
def test_faulty_index(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    """A slip in an index is refused with its key."""
    tree = json.loads(Index("events", 1, (ENTRY,)).to_json())
    tree["clips"][0] |= change
    path = tmp_path / "index.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    with pytest.raises(TruthError, match=says):
        read_index(path)


def test_same_name_twice() -> None:
    """Two clips of one name would share their alerts."""
    with pytest.raises(ValueError, match="'gate' stands here twice"):
        Index("events", 1, (ENTRY, ENTRY))


def test_alerts_of_ours(tmp_path: Path) -> None:
    """What a replay prints is read: its time from the clip's start, its box in its pixels."""
    golden = GOLDEN.read_text(encoding="utf-8").strip()
    later = json.dumps(json.loads(golden) | {"revision": 1, "phase": "updated"})
    path = tmp_path / "gate.jsonl"
    path.write_text(f"{golden}\n{later}\n\n", encoding="utf-8")
    (alarm,) = read_alarms(path, clip_of(tmp_path))
    assert alarm == Alarm("dumping", 60.0, (306.0, 194.25, 382.0, 254.25), 0.87, "tricycle")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("{", "gate.jsonl:1: ", id="no JSON"),
        pytest.param('{"scenario":"dumping"}', "want either captured_at or t_s", id="no time"),
        pytest.param(
            '{"scenario":"dumping","t_s":900}',
            "900.0 s into gate, which lasts 120.0 s",
            id="far out",
        ),
    ],
)
def test_faulty_alerts(tmp_path: Path, line: str, says: str) -> None:
    """A line that is no alert of this clip is refused in one sentence."""
    path = tmp_path / "gate.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(TruthError, match=says):
        read_alarms(path, clip_of(tmp_path))


MAPPING = """
[[counts]]
label = "bicycle"
scenario = "charging"
least_score = 0.6
least_s = 20
zones = ["wall"]

[[played]]
clip = "gate"
camera = "yard"
at = 2026-11-22T10:00:00Z
"""
PLAYED_S = datetime(2026, 11, 22, 10, tzinfo=UTC).timestamp()
SEEN = {
    "id": "1795341605.1-abc",
    "label": "bicycle",
    "sub_label": None,
    "camera": "yard",
    "start_time": PLAYED_S + 5.0,
    "end_time": PLAYED_S + 65.0,
    "false_positive": None,
    "zones": ["wall", "path"],
    "thumbnail": "",
    "has_clip": True,
    "has_snapshot": True,
    "plus_id": None,
    "data": {"box": [0.25, 0.5, 0.125, 0.25], "score": 0.7, "top_score": 0.8, "type": "object"},
}


def frigate(folder: Path, mapping: str, *events: dict[str, Any]) -> tuple[Alarm, ...]:
    (folder / "events.json").write_text(json.dumps(events), encoding="utf-8")
    (folder / "frigate.toml").write_text(mapping, encoding="utf-8")
    clips = [replace(clip_of(folder), scenarios=("charging",))]
    return read_frigate(folder / "events.json", folder / "frigate.toml", clips)["gate"]


def test_frigate(tmp_path: Path) -> None:
    """An object that stays long enough is an alert from then on, its box in pixels."""
    (alarm,) = frigate(tmp_path, MAPPING, SEEN)
    assert alarm == Alarm("charging", 25.0, (160.0, 180.0, 240.0, 270.0), 0.8)


def test_frigate_that_records_before(tmp_path: Path) -> None:
    """What an older version adds before an event is taken off again."""
    (alarm,) = frigate(tmp_path, f"pre_capture_s = 5\n{MAPPING}", SEEN)
    assert alarm.t_s == 30.0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"label": "person"}, id="another label"),
        pytest.param({"camera": "gate"}, id="another camera"),
        pytest.param({"zones": ["path"]}, id="another zone"),
        pytest.param({"end_time": PLAYED_S + 20.0}, id="gone too soon"),
        pytest.param({"start_time": PLAYED_S - 3600.0}, id="before the clip"),
        pytest.param({"data": {"top_score": 0.5}}, id="too unsure"),
    ],
)
def test_frigate_passed_over(tmp_path: Path, change: dict[str, Any]) -> None:
    """What the mapping does not count is no alert."""
    assert frigate(tmp_path, MAPPING, SEEN | change) == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"data": {}}, id="a manual event, without a box"),
        pytest.param({"end_time": None}, id="still there"),
    ],
)
def test_frigate_incomplete(tmp_path: Path, change: dict[str, Any]) -> None:
    """An event that lacks its end or its box counts all the same."""
    assert len(frigate(tmp_path, MAPPING, SEEN | change)) == 1
