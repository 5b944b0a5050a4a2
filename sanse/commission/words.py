"""What the page says, in Chinese and English."""

from __future__ import annotations

from html import escape
from typing import Final

from sanse.commission.results import LightName
from sanse.commission.stories import Scenario

SCENARIO: Final[dict[Scenario, tuple[str, str]]] = {
    "dumping": ("偷倒垃圾", "Dumping"),
    "charging": ("飞线充电", "Charging"),
    "construction": ("违法搭建", "Construction"),
}
LIGHT: Final[dict[LightName, tuple[str, str]]] = {
    "day": ("白天", "by day"),
    "night": ("夜间", "by night"),
}
MADE_NIGHT: Final = ("夜间（由白天合成）", "by night (made of the day)")


def both(zh: str, en: str) -> str:
    """Text in both languages, of which the page shows one; markup in it is escaped.

    >>> both("看见", "seen")
    '<span lang=zh>看见</span><span lang=en>seen</span>'
    """
    return f"<span lang=zh>{escape(zh)}</span><span lang=en>{escape(en)}</span>"


def light_name(light: LightName, *, composed: bool) -> tuple[str, str]:
    return MADE_NIGHT if light == "night" and composed else LIGHT[light]


KIND: Final = both(
    "摄像机开通前的试验 · 全部数字均为合成",
    "Before a camera goes live · every figure is composed",
)
LEAD: Final = (
    "把编排好的违法行为画进这台摄像机自己的空画面，再由盒子按平时的流程去看："
    "哪里看得见，哪里是盲区。这些行为没有真的发生过。",
    "Scripted offences were drawn into this camera's own empty frames, and the box looked at them "
    "as it always does: here it would see them, there it is blind. None of them happened.",
)
COMPOSED: Final = ("合成", "composed")
MAPS: Final = ("哪里看得见", "Where it sees")
MAPS_SAYS: Final = (
    "每个标记是一处试验；点开看画面和原因。",
    "Each mark is a probe; a click leads to its picture and the reason.",
)
SEEN, MISSED = ("看见", "seen"), ("漏看", "missed")
NOT_TRIED = ("未试：有车辆停在那里", "not tried: a vehicle stands there")
WATCHED = ("监看区边界", "edge of a watched zone")
HOW_FAR = ("按距离和光线", "By distance and light")
HOW_FAR_SAYS = (
    "看见的次数 / 试验次数。距离从摄像机正下方沿地面量起。",
    "Seen, of so many tried. Distance is along the ground, from below the camera.",
)
MISSES = ("漏看的原因", "Why it missed")
MISSES_SAYS = (
    "取自险报记录：在该处最接近告警的一次，差在哪一条；红条越长，差得越多。",
    "From the near-miss trace: what the closest call at that place lacked; the longer the red bar, "
    "the more.",
)
NO_MISSES = ("没有漏看。", "It missed none.")
FALSE = ("误报", "False alarms")
FALSE_SAYS = (
    "无辜的行为不该告警，原样回放的实拍也不该。",
    "Innocent deeds should raise nothing, nor should the clip as it is.",
)
KEYS = ("阈值建议", "Proposed thresholds")
SEEN_ONES = ("看见的试验", "What it saw")
NOTES = ("怎么测的，什么没测", "How this was measured, and what was not")
RUNGS = (
    ("取值", "value"),
    ("实拍误报", "false in clip"),
    ("每天至多（95 %）", "a day at most (95 %)"),
    ("无辜试验告警", "innocents that alert"),
)
