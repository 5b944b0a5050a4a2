"""What stands beneath the panels, in Chinese and English."""

from __future__ import annotations

from typing import Final

from edge.scenarios.construction_words import STAGES
from edge.scenarios.dumping_words import CARRIERS, SOMEONE
from edge.scenarios.words import says, span
from wire import Alert, Sentence
from wire.alert import Scenario

SCENARIOS: Final[dict[Scenario, tuple[str, str]]] = {
    "charging": ("飞线充电", "Charging by a hanging cable"),
    "dumping": ("偷倒垃圾", "Dumping"),
    "construction": ("违法搭建", "Illegal construction"),
}
FOOTAGE: Final = {
    "camera": ("", ""),
    "recording": ("录像", "recording"),
    "composed": ("合成画面", "composed scene"),
}

THING: Final = says("物品", "left behind")
BIKE: Final = says("车辆", "vehicle")
LOWER: Final = says("车端", "at the vehicle")
UPPER: Final = says("楼端", "at the building")
NOW: Final = says("现在", "Now")
OVERVIEW: Final = says("全景", "Whole view")
WHY: Final = says("为什么告警", "Why it alerted")


def who(carrier: str) -> Sentence:
    zh, en = CARRIERS.get(carrier, SOMEONE)
    return says(zh, en.removeprefix("A ").lower() if carrier in CARRIERS else "who came")


def before_carrier() -> Sentence:
    return says("来之前", "Before anybody came")


def at_the_place(carrier: str) -> Sentence:
    zh, en = CARRIERS.get(carrier, SOMEONE)
    return says(f"{zh}在此处", f"{en} is at the place")


def gone(carrier: str) -> Sentence:
    zh, _ = CARRIERS.get(carrier, SOMEONE)
    return says(f"{zh}离开，物品留下", "Gone; this is left behind")


def stays(stayed_s: float) -> Sentence:
    zh, en = span(stayed_s)
    return says(f"{zh}后仍在", f"Still there, {en} later")


def before_bike() -> Sentence:
    return says("停车之前", "Before the vehicle stood there")


def from_the_first() -> Sentence:
    return says("最早的画面，车已停在此处", "The earliest picture; it stands there already")


def stands() -> Sentence:
    return says("车辆停下", "The vehicle stands")


def undrawn(stood_s: float) -> Sentence:
    zh, en = span(stood_s)
    return says(f"停放 {zh}，原画面", f"After {en}, as the camera sees it")


def followed() -> Sentence:
    return says("电线走向及两端", "The cable, followed to both ends")


def baseline() -> Sentence:
    return says("基准画面", "The baseline")


def first_seen() -> Sentence:
    return says("首次发现变化", "A change is first seen")


def look(number: int, of: int) -> Sentence:
    return says(f"第 {number} 次观察（共 {of} 次）", f"Look {number} of {of}")


def built(stage: str) -> Sentence:
    zh, en = STAGES[stage]
    return says(f"现在：{zh}", f"Now: {en}")


def earlier(seconds: float) -> Sentence:
    """
    >>> earlier(13), earlier(3 * 86400).en
    (Sentence(zh='13 秒前', en='13 s earlier'), '3 days earlier')
    """
    if seconds >= 2 * 86400:
        days = round(seconds / 86400)
        return says(f"{days} 天前", f"{days} days earlier")
    if seconds >= 7200:
        return says(f"{seconds / 3600:.0f} 小时前", f"{seconds / 3600:.0f} h earlier")
    zh, en = span(seconds)
    return says(f"{zh}前", f"{en} earlier")


def told(alert: Alert) -> list[str]:
    """An alert and its reasons as lines of text; times as on this machine."""
    zh, en = SCENARIOS[alert.scenario]
    at = alert.captured_at.astimezone().isoformat(timespec="seconds")
    head = f"{at} {alert.camera_id} {zh} {en}, {alert.site.name} ({alert.confidence:.0%})"
    numbered = enumerate(alert.reasons, 1)
    return [head, *(f"{number:2} {why.zh} · {why.en}" for number, why in numbered)]
