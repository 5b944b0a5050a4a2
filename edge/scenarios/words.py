"""Words that all scenarios share, in Chinese and English."""

from __future__ import annotations

from wire import Sentence


def span(seconds: float) -> tuple[str, str]:
    """A time that passed, rounded as people say it.

    >>> span(41), span(240), span(9000)
    (('41 秒', '41 s'), ('4 分钟', '4 min'), ('2.5 小时', '2.5 h'))
    """
    if seconds < 120:
        return f"{seconds:.0f} 秒", f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} 分钟", f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} 小时", f"{seconds / 3600:.1f} h"


def always_there() -> Sentence:
    return says("已标记为常设，不再告警", "It was marked as always there; it alerts no more")


def says(zh: str, en: str) -> Sentence:
    return Sentence(zh=zh, en=en)
