"""Numbers and words of the policy in both languages."""

import re
from datetime import timedelta
from typing import Final, Literal

Language = Literal["zh", "en"]

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_UNITS: Final[dict[Language, dict[str, str]]] = {
    "zh": {"s": "秒", "min": "分钟", "h": "小时", "d": "天"},
    "en": {"s": "s", "min": "min", "h": "h", "d": "days"},
}
_CARRIERS: Final[dict[str, dict[Language, str]]] = {
    "person": {"zh": "一个人", "en": "a person"},
    "vehicle": {"zh": "一辆车", "en": "a vehicle"},
    "unknown": {"zh": "一个类别不明的移动物体", "en": "a moving thing of unknown kind"},
}


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


def carrier_word(label: str, language: Language) -> str:
    """Who or what brought the thing; a label from the future is quoted as it is."""
    words = _CARRIERS.get(label)
    return words[language] if words else f"“{label}”"
