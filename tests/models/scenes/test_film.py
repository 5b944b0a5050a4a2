"""A script becomes a clip and its truth, the same bytes each time."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.purpose import PurposeError, check_purpose, purpose_of
from models.scenes.contact import drawn_over, save, sheet
from models.scenes.film import Studio, film, picture_name
from models.scenes.script import read_script
from models.scenes.truth import Seen, mask_of, rle_of
from sanse.commands.scenes import app

SCRIPT = """\
[scene]
street = "ditch"
camera = "pole"
at = 2026-03-04T01:20:00+08:00
place = [31.2, 121.5]
seconds = 1.5
fps = 2
wh = [160, 90]
seed = 3
[[actor]]
name = "bag"
kind = "bag"
[[actor]]
name = "man"
kind = "person"
[[step]]
at_s = 0
name = "there"
who = "bag"
does = "stands"
where = "drop_1"
[[step]]
at_s = 0
who = "man"
does = "enters"
from = "path_1@0.48"
to = "path_1@0.52"
[[event]]
scenario = "dumping"
offence = true
actors = ["bag"]
begin = "there"
end = 1.5
reason = "it lies at the ditch"
"""


EVENTS = """\
[[event]]
scenario = "dumping"
offence = false
actors = ["man"]
begin = 0.5
end = 1.0
reason = "he walks by"
[[event]]
scenario = "dumping"
offence = false
actors = ["man"]
begin = 0.5
end = 1.0
reason = "told where"
place = "drop_1"
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.mark.usefixtures("egl")
def test_a_film_is_the_same_bytes_each_time(script: Path, tmp_path: Path) -> None:
    """Clip and truth are functions of the script; the truth's masks are those of its boxes."""
    told = read_script(script)
    truths = [film(told, tmp_path / name / "clip.mp4") for name in ("one", "two")]
    clips = [(tmp_path / name / "clip.mp4").read_bytes() for name in ("one", "two")]
    assert clips[0] == clips[1]
    assert truths[0].read_bytes() == truths[1].read_bytes()
    head, *frames = [json.loads(line) for line in truths[0].read_text("utf-8").splitlines()]
    assert (head["made"], head["frames"], head["purpose"]) == ("composed", 3, "benchmark")
    assert head["events"][0]["area_m2"] > 0.05
    assert [frame["t_s"] for frame in frames] == [0, 0.5, 1.0]
    bag = frames[0]["things"][0]
    left, top, right, bottom = (int(edge) for edge in bag["visible_xyxy"])
    mask = mask_of(bag["rle"])
    assert mask[top:bottom, left:right].sum() == mask.sum() > 0


@pytest.mark.parametrize(
    ("seed", "purpose"),
    [
        pytest.param(0, "training", id="even seeds train"),
        pytest.param(7, "benchmark", id="odd seeds judge"),
    ],
)
def test_seeds_have_one_purpose(seed: int, purpose: str) -> None:
    """A seed of the one is refused by the other, with the rule in the sentence."""
    assert purpose_of(seed) == purpose
    check_purpose(seed, purpose_of(seed))
    with pytest.raises(PurposeError, match="even seeds train, odd seeds judge"):
        check_purpose(seed + 1, purpose_of(seed))


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_pictures_say_that_they_are_composed(tmp_path: Path, name: str) -> None:
    """The note is in the file, and the file is still a picture."""
    shown = np.full((20, 30, 3), 90, np.uint8)
    save(tmp_path / name, shown)
    assert b"composed" in (tmp_path / name).read_bytes()
    read = cv2.imread(str(tmp_path / name))
    assert read is not None
    assert np.abs(read.astype(int) - shown).max() <= 2


def test_truth_is_drawn_over_and_sheets_are_whole() -> None:
    """The drawing leaves the picture as it was; a sheet has room for all."""
    mask = np.zeros((60, 80), bool)
    mask[20:40, 30:50] = True
    thing = Seen(
        1, "bag", "bag", "waste", "stands", (30, 20, 50, 40), (30, 20, 50, 40), 1, rle_of(mask)
    )
    picture = np.zeros((60, 80, 3), np.uint8)
    assert drawn_over(picture, [thing], "0.0 s").any()
    assert not picture.any()
    assert sheet([picture] * 5, 3, width=80).shape == (120, 240, 3)


def test_hours_are_in_the_names_of_pictures() -> None:
    """Always UTC, whatever the script's offset."""
    east = timezone(timedelta(hours=8))
    assert picture_name(datetime(2026, 3, 4, 9, tzinfo=east)) == "20260304T010000Z.jpg"
    assert picture_name(datetime(2026, 3, 4, 1, tzinfo=UTC)) == "20260304T010000Z.jpg"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            '"ditch"', '"moat"', "tiny.toml:2: scene.street: no street 'moat'", id="street"
        ),
        pytest.param(
            '"pole"', '"kite"', "tiny.toml:3: scene.camera: no camera 'kite'", id="camera"
        ),
        pytest.param('"drop_1"', '"drop_0"', "no place 'drop_0' in street 'ditch'", id="spot"),
    ],
)
def test_commands_refuse_in_one_sentence(script: Path, old: str, new: str, said: str) -> None:
    """A slip in the script ends the command with one line and exit code 2."""
    script.write_text(SCRIPT.replace(old, new), encoding="utf-8")
    ran = CliRunner().invoke(app, ["render", str(script), "--out", str(script.with_suffix(".mp4"))])
    assert ran.exit_code == 2
    assert said in ran.output
    assert len(ran.output.splitlines()) == 1


def test_an_event_of_people_alone_has_a_place(tmp_path: Path) -> None:
    """Where they are when it begins, or where the event says."""
    path = tmp_path / "walker.toml"
    path.write_text(SCRIPT + EVENTS, encoding="utf-8")
    with Studio(read_script(path)) as studio:
        bag, man, told = (deed.place_xyxy for deed in studio.deeds())
        seen = {one.name: one.full_xyxy for one in studio.moment(0.5, 0.5).things}
    assert man == seen["man"]
    assert bag is not None
    assert told is not None
    assert told[0] < (bag[0] + bag[2]) / 2 < told[2]
    assert told[1] < (bag[1] + bag[3]) / 2 < told[3]
