"""What construction tells, in both languages: why it alerts, and why it all but did."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from edge.scenarios.words import span
from edge.site import Permit
from wire import ConstructionFacts, Sentence

STAGES: Final = {
    "material": ("材料堆放", "stacked material"),
    "frame": ("框架", "a frame"),
    "roof": ("已封顶", "roofed"),
}


def reasons(facts: ConstructionFacts) -> tuple[Sentence, ...]:
    """Persistence, growth, what it is and that nobody filed it."""
    told = [
        Sentence(
            zh=f"连续 {facts.looks} 次观察、历时 {facts.span_h:.0f} 小时均与基准不同"
            f"（要求 {facts.looks_limit} 次、{facts.span_limit_h:g} 小时）",
            en=f"Differs from the baseline in {facts.looks} looks over {facts.span_h:.0f} h "
            f"(asked: {facts.looks_limit} looks, {facts.span_limit_h:g} h)",
        ),
        Sentence(
            zh=f"面积为首次发现时的 {facts.grown:.1f} 倍，分阶段增长",
            en=f"It is {facts.grown:.1f} times as large as when first seen, grown in stages",
        ),
    ]
    return (*told, *_what_it_is(facts))


def flight_reasons(facts: ConstructionFacts, at: tuple[float, float]) -> tuple[Sentence, ...]:
    """Which flights show it, where it is, what it is and that nobody filed it.

    Args:
        at: Latitude and longitude.
    """
    began, since = f"{facts.baseline_at:%Y-%m-%d}", f"{facts.since:%Y-%m-%d}"
    if is_certain_by_flights(facts):
        seen = Sentence(
            zh=f"与 {began} 的航拍不同，此后 {facts.looks} 次航拍均可见，"
            f"历时 {facts.span_h:.0f} 小时"
            f"（要求 {facts.looks_limit} 次、{facts.span_limit_h:g} 小时）",
            en=f"Differs from the flight of {began} in {facts.looks} later flights over "
            f"{facts.span_h:.0f} h (asked: {facts.looks_limit} flights, {facts.span_limit_h:g} h)",
        )
    else:
        seen = Sentence(
            zh=f"仅在一组航拍对比（{began} 与 {since}）中可见，也可能是临时物品；"
            f"相隔 {facts.span_limit_h:g} 小时以上的下一次航拍仍可见方可确认",
            en=f"Seen in one flight pair, {began} and {since}; it may be something that goes "
            f"again: a further flight, {facts.span_limit_h:g} h later or more, that still shows it "
            "makes it certain",
        )
    north, east = at
    place = Sentence(
        zh=f"位置：纬度 {north:.5f}，经度 {east:.5f}",
        en=f"At latitude {north:.5f}, longitude {east:.5f}",
    )
    return (seen, place, *_what_it_is(facts))


def is_certain_by_flights(facts: ConstructionFacts) -> bool:
    """Whether enough later flights, far enough apart, show it."""
    return facts.looks >= facts.looks_limit and facts.span_h >= facts.span_limit_h


def leans(px: float, height_m: float) -> Sentence:
    """
    >>> leans(14.2, 9.1).en
    'leans by 14 px, as a roof 9 m high does: the same from another viewpoint'
    """
    return Sentence(
        zh=f"倾斜 {px:.0f} 像素，与 {height_m:.0f} 米高的屋顶相符：只是视角不同",
        en=f"leans by {px:.0f} px, as a roof {height_m:.0f} m high does: "
        "the same from another viewpoint",
    )


def gone_again(looks: int) -> Sentence:
    return Sentence(
        zh=f"{looks} 次观察可见，最近一次已不在",
        en=f"was there in {looks} looks, and the latest shows it gone",
    )


def gone(seen_at: datetime, stood_s: float, looks: int) -> Sentence:
    """What an alert was raised for has gone; ``seen_at`` last, in local time, ``looks`` ago."""
    zh, en = span(stood_s)
    return Sentence(
        zh=f"已不在：最后一次见到是 {seen_at:%Y-%m-%d %H:%M}，距首次发现 {zh}，"
        f"此后 {looks} 次观察均未见",
        en=f"It has gone: last seen on {seen_at:%Y-%m-%d at %H:%M}, {en} after it was first seen, "
        f"and not in the {looks} looks since",
    )


def given_up(seen_at: datetime) -> Sentence:
    """The baseline that an alert was raised against is none any more."""
    return Sentence(
        zh=f"视角或画面已与基准不同，基准重新建立；最后一次见到是 {seen_at:%Y-%m-%d %H:%M}，"
        "是否仍在未知，请现场查看",
        en="The view is another, or no look fits the baseline any more, and a new one begins; "
        f"last seen on {seen_at:%Y-%m-%d at %H:%M}; whether it still stands is unknown: go and see",
    )


def passes_for_a_vehicle(vehicles: int, looks: int) -> Sentence:
    """
    >>> passes_for_a_vehicle(3, 4).en
    'looks like a parked vehicle in 3 of 4 looks'
    """
    return Sentence(
        zh=f"{looks} 次观察中有 {vehicles} 次像停放的车辆",
        en=f"looks like a parked vehicle in {vehicles} of {looks} looks",
    )


def _what_it_is(facts: ConstructionFacts) -> tuple[Sentence, ...]:
    zh, en = STAGES[facts.stage]
    told = [Sentence(zh=f"目前阶段：{zh}", en=f"Stage: {en}")]
    if facts.area_m2 is not None:
        told.append(
            Sentence(zh=f"约 {facts.area_m2:.0f} 平方米", en=f"About {facts.area_m2:.0f} m²")
        )
    if facts.height_m is not None:
        told.append(
            Sentence(zh=f"高约 {facts.height_m:.0f} 米", en=f"About {facts.height_m:.0f} m high")
        )
    told.append(
        Sentence(
            zh="登记中没有覆盖此处和时间的许可",
            en="The register holds no permit for this place and day",
        )
    )
    return tuple(told)


def permitted(permit: Permit) -> Sentence:
    return Sentence(
        zh=f"许可 {permit.number} 覆盖此处，有效期 {permit.since} 至 {permit.until}",
        en=f"permit {permit.number} covers it, from {permit.since} to {permit.until}",
    )


def no_longer_permitted(number: str, covered_at: datetime) -> Sentence:
    """A permit covered it until ``covered_at``, in local time."""
    return Sentence(
        zh=f"许可 {number} 仅覆盖至 {covered_at:%Y-%m-%d %H:%M} 所见部分，增长自该次观察起算",
        en=f"Permit {number} covered what stood there on {covered_at:%Y-%m-%d at %H:%M}, and no "
        "more; its growth is counted from that look",
    )


def came_at_once(looks: int, span_h: float, held: float, wanted: float) -> Sentence:
    return Sentence(
        zh=f"一次出现后 {span_h:.0f} 小时、{looks} 次观察未见分阶段增长"
        f"（最近两次观察为首次的 {held:.2f} 倍，要求 {wanted:g} 倍）",
        en=f"came at once and did not grow in stages in {looks} looks over {span_h:.0f} h "
        f"({held:.2f} times in the last two looks, want {wanted:g})",
    )


def too_short(looks: int, looks_limit: int, span_h: float, span_limit_h: float) -> Sentence:
    return Sentence(
        zh=f"消失前观察到 {looks} 次（要求 {looks_limit} 次）、历时 {span_h:.0f} 小时"
        f"（要求 {span_limit_h:g} 小时）",
        en=f"gone after {looks} of {looks_limit} looks and {span_h:.0f} of {span_limit_h:g} h",
    )


def too_small(share: float, wanted: float) -> Sentence:
    """
    >>> too_small(0.0005, 0.0008).en
    'covers 0.050% of the picture, want 0.080%'
    """
    return Sentence(
        zh=f"仅占画面的 {share:.3%}，要求 {wanted:.3%}",
        en=f"covers {share:.3%} of the picture, want {wanted:.3%}",
    )
