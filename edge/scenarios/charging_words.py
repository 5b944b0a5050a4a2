"""What charging says of itself, in Chinese and English, with numbers."""

from __future__ import annotations

from typing import Final

from edge.scenarios.charging_cable import Ending
from edge.scenarios.words import says, span
from wire import ChargingFacts, Sentence

VEHICLES: Final = {
    "bicycle": ("自行车", "A bicycle"),
    "e-bike": ("电动自行车", "An e-bike"),
    "motorcycle": ("摩托车", "A motorcycle"),
    "tricycle": ("三轮车", "A tricycle"),
}
SOME: Final = ("车辆", "A vehicle")
CODES: Final[dict[Ending, str]] = {
    "none": "no-line",
    "short": "cable-ends-short",
    "broken": "cable-broken",
    "low": "cable-too-faint",
    "straight": "line-is-straight",
    "was-there": "line-was-there-before",
}


def charging_reasons(facts: ChargingFacts) -> tuple[Sentence, ...]:
    """Why something is charging: it stands, a cable reaches it, then what makes it worse."""
    reasons = [_stands(facts), _cable(facts)]
    if facts.bikes > 1:
        reasons.append(
            says(f"同一处连接 {facts.bikes} 辆车", f"{facts.bikes} vehicles hang on cables there")
        )
    if facts.stairwell:
        reasons.append(says("位于楼道区域", "It stands in a stairwell"))
    if facts.night:
        reasons.append(says("发生在夜间", "It is night"))
    return tuple(reasons)


def bikes_now(before: int, now: int) -> Sentence:
    if before == now:
        return says(
            f"连接车辆有更换，仍为 {now} 辆", f"{now} vehicles hang there as before, not the same"
        )
    return says(f"连接车辆由 {before} 辆变为 {now} 辆", f"{now} vehicles hang there, not {before}")


def ended(stood_s: float, cable_gone: bool) -> Sentence:
    zh, en = span(stood_s)
    if cable_gone:
        return says(f"停放 {zh}后电线已拆除", f"The cable is gone, after {en}")
    return says(f"停放 {zh}后车辆已离开", f"The vehicle has gone, after {en}")


def one_with_another() -> Sentence:
    return says("与同一处的另一预警合并", "It is one with another alert of the same opening")


def of_another() -> Sentence:
    return says("该线属于另一辆车", "its line is that of another vehicle")


def unsteady(held: int, looks: int) -> Sentence:
    """
    >>> unsteady(2, 5).en
    'a cable was seen, but in 2 of the last 5 looks, or not in one place'
    """
    return says(
        f"可见电线，但最近 {looks} 次中仅 {held} 次，或位置不稳",
        f"a cable was seen, but in {held} of the last {looks} looks, or not in one place",
    )


def stood(stood_s: float, of_s: float) -> Sentence:
    """
    >>> stood(41.2, 180).en
    'a cable was seen, but it stood 41 of 180 s'
    """
    return says(
        f"可见电线，但仅停放 {stood_s:.0f} 秒，未满 {of_s:g} 秒",
        f"a cable was seen, but it stood {stood_s:.0f} of {of_s:g} s",
    )


def lacks(ending: Ending, lacking: float, short_px: float, short_m: float | None) -> Sentence:
    """What the best line above a bike lacked."""
    if ending == "short":
        far_zh = f"{short_px:.0f} 像素" if short_m is None else f"{short_m:.1f} 米"
        far_en = f"{short_px:.0f} px" if short_m is None else f"{short_m:.1f} m"
        return says(f"线在距车 {far_zh}处中断", f"cable ends {far_en} short of the bike")
    zh, en = {
        "none": ("车上方没有线", "no line leads up from it"),
        "broken": ("线不连续", "its line has gaps"),
        "low": ("线不够清晰", "its line is too faint or too low"),
        "straight": ("线笔直，像管道", "its line does not hang as a cable does"),
        "was-there": ("线早于车辆存在", "its line was there before the bike"),
        "held": ("", ""),
    }[ending]
    return says(f"{zh}（差 {lacking:.0%}）", f"{en} (by {lacking:.0%})")


def _stands(facts: ChargingFacts) -> Sentence:
    zh, en = VEHICLES.get(facts.vehicle, SOME)
    since_zh, since_en = span(facts.stood_s)
    limit_zh, limit_en = span(facts.stand_limit_s)
    return says(
        f"{zh}已停放 {since_zh}（限 {limit_zh}）",
        f"{en} has stood for {since_en}; the limit is {limit_en}",
    )


def _cable(facts: ChargingFacts) -> Sentence:
    zh, en = span(facts.seen_s)
    if facts.cable_m is None:
        return says(
            f"电线自楼体垂下至车辆，长约 {facts.cable_px:.0f} 像素，{zh}内可见",
            f"A cable of {facts.cable_px:.0f} px hangs from the building to it, seen for {en}",
        )
    return says(
        f"电线自楼体垂下至车辆，长约 {facts.cable_m:.1f} 米，{zh}内可见",
        f"A cable of about {facts.cable_m:.1f} m hangs from the building to it, seen for {en}",
    )
