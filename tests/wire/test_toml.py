"""A slip in a file that a person wrote is named by file, line and key, in one sentence."""

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from wire.toml import Location, TomlError, line_of, read_toml


class Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str
    share: Annotated[float, Field(le=1)] = 0


class Day(BaseModel):
    model_config = ConfigDict(extra="forbid")
    begins_h: int = 6
    rule: tuple[Rule, ...] = ()


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: int
    day: Day = Day()
    rule: tuple[Rule, ...] = ()


TEXT = """\
version = 1

[day]
begins_h = 7

[[day.rule]]
code = "early"
share = 0.1

[[rule]]
code = "one"

[[rule]]
code = "two"
share = 0.5
"""


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        pytest.param(("version",), 1, id="a key at the top"),
        pytest.param(("day", "begins_h"), 4, id="a key in a table"),
        pytest.param(("day", "gone"), 3, id="a missing key: its table"),
        pytest.param(("rule", 0, "code"), 11, id="in the first of a list"),
        pytest.param(("rule", 1, "share"), 15, id="in the second of a list"),
        pytest.param(("rule", 0, "share"), 10, id="missing in the first, there in the second"),
        pytest.param(("day", "rule", 0, "share"), 8, id="in a list below a table"),
        pytest.param(("night",), None, id="nowhere"),
    ],
)
def test_line(loc: Location, line: int | None) -> None:
    """A key's line, or else that of the table that should hold it."""
    assert line_of(TEXT, loc) == line


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        pytest.param("begins_h = 7", 'begins_h = "dawn"', ":4: day.begins_h: ", id="wrong type"),
        pytest.param("share = 0.5", "share = 5", ":15: rule.1.share: ", id="out of range"),
        pytest.param("version = 1", "verzion = 1", ":1: verzion: no such key", id="slip in a key"),
        pytest.param("[day]", "[dya]", ":3: dya: no such key", id="slip in a table"),
        pytest.param("version = 1", "version = ", ": is not TOML: ", id="not TOML"),
    ],
)
def test_fault(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    """Each single slip is one sentence that begins with file and line."""
    path = tmp_path / "plan.toml"
    path.write_text(TEXT.replace(was, becomes, 1))
    with pytest.raises(TomlError) as caught:
        read_toml(path).validate(Plan)
    assert str(caught.value).startswith(f"{path}{said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "cannot be read: No such file", id="missing"),
        pytest.param(b"\xff\xfe", "is not TOML: ", id="no UTF-8"),
        pytest.param(b"a = 1\na = 2\n", "is not TOML: ", id="a key told twice"),
    ],
)
def test_unreadable(tmp_path: Path, content: bytes | None, said: str) -> None:
    """A file that cannot be read at all is named with the reason."""
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TomlError, match=said):
        read_toml(path)


def test_reads(tmp_path: Path) -> None:
    """A file without a slip is what its schema says."""
    path = tmp_path / "plan.toml"
    path.write_text(TEXT)
    plan = read_toml(path).validate(Plan)
    assert (plan.day.begins_h, plan.rule[1].share) == (7, 0.5)
