"""The policy colors by facts, says why, and refuses what it does not understand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import wire
from gateway.casework.policy import Facts, load_policy
from gateway.views import Color
from tests.gateway.district import make_alert
from wire.alert import Scenario
from wire.toml import TomlError

AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
BUNDLED = (Path(__file__).parents[2] / "gateway/casework/policy.toml").read_text(encoding="utf-8")


SEEN: dict[Scenario, wire.Facts] = {
    scenario: make_alert(scenario=scenario).facts
    for scenario in ("dumping", "charging", "construction")
}


def facts(scenario: Scenario = "dumping", **changes: Any) -> Facts:
    """A first offence, small, by day; ``changes`` of what is known, or else of what was seen."""
    known: dict[str, Any] = {"confidence": 0.9, "at": AT, "occurred": (AT,)}
    known |= {name: changes.pop(name) for name in known.keys() & changes.keys()}
    return Facts(scenario, SEEN[scenario].model_copy(update=changes), **known)


def days_ago(*days: float) -> tuple[datetime, ...]:
    return (AT, *(AT - timedelta(days=each) for each in days))


@pytest.mark.parametrize(
    ("changes", "color", "codes"),
    [
        pytest.param({}, "blue", ["left-behind"], id="a first, small, by day"),
        pytest.param({"night": True}, "blue", ["left-behind", "night"], id="night alone"),
        pytest.param({"area_share": 0.1}, "blue", ["left-behind", "large"], id="size alone"),
        pytest.param(
            {"night": True, "area_share": 0.3},
            "yellow",
            ["left-behind", "night", "large", "large-at-night"],
            id="large at night",
        ),
        pytest.param(
            {"occurred": days_ago(6.9)}, "yellow", ["left-behind", "repeat"], id="a repeat"
        ),
        pytest.param({"occurred": days_ago(7.1)}, "blue", ["left-behind"], id="long forgotten"),
        pytest.param(
            {"night": True, "occurred": days_ago(1, 2, 3, 4)},
            "red",
            ["left-behind", "night", "repeat", "repeat-at-night"],
            id="night after night",
        ),
        pytest.param({"scenario": "charging"}, "blue", ["reported"], id="no rule speaks of it"),
    ],
)
def test_colors(changes: dict[str, Any], color: Color, codes: list[str]) -> None:
    """The bundled policy's color is the highest among the rules that hold, each with its reason."""
    judged, reasons = load_policy().judge(facts(**changes))
    assert (judged, [reason.code for reason in reasons]) == (color, codes)


def test_fills_in() -> None:
    """Reasons say in both languages who brought it, how long it stayed, and how often it was."""
    _, reasons = load_policy().judge(facts(stayed_s=12.4, occurred=days_ago(1, 2)))
    left, repeat = reasons
    assert left.en == "After a vehicle left, what was put down has stayed for 12 s (limit 60 s)."
    assert left.zh == "一辆车离开后，留下的物品已停留 12 秒（报警时限 60 秒）。"
    assert repeat.en == "It has happened 3 times at this site within 7 days."
    assert repeat.zh == "该点位 7 天内已发生 3 次。"


@pytest.mark.parametrize(
    ("label", "en"),
    [("person", "a person"), ("unknown", "a moving thing of unknown kind"), ("cart", "“cart”")],
)
def test_names_the_carrier(label: str, en: str) -> None:
    """A carrier is named in words, one from the future by its label."""
    _, reasons = load_policy().judge(facts(carrier=label))
    assert reasons[0].en.startswith(f"After {en} left")


@pytest.mark.parametrize(
    ("was", "becomes", "line", "fault"),
    [
        pytest.param(
            'late_after = "2 min"',
            'late_after = "soon"',
            11,
            "'soon': want a time such as",
            id="no time",
        ),
        pytest.param(
            'lasts_at_most = "1 h"',
            'lasts_at_least = "1 h"',
            None,
            "occurrence.lasts_at_",
            id="a key misspelt",
        ),
        pytest.param(
            "night = true, area_share_at_least = 0.1",
            "nite = true",
            None,
            "nite: no such key",
            id="an unknown condition",
        ),
        pytest.param(
            'zh = "发生在夜间。"',
            'zh = "{moon}"',
            None,
            "cannot be filled in: 'moon'; known are",
            id="an unknown word in a sentence",
        ),
        pytest.param(
            '{ occurrences_at_least = 2, within = "7 d" }',
            "{ occurrences_at_least = 2 }",
            None,
            "occurrences_at_least (2 or more) and within go together",
            id="half a condition",
        ),
        pytest.param(
            'color = "red"',
            'color = "orange"',
            None,
            "Input should be 'blue', 'yellow' or 'red'",
            id="a fourth color",
        ),
        pytest.param("schema_version = 1", "schema_version = ", 8, "is not TOML", id="no TOML"),
    ],
)
def test_refuses(tmp_path: Path, was: str, becomes: str, line: int | None, fault: str) -> None:
    """An unusable policy is refused in one sentence with file, line and key."""
    assert was in BUNDLED
    place = tmp_path / "own.toml"
    place.write_text(BUNDLED.replace(was, becomes), encoding="utf-8")
    with pytest.raises(TomlError) as caught:
        load_policy(place)
    sentence = str(caught.value)
    assert fault in sentence
    assert sentence.startswith(f"{place}")
    assert "\n" not in sentence
    if line is not None:
        assert str(line) in sentence


def test_refuses_missing(tmp_path: Path) -> None:
    """A policy that is not there is named."""
    with pytest.raises(TomlError, match=r"none\.toml: cannot be read: No such file"):
        load_policy(tmp_path / "none.toml")
