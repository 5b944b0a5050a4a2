"""A script is read whole, or refused in one sentence that names file, key and line."""

from pathlib import Path

import pytest

from models.scenes.camera import Camera
from models.scenes.mesh import box
from models.scenes.script import read_script
from models.scenes.stage import Stage
from models.scenes.streets.street import Street
from wire.toml import TomlError

EXAMPLES = sorted((Path(__file__).parents[3] / "models" / "scenes" / "examples").glob("*.toml"))
STREET = Street(
    "plain",
    box((40, 40, 0.1), (0.2, 0.2, 0.2)),
    {"pole": Camera((0, -14, 5), 0, 16)},
    {"drop": (1.0, 2.0, 180.0), "park": (3.0, 3.0, 90.0)},
    {"pavement": ((-12, 0), (12, 0))},
    {"window": (3.0, 7.0, 4.0)},
)
SCRIPT = """\
[scene]
street = "plain"
camera = "pole"
at = 2026-03-04T01:20:00+08:00
place = [31.2, 121.5]
seconds = 30
[[actor]]
name = "man"
kind = "person"
[[actor]]
name = "bag"
kind = "bag"
[[actor]]
name = "van"
kind = "van"
[[step]]
at_s = 1
who = "man"
does = "enters"
from = "pavement@0.2"
with = "bag"
[[step]]
at_s = 2
who = "man"
does = "walks"
to = "drop"
[[step]]
at_s = 15
name = "down"
who = "man"
does = "puts down"
with = "bag"
[[event]]
scenario = "dumping"
offence = true
actors = ["man", "bag"]
begin = "down"
end = 30.0
reason = "it stays"
"""


def staged(path: Path, text: str) -> Stage:
    path.write_text(text, encoding="utf-8")
    return Stage(read_script(path), STREET)


def test_a_script_is_read(tmp_path: Path) -> None:
    """What it says is there: actors, steps, and an event that begins with a named step."""
    script = staged(tmp_path / "a.toml", SCRIPT).script
    assert [actor.name for actor in script.actors] == ["man", "bag", "van"]
    assert script.time_s(script.events[0].begin) == 15
    assert script.steps[0].having == ("bag",)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        pytest.param('who = "man"', 'who = "men"', 18, "no actor 'men'", id="unknown actor"),
        pytest.param('kind = "van"', 'kind = "bus"', 15, "no kind 'bus'", id="unknown kind"),
        pytest.param("pavement@0.2", "river@0.2", 20, "no place 'river@0.2'", id="unknown way"),
        pytest.param('to = "drop"', 'to = "pit"', 26, "no place 'pit'", id="unknown spot"),
        pytest.param("seconds = 30", "length = 30", 6, "no such key", id="unknown key"),
        pytest.param("at_s = 2", "at_s = 0.5", 23, "before the one above", id="out of order"),
        pytest.param("at_s = 15", "at_s = 31", 28, "lies outside", id="after the end"),
        pytest.param("at_s = 15", "at_s = 3", 28, "man walks until", id="two steps at once"),
        pytest.param(
            'to = "drop"', 'to = "drop"\nover_s = 1', 27, "3 m/s at most", id="too fast a walk"
        ),
        pytest.param(
            '\nwith = "bag"\n[[step]]\nat_s = 2',
            "\n[[step]]\nat_s = 2",
            31,
            "does not carry bag",
            id="puts down what it has not",
        ),
        pytest.param(
            'does = "walks"', 'does = "drives"', 25, "cannot drive", id="a walker who drives"
        ),
        pytest.param('begin = "down"', 'begin = "up"', 37, "no step is named", id="unknown step"),
        pytest.param("end = 30.0", "end = 3.0", 38, "ends before", id="an event that ends first"),
        pytest.param(
            'camera = "pole"',
            'camera = "pole"\nbackground = "none.mp4"',
            2,
            "a background brings its own",
            id="a street and a background",
        ),
        pytest.param(
            '"bag"\n[[actor]]', '"cable"\n[[actor]]', 21, "can only hang", id="a cable in hand"
        ),
        pytest.param(
            'does = "walks"', 'does = "hangs"\nfrom = "window"', 25, "a cable can", id="a man hung"
        ),
        pytest.param(
            'does = "walks"',
            'does = "enters"\nfrom = "drop"',
            25,
            "there already",
            id="enters twice",
        ),
        pytest.param(
            'begin = "down"', "begin = 31.0", 37, "outside the 30 s", id="an event too late"
        ),
        pytest.param(
            "at_s = 2\n",
            'at_s = 2\nname = "down"\n',
            30,
            "two steps are called",
            id="one name twice",
        ),
        pytest.param("at_s = 2", "at_s = nan", 23, "finite", id="no number"),
        pytest.param(
            '"bag"\n[[actor]]',
            '"bag"\nsize = [1, 1, 1]\n[[actor]]',
            13,
            "has none",
            id="a bag's size",
        ),
        pytest.param("pavement@0.2", "pavement@2", 20, "from 0 to 1", id="beyond the way"),
        pytest.param("2026-03", "0001-03", 4, "no almanac", id="no such year"),
    ],
)
def test_a_fault_is_one_sentence(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    """Each fault is told with the line that is to be mended."""
    path = tmp_path / "faulty.toml"
    assert old in SCRIPT
    with pytest.raises(TomlError, match=said) as raised:
        staged(path, SCRIPT.replace(old, new, 1))
    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_agree_with_themselves(path: Path) -> None:
    """Every bundled script is read, and tells of one event at least."""
    assert read_script(path).events
