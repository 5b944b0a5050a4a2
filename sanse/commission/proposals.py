"""What follows from what was measured: limits for a given number of false alarms, or that none do.

Pure. A false alarm is an alert of the clip as it is, or of an innocent probe. Only the clip has an
hour to it, so only it can bear out a number a day; the probes say what a limit costs and saves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf
from typing import Final

SURE: Final = 0.95
LADDER_S: Final = (10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800)
DAY_S: Final = 86_400.0
FEWEST_SCORES: Final = 5
WEAKEST: Final = 0.1
"""Of what was drawn, so much may be missed by a score."""
NEVER_ASK: Final = 0.05


@dataclass(frozen=True, slots=True)
class Stood:
    """How long something stood that is no offence.

    Attributes:
        ended: Whether its end was seen; else it may have stood for good.
    """

    seconds: float
    ended: bool

    def reaches(self, limit_s: float) -> bool:
        return not self.ended or self.seconds >= limit_s


@dataclass(frozen=True, slots=True)
class Rung:
    """One value of a limit.

    Attributes:
        alarms: Of the clip that would still alert.
        most_per_day: What that allows a day, with 95 %.
        innocents: Innocent probes that would still alert.
    """

    value: float
    alarms: int
    most_per_day: float
    innocents: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for one key of the configuration, or why there is none.

    Attributes:
        value: None where what was measured does not bear one out.
        why: In English and Chinese.
    """

    key: str
    now: float | None
    value: float | None
    why: tuple[str, str]
    rungs: tuple[Rung, ...] = ()


def most(count: int, sure: float = SURE) -> float:
    """How many are expected at most where so many were seen: Poisson's upper bound.

    >>> round(most(0), 2), round(most(3), 2)
    (3.0, 7.75)
    """
    low, high = 0.0, 10.0 + 4 * count
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _no_more(count, middle) > 1 - sure else (low, middle)
    return high


def rungs(
    clip: Sequence[Stood], seconds: float, innocents: Sequence[Stood], least_s: float
) -> tuple[Rung, ...]:
    """What each limit from ``least_s`` on would have let through; below it nothing was measured."""
    days = seconds / DAY_S
    found = []
    for limit in sorted({least_s, *(value for value in LADDER_S if value > least_s)}):
        alarms = sum(stood.reaches(limit) for stood in clip)
        per_day = most(alarms) / days if days else inf
        hit = sum(stood.reaches(limit) for stood in innocents)
        found.append(Rung(limit, alarms, per_day, hit))
    return tuple(found)


def limit(key: str, now: float, per_day: float, steps: Sequence[Rung], seconds: float) -> Proposal:
    """The shortest limit that the clip bears out, at the fewest innocent probes."""
    fewest = min(step.innocents for step in steps)
    held = [s for s in steps if s.most_per_day <= per_day and s.innocents == fewest]
    if held:
        best = held[0]
        why = (
            f"The clip's {hours(seconds)} allow {plain(best.most_per_day)} a day at most (95 %), "
            f"and {best.innocents} innocent probes still alert.",
            f"实拍 {_hours_zh(seconds)}，95 % 可信每天误报不超过 {plain(best.most_per_day)} 次；"
            f"仍有 {best.innocents} 个无辜试验告警。",
        )
        return Proposal(key, now, best.value, why, tuple(steps))
    calm = min(steps, key=lambda step: (step.most_per_day, step.innocents, step.value))
    want = most(0) / per_day * DAY_S if per_day else inf
    asked = f"{want / 3600:.1f} h" if want < inf else "no clip"
    asked_zh = f"{want / 3600:.1f} 小时" if want < inf else "任何实拍都不够，"
    why = (
        f"Cannot be proposed: {hours(seconds)} of clip rule out no more than "
        f"{plain(calm.most_per_day)} a day, even at {calm.value:g} s; to bear out {per_day:g} a "
        f"day it takes {asked} without a false alarm.",
        f"无法建议：实拍只有 {_hours_zh(seconds)}，即使取 {calm.value:g} 秒，也只能排除每天多于 "
        f"{plain(calm.most_per_day)} 次；要证明每天不超过 {per_day:g} 次，"
        f"需 {asked_zh}无误报的实拍。",
    )
    return Proposal(key, now, None, why, tuple(steps))


def score(label: str, drawn: Sequence[float], false: Sequence[float]) -> Proposal:
    """A detector's score between what it saw of the drawn, and what it believed of the empty."""
    key = f"detector.scores.{label}"
    if len(drawn) < FEWEST_SCORES:
        why = (
            f"Cannot be proposed: measured on {len(drawn)} probes, {FEWEST_SCORES} are the fewest.",
            f"无法建议：只在 {len(drawn)} 个试验上测得，至少需要 {FEWEST_SCORES} 个。",
        )
        return Proposal(key, None, None, why)
    weak = sorted(drawn)[int(WEAKEST * len(drawn))]
    strong = max(false, default=0.0)
    if weak <= max(strong, NEVER_ASK):
        why = (
            f"Cannot be proposed: a tenth of the {len(drawn)} drawn score {weak:.2f} or less, and "
            f"in the empty picture something scores {strong:.2f}; no value parts them.",
            f"无法建议：{len(drawn)} 个合成目标中有一成得分不超过 {weak:.2f}，"
            f"而空画面中最高误得 {strong:.2f} 分；没有能分开两者的值。",
        )
        return Proposal(key, None, None, why)
    value = round((weak + strong) / 2, 2)
    why = (
        f"Nine in ten of the {len(drawn)} drawn score {weak:.2f} or more, nothing in the empty "
        f"picture more than {strong:.2f}.",
        f"{len(drawn)} 个合成目标中九成得分不低于 {weak:.2f}，空画面中最高 {strong:.2f} 分。",
    )
    return Proposal(key, None, value, why)


def plain(number: float) -> str:
    """
    >>> plain(4.581), plain(3262.7)
    ('4.58', '3,263')
    """
    return f"{number:.3g}" if number < 100 else f"{number:,.0f}"


def _no_more(count: int, expected: float) -> float:
    """How likely no more than ``count`` are seen where so many are expected."""
    term = total = exp(-expected)
    for k in range(1, count + 1):
        term *= expected / k
        total += term
    return total


def hours(seconds: float) -> str:
    """A length of footage."""
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 3600:.1f} h"


def _hours_zh(seconds: float) -> str:
    return f"{seconds:.0f} 秒" if seconds < 600 else f"{seconds / 3600:.1f} 小时"
