"""The policy colors by facts, says why, and refuses what it does not understand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import wire
from gateway.casework.policy import Facts, Policy, load_policy
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
            ["left-behind", "large", "large-at-night", "night"],
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
        pytest.param(
            {"closed_point": "Mill Lane"},
            "blue",
            ["left-behind", "outside-hours"],
            id="at a point that is closed",
        ),
        pytest.param(
            {"load": "truckload"}, "yellow", ["left-behind", "truckload"], id="a truckload by day"
        ),
        pytest.param(
            {"load": "truckload", "night": True},
            "red",
            ["left-behind", "truckload", "truckload-at-night", "night"],
            id="a truckload at night",
        ),
        pytest.param(
            {"builders_waste": True, "border": True},
            "yellow",
            ["left-behind", "builders-waste", "border"],
            id="rubble at the border",
        ),
        pytest.param({"scenario": "charging"}, "blue", ["on-a-cable"], id="one e-bike by day"),
        pytest.param(
            {"scenario": "charging", "night": True, "area_share": 0.3},
            "blue",
            ["on-a-cable", "night"],
            id="one e-bike at night, however much of the picture it fills",
        ),
        pytest.param(
            {"scenario": "charging", "night": True, "bikes": 3},
            "red",
            ["on-a-cable", "several-on-one-cable", "many-at-night", "night"],
            id="three on one cable at night",
        ),
        pytest.param(
            {"scenario": "charging", "bikes": 2},
            "yellow",
            ["on-a-cable", "several-on-one-cable"],
            id="two on one cable",
        ),
        pytest.param(
            {"scenario": "charging", "stairwell": True},
            "yellow",
            ["on-a-cable", "stairwell"],
            id="in a stairwell",
        ),
        pytest.param(
            {"scenario": "charging", "stairwell": True, "night": True},
            "red",
            ["on-a-cable", "stairwell", "stairwell-at-night", "night"],
            id="in a stairwell at night",
        ),
        pytest.param(
            {"scenario": "construction", "night": True, "area_m2": 90.0},
            "blue",
            ["has-grown"],
            id="much material stacked, looked at in the dark",
        ),
        pytest.param(
            {"scenario": "construction", "stage": "frame"},
            "yellow",
            ["has-grown", "going-up"],
            id="a frame that nobody could measure",
        ),
        pytest.param(
            {"scenario": "construction", "stage": "roof", "area_m2": 42.0, "height_m": 2.2},
            "red",
            ["has-grown", "going-up", "large-structure"],
            id="a large roof",
        ),
        pytest.param(
            {"scenario": "construction", "stage": "frame", "area_m2": 9.0, "height_m": 3.1},
            "red",
            ["has-grown", "going-up", "full-storey"],
            id="a storey",
        ),
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
    ("changes", "en", "zh"),
    [
        pytest.param(
            {"scenario": "charging", "vehicle": "battery", "stood_s": 640.0},
            "A cable runs from the building to a battery, which has stood for 11 min.",
            "从楼里引出的电线接到一块电瓶，已停放 11 分钟。",
            id="charging",
        ),
        pytest.param(
            {"scenario": "construction", "looks": 5, "span_h": 96.0},
            "It differs from the baseline in 5 looks over 4 days, and it grows; so far: "
            "stacked material.",
            "4 天内 5 次查看都与基准不同，且在变大；目前：堆放材料。",
            id="construction",
        ),
    ],
)
def test_fills_in_each_offence(changes: dict[str, Any], en: str, zh: str) -> None:
    """Each offence is told in the words of its own facts."""
    _, (reason,) = load_policy().judge(facts(**changes))
    assert (reason.en, reason.zh) == (en, zh)


def own(place: Path, *rules: str) -> Policy:
    """The bundled policy with these rules instead of its own."""
    text = BUNDLED[: BUNDLED.index("[[rule]]")] + "\n".join(rules)
    place.write_text(text, encoding="utf-8")
    return load_policy(place)


def test_explains_in_any_case(tmp_path: Path) -> None:
    """An offence of which no rule speaks is blue, and says that much."""
    policy = own(tmp_path / "own.toml", rule("stairwell = true"))
    color, reasons = policy.judge(facts("dumping"))
    assert (color, [reason.code for reason in reasons]) == ("blue", ["reported"])


def rule(when: str, zh: str = "说明") -> str:
    return f'[[rule]]\ncode = "own"\ncolor = "red"\nwhen = {{ {when} }}\nzh = "{zh}"\nen = "told"\n'


@pytest.mark.parametrize(
    ("when", "changes", "holds"),
    [
        pytest.param("earlier_at_least = 2", {"earlier": 2}, True, id="as often as that"),
        pytest.param("earlier_at_least = 2", {"earlier": 1}, False, id="not so often"),
        pytest.param("area_m2_at_least = 1", {"area_m2": 1.5}, True, id="as large as that"),
        pytest.param("area_m2_at_least = 1", {}, False, id="not measured"),
        pytest.param("night = false", {}, True, id="not the case, as wanted"),
        pytest.param("outside_hours = false", {}, True, id="in no closed point, as wanted"),
        pytest.param('stage = ["frame"]', {}, False, id="of another offence"),
        pytest.param(
            'stood_at_least = "3 min"', {"scenario": "charging"}, True, id="of this offence"
        ),
        pytest.param(
            "grown_at_least = 2", {"scenario": "construction", "grown": 1.9}, False, id="not yet"
        ),
    ],
)
def test_conditions(tmp_path: Path, when: str, changes: dict[str, Any], holds: bool) -> None:
    """A condition holds on a fact that is known and as wanted, and on no other."""
    color, _ = own(tmp_path / "own.toml", rule(when)).judge(facts(**changes))
    assert (color == "red") is holds


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        pytest.param(
            [rule("night = true", "{bikes}")],
            "cannot be filled in: 'bikes'; known are",
            id="a word of one offence in a rule on all",
        ),
        pytest.param(
            [rule('stairwell = true, load = ["heap"]')],
            "no offence has all the facts that its conditions look at",
            id="conditions on two offences",
        ),
        pytest.param(
            [rule("night = true"), rule("border = true")],
            "two rules have the code 'own'",
            id="one code twice",
        ),
    ],
)
def test_refuses_rules(tmp_path: Path, rules: list[str], fault: str) -> None:
    """A rule that could never hold, or never be told, is refused at the start."""
    with pytest.raises(TomlError, match=fault):
        own(tmp_path / "own.toml", *rules)


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
