"""What a reader must know before trusting the page, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator

from sanse.commission.places import step_m
from sanse.commission.report import LIMITS_S, Report


def notes(report: Report) -> Iterator[tuple[str, str]]:
    apart_m = step_m(report.places)
    first, last = report.stretch.begin_s, report.stretch.end_s
    yield (
        f"{len(report.places)} 个地点，相距约 {apart_m:.1f} 米；每处每种情形只试一次，"
        "数字小，不代表概率。",
        f"{len(report.places)} places, some {apart_m:.1f} m apart; each deed was tried once at "
        "each, so figures are small and no odds.",
    )
    yield (
        f"背景是实拍的第 {first:.0f}–{last:.0f} 秒，其中平均有 {report.stretch.busy:.1%} 的画面"
        "在动；真实的行人会走过，也会遮挡。",
        f"The background is seconds {first:.0f} to {last:.0f} of the clip, in which "
        f"{report.stretch.busy:.1%} of the picture moves; real people pass, and hide what is "
        "drawn.",
    )
    limits = ", ".join(f"{key} = {value:g}" for key, value in LIMITS_S.items())
    yield (
        f"为了省时，试验时阈值缩短为 {limits}；更久的停留会遇到更多遮挡，这里没有测。",
        f"To save time the limits were {limits} while probing; a longer stay meets more "
        "passers-by, which was not measured.",
    )
    yield (
        "立在画面里的东西（电线杆、围墙、停着的车）挡不住画进去的东西；地面按一个平面算。",
        "What stands still in the picture (posts, walls, parked cars) hides nothing of what is "
        "drawn, and the ground is one plane.",
    )
    if report.stages["night"].composed:
        yield (
            "夜间由白天的画面合成：一盏路灯照在地点中央，再经合成的感光器件；白天的影子还在，没有红外画面。",
            "Night was made of the day: one lamp over the middle of the places, seen by a drawn "
            "sensor; the day's shadows stay, and infrared is not shown.",
        )
    if "charging" in report.scenarios:
        yield (
            "充电线从车后 1.6 米、高 3.2 米处垂下，不论那里有没有墙。",
            "The cable hangs from 1.6 m behind the bike and 3.2 m up, whether or not a wall is "
            "there.",
        )
    if "construction" in report.scenarios:
        yield (
            "搭建只试白天：九张照片跨四天，同一段实拍，没有季节和天气的变化。",
            "Construction is probed by day alone: nine looks in four days, all of one stretch, "
            "without weather or season.",
        )
        yield (
            "construction.looks 和 span_h 没有建议：实拍没有那么多天。",
            "Nothing is proposed for construction.looks and span_h: the clip has not so many days.",
        )
    yield (
        "“最小面积”不是配置项，没有建议：请看距离表。",
        "A least size is no key, so none is proposed: see the table by distance.",
    )
