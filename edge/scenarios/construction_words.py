"""What construction tells, in both languages: why it alerts, and why it all but did."""

from __future__ import annotations

from typing import Final

from edge.site import Permit
from wire import ConstructionFacts, Sentence

STAGES: Final = {
    "material": ("材料堆放", "stacked material"),
    "frame": ("框架", "a frame"),
    "roof": ("已封顶", "roofed"),
}


def reasons(facts: ConstructionFacts) -> tuple[Sentence, ...]:
    """Persistence, growth, what it is and that nobody filed it."""
    zh, en = STAGES[facts.stage]
    told = [
        Sentence(
            zh=f"连续 {facts.looks} 次观察、历时 {facts.span_h:.0f} 小时均与基准不同"
            f"(要求 {facts.looks_limit} 次、{facts.span_limit_h:g} 小时)",
            en=f"Differs from the baseline in {facts.looks} looks over {facts.span_h:.0f} h "
            f"(asked: {facts.looks_limit} looks, {facts.span_limit_h:g} h)",
        ),
        Sentence(
            zh=f"面积为首次发现时的 {facts.grown:.1f} 倍,分阶段增长",
            en=f"It is {facts.grown:.1f} times as large as when first seen, grown in stages",
        ),
        Sentence(zh=f"目前阶段:{zh}", en=f"Stage: {en}"),
    ]
    if facts.area_m2 is not None:
        told.append(
            Sentence(zh=f"约 {facts.area_m2:.0f} 平方米", en=f"About {facts.area_m2:.0f} m²")
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
        zh=f"许可 {permit.number} 覆盖此处,有效期 {permit.since} 至 {permit.until}",
        en=f"permit {permit.number} covers it, from {permit.since} to {permit.until}",
    )


def came_at_once(looks: int, span_h: float, grown: float, wanted: float) -> Sentence:
    return Sentence(
        zh=f"一次出现后 {span_h:.0f} 小时、{looks} 次观察未见分阶段增长"
        f"({grown:.2f} 倍,要求 {wanted:g} 倍)",
        en=f"came at once and did not grow in stages in {looks} looks over {span_h:.0f} h "
        f"({grown:.2f} times, want {wanted:g})",
    )


def too_short(looks: int, looks_limit: int, span_h: float, span_limit_h: float) -> Sentence:
    return Sentence(
        zh=f"消失前观察到 {looks} 次(要求 {looks_limit} 次)、历时 {span_h:.0f} 小时"
        f"(要求 {span_limit_h:g} 小时)",
        en=f"gone after {looks} of {looks_limit} looks and {span_h:.0f} of {span_limit_h:g} h",
    )
