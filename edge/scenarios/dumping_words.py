"""What dumping says, in Chinese and English, with numbers."""

from __future__ import annotations

from datetime import time
from typing import Final

from edge.scenarios.words import says, span
from wire import DumpingFacts, Sentence

CARRIERS: Final = {"person": ("行人", "A person"), "vehicle": ("车辆", "A vehicle")}
SOMEONE: Final = ("来者", "Someone or something")
LOADS: Final = {
    "item": ("单件", "a single item"),
    "heap": ("成堆", "a heap"),
    "truckload": ("整车", "a truckload"),
}


def dumping_reasons(facts: DumpingFacts) -> tuple[Sentence, ...]:
    """Why something is dumping: contact, departure and stay, then what makes it worse."""
    reasons = [_left_by(facts), _stays(facts), _size(facts)]
    if facts.builders_waste:
        reasons.append(says("疑似建筑垃圾或大件家具", "It looks like rubble or furniture"))
    if facts.closed_point:
        point = facts.closed_point
        reasons.append(
            says(
                f"位于投放点「{point}」，但不在投放时间内",
                f"It lies in the collection point {point}, outside its hours",
            )
        )
    if facts.border:
        reasons.append(says("位于交界地带", "It lies in a border zone"))
    if facts.earlier:
        times = "once" if facts.earlier == 1 else f"{facts.earlier} times"
        reasons.append(
            says(f"此处此前已发生 {facts.earlier} 次", f"It happened here {times} before")
        )
    if facts.night:
        reasons.append(says("发生在夜间", "It is night"))
    return tuple(reasons)


def changed(ratio: float) -> Sentence:
    """A thing's size over what was told of it last."""
    if ratio > 1:
        return says(f"堆放面积增至 {ratio:.1f} 倍", f"It has grown to {ratio:.1f} times its size")
    return says(f"部分已清走，剩余 {ratio:.0%}", f"Part of it is gone; {ratio:.0%} is left")


def gone(after_s: float) -> Sentence:
    """The ground shows again."""
    zh, en = span(after_s)
    return says(f"停留 {zh}后已清走", f"It is gone, after {en}")


def stayed(stayed_s: float, of_s: float) -> Sentence:
    """
    >>> stayed(41.3, 60).en
    'stayed 41 of 60 s'
    """
    return says(f"停留 {stayed_s:.0f} 秒，未满 {of_s:g} 秒", f"stayed {stayed_s:.0f} of {of_s:g} s")


def seen(share: float, of_share: float) -> Sentence:
    return says(
        f"停留期间仅 {share:.0%} 的时间可见，需 {of_share:.0%}",
        f"was seen for {share:.0%} of its stay, not {of_share:.0%}",
    )


def carrier_stays(gap_px: float, of_px: float) -> Sentence:
    return says(
        f"来者仍在旁边（相距 {gap_px:.0f} 像素，需 {of_px:.0f}）",
        f"the carrier still stands there, {gap_px:.0f} of {of_px:.0f} px away",
    )


def someone_in_its_place() -> Sentence:
    return says("来者停留处仍有人或物", "somebody still stands where its carrier stood")


def nobody() -> Sentence:
    return says("出现时旁边没有来者", "nobody was there when it appeared")


def in_open_point(name: str, until: time | None) -> Sentence:
    """
    >>> in_open_point("X", time(9, 30)).en
    'lies in the collection point X, open until 09:30'
    """
    if until is None:
        return says(
            f"位于全天开放的投放点「{name}」", f"lies in the collection point {name}, always open"
        )
    return says(
        f"位于投放点「{name}」，开放至 {until:%H:%M}",
        f"lies in the collection point {name}, open until {until:%H:%M}",
    )


def not_watched() -> Sentence:
    return says("不在布控区域内", "stands where nothing is watched")


def looks_like(what: str, share: float, looks: int) -> Sentence:
    """What the detector called it, ``what`` one of ``person`` and ``vehicle``."""
    zh, en = CARRIERS[what]
    return says(
        f"{looks} 次辨认中 {share:.0%} 像{zh}",
        f"looks like {en.lower()} in {share:.0%} of {looks} looks",
    )


def of_a_vehicle() -> Sentence:
    return says("属于停在那里的车辆", "belongs to a vehicle that stands there")


def someone_before_it() -> Sentence:
    return says("有人挡在前面", "somebody stands before it")


def part_of_someone() -> Sentence:
    return says("可能是站在那里的人的一部分", "may be a part of who stands there")


def fills(share: float, of_share: float) -> Sentence:
    return says(
        f"只占其外框的 {share:.0%}，需 {of_share:.0%}",
        f"fills {share:.0%} of its box, not {of_share:.0%}",
    )


def tiny(area_m2: float, least_m2: float) -> Sentence:
    """
    >>> tiny(0.0028, 0.006).en
    'measures about 28 of 60 cm²'
    """
    area, least = f"{area_m2 * 1e4:.0f}", f"{least_m2 * 1e4:.0f}"
    return says(f"约 {area} 平方厘米，不足 {least}", f"measures about {area} of {least} cm²")


def outline(newness: float, of: float) -> Sentence:
    return says(
        f"轮廓新增度 {newness:.2f}，需 {of:.2f}：更像是有物离开",
        f"its outline is new by {newness:.2f}, not {of:.2f}: something may have left",
    )


def faint(sure: float, least: float) -> Sentence:
    """
    >>> faint(0.5, 0.55).en
    'its outline is faint and the detector does not know it: 0.50 sure, not 0.55'
    """
    return says(
        f"轮廓模糊，检测器也认不出：可信度 {sure:.2f}，需 {least:.2f}",
        f"its outline is faint and the detector does not know it: {sure:.2f} sure, not {least:.2f}",
    )


def light(kept: float, most: float) -> Sentence:
    return says(
        f"地面纹理仍可见 {kept:.2f}，至多 {most:.2f}：可能只是光线",
        f"the ground shows through it by {kept:.2f}, at most {most:.2f}: it may be light",
    )


def _left_by(facts: DumpingFacts) -> Sentence:
    zh, en = CARRIERS.get(facts.carrier, SOMEONE)
    after_zh, after_en = span((facts.departed_at - facts.contact_at).total_seconds())
    return says(
        f"{zh}在物品出现时位于该处，{after_zh}后离开",
        f"{en} was there when it appeared, and had left {after_en} later",
    )


def _stays(facts: DumpingFacts) -> Sentence:
    zh, en = span(facts.stayed_s)
    limit_zh, limit_en = span(facts.stay_limit_s)
    return says(
        f"离开后物品停留 {zh}（限 {limit_zh}）",
        f"It has stayed {en} since; the limit is {limit_en}",
    )


def _size(facts: DumpingFacts) -> Sentence:
    zh, en = LOADS[facts.load]
    if facts.area_m2 is None:
        share = f"{facts.area_share:.1%}"
        return says(f"占画面 {share}，{zh}", f"It covers {share} of the picture: {en}")
    return says(
        f"约 {facts.area_m2:.1f} 平方米，{zh}", f"It measures about {facts.area_m2:.1f} m²: {en}"
    )
