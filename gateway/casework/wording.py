"""Numbers and words of the policy in both languages."""

import re
from datetime import timedelta
from typing import Final, Literal

from wire import ChargingFacts, ConstructionFacts, DumpingFacts, Facts

Language = Literal["zh", "en"]

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_UNITS: Final[dict[Language, dict[str, str]]] = {
    "zh": {"s": "秒", "min": "分钟", "h": "小时", "d": "天"},
    "en": {"s": "s", "min": "min", "h": "h", "d": "days"},
}
_THINGS: Final[dict[str, dict[Language, str]]] = {
    "person": {"zh": "一个人", "en": "a person"},
    "vehicle": {"zh": "一辆车", "en": "a vehicle"},
    "car": {"zh": "一辆轿车", "en": "a car"},
    "van": {"zh": "一辆面包车", "en": "a van"},
    "truck": {"zh": "一辆卡车", "en": "a truck"},
    "bus": {"zh": "一辆客车", "en": "a bus"},
    "tricycle": {"zh": "一辆三轮车", "en": "a tricycle"},
    "bicycle": {"zh": "一辆自行车", "en": "a bicycle"},
    "motorcycle": {"zh": "一辆摩托车", "en": "a motorcycle"},
    "e-bike": {"zh": "一辆电动自行车", "en": "an e-bike"},
    "battery": {"zh": "一块电瓶", "en": "a battery"},
    "unknown": {"zh": "一个类别不明的移动物体", "en": "a moving thing of unknown kind"},
}
_STAGES: Final[dict[str, dict[Language, str]]] = {
    "material": {"zh": "堆放材料", "en": "stacked material"},
    "frame": {"zh": "搭起框架", "en": "a frame"},
    "roof": {"zh": "已封顶", "en": "a roof"},
}
_UNMEASURED: Final[dict[Language, str]] = {"zh": "未测", "en": "unmeasured"}


def as_duration(given: object) -> timedelta:
    """A number and its unit, as a policy writes it.

    >>> as_duration("15 min")
    datetime.timedelta(seconds=900)
    """
    if isinstance(given, timedelta):
        return given
    match = _DURATION.fullmatch(given) if isinstance(given, str) else None
    if match is None or float(match[1]) == 0:
        raise ValueError(f"{given!r}: want a time such as '90 s', '15 min', '8 h' or '7 d'")
    return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])


def spelled(span: timedelta, language: Language) -> str:
    """A time in the largest unit that leaves no remainder.

    >>> spelled(timedelta(days=7), "en"), spelled(timedelta(seconds=90), "zh")
    ('7 days', '90 秒')
    """
    seconds = span.total_seconds()
    unit = next((unit for unit in ("d", "h", "min") if seconds % _SECONDS[unit] == 0), "s")
    return f"{seconds / _SECONDS[unit]:g} {_UNITS[language][unit]}"


def about(seconds: float, language: Language) -> str:
    """A time as people say it: two or more of a unit, rounded.

    >>> about(640, "en"), about(96 * 3600, "zh"), about(45, "en")
    ('11 min', '4 天', '45 s')
    """
    unit = next((unit for unit in ("d", "h", "min") if seconds >= 2 * _SECONDS[unit]), "s")
    return f"{seconds / _SECONDS[unit]:.0f} {_UNITS[language][unit]}"


def thing_word(label: str, language: Language) -> str:
    """Who or what it is; a label from the future is quoted as it is."""
    words = _THINGS.get(label)
    return words[language] if words else f"“{label}”"


def told_in_words(told: Facts, language: Language) -> dict[str, str]:
    """What the box saw, as it is filled into the policy's sentences."""

    def measured(value: float | None) -> str:
        return _UNMEASURED[language] if value is None else f"{value:.1f}"

    common = {"area_percent": f"{told.area_share:.1%}".removesuffix("%")}
    match told:
        case DumpingFacts():
            return common | {
                "carrier": thing_word(told.carrier, language),
                "stayed_s": f"{told.stayed_s:.0f}",
                "stay_limit_s": f"{told.stay_limit_s:g}",
                "area_m2": measured(told.area_m2),
                "closed_point": told.closed_point,
            }
        case ChargingFacts():
            return common | {
                "vehicle": thing_word(told.vehicle, language),
                "bikes": str(told.bikes),
                "stood": about(told.stood_s, language),
                "cable_m": measured(told.cable_m),
            }
        case ConstructionFacts():
            return common | {
                "looks": str(told.looks),
                "span": about(told.span_h * 3600, language),
                "stage": _STAGES[told.stage][language],
                "grown_percent": f"{told.grown:.0%}".removesuffix("%"),
                "area_m2": measured(told.area_m2),
                "height_m": measured(told.height_m),
            }
