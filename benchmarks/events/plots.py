"""Figures as SVG that takes its colors from the page, so that one drawing serves light and dark."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from benchmarks.events.tally import Cell

INK, QUIET, LINE = "#010101", "#020202", "#030303"
SYSTEMS: Final = ("#040401", "#040402", "#040403", "#040404")
MARKS: Final = ("o", "s", "D", "^")
DASHES: Final = ("-", "--", ":")
THEME: Final = {
    INK: "var(--ink)",
    QUIET: "var(--ink-2)",
    LINE: "var(--line)",
    **{color: f"var(--s{k})" for k, color in enumerate(SYSTEMS, 1)},
}
"""Colors that stand for the page's own."""
WIDTH_IN: Final = 5.2
LONG_S: Final = 900.0

Row = tuple[str, Sequence[Cell | None]]
"""A stratum's name, and its cell of each system."""


def recall_svg(rows: Sequence[Row]) -> str:
    """Share found by stratum, with its interval, one mark for each system."""
    figure, axes = _figure(rows)
    for level, (_, cells) in enumerate(rows):
        for number, cell in enumerate(cells):
            if cell is None or cell.recall is None:
                continue
            at, color = _level(level, number, len(cells)), SYSTEMS[number]
            low, high = cell.recall_interval.low, cell.recall_interval.high
            axes.plot([low, high], [at, at], color=color, linewidth=2, solid_capstyle="butt")
            axes.plot(cell.recall, at, MARKS[number], color=color, markersize=6.5)
    axes.set_xlim(-0.02, 1.02)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    return _svg(figure, "Share of events found, with 95 % intervals")


def delay_svg(rows: Sequence[Row]) -> str:
    """Every delay as a dot by stratum, with the median as a bar."""
    figure, axes = _figure(rows)
    every: list[float] = []
    for level, (_, cells) in enumerate(rows):
        for number, cell in enumerate(cells):
            if cell is None or cell.delay_median_s is None:
                continue
            at, color = _level(level, number, len(cells)), SYSTEMS[number]
            delays = [max(delay, 1.0) for delay in cell.delays_s]
            axes.scatter(delays, [at] * len(delays), s=18, color=color, alpha=0.45, linewidths=0)
            middle = max(cell.delay_median_s, 1.0)
            axes.plot([middle, middle], [at - 0.14, at + 0.14], color=color, linewidth=2.5)
            every += delays
    _seconds(axes, min(every, default=1.0), max(every, default=1.0))
    return _svg(figure, "Delay from the deed to the alert; the bar is the median")


def reliability_svg(rows: Sequence[Row]) -> str:
    """What alerts claim of their being right against the share that is, one line per row."""
    figure = Figure((WIDTH_IN, 0.55 * WIDTH_IN), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=LINE, linewidth=1.2)
    for index, (name, cells) in enumerate(rows):
        for number, cell in enumerate(cells):
            if cell is None or not cell.claims:
                continue
            color = SYSTEMS[number]
            claimed = [claim.claimed for claim in cell.claims]
            right = [claim.right / claim.alarms for claim in cell.claims]
            axes.plot(claimed, right, DASHES[index], color=color, linewidth=1.2, alpha=0.6)
            for x, y, claim in zip(claimed, right, cell.claims, strict=True):
                low, high = claim.interval.low, claim.interval.high
                axes.plot([x, x], [low, high], color=color, linewidth=1, alpha=0.4)
                size = 3 + 2 * math.sqrt(claim.alarms)
                axes.plot(x, y, MARKS[index], color=color, markersize=size, markeredgewidth=0)
        axes.plot([], [], DASHES[index] + MARKS[index], color=QUIET, label=name)
    least = [cell.claims[0].claimed for _, cells in rows for cell in cells if cell and cell.claims]
    axes.set_xlim(min([0.5, *least]) - 0.05, 1.02)
    axes.set_ylim(-0.03, 1.05)
    percent = FuncFormatter(lambda share, _: f"{100 * share:.0f} %")
    axes.xaxis.set_major_formatter(percent)
    axes.yaxis.set_major_formatter(percent)
    axes.set_xlabel("claimed", color=QUIET)
    axes.set_ylabel("right", color=QUIET)
    _quiet(axes)
    axes.legend(frameon=False, labelcolor=QUIET, fontsize=9, loc="lower right")
    return _svg(figure, "Share of alerts that are right, by what they claim, with 95 % intervals")


def duration(seconds: float) -> str:
    """A span as one reads it.

    >>> duration(84.2), duration(1500), duration(9000), duration(200_000)
    ('84 s', '25 min', '2.5 h', '2.3 d')
    """
    for limit, unit, name in ((600, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.{0 if unit < 3600 else 1}f} {name}"
    return f"{seconds / 86_400:.1f} d"


def _figure(rows: Sequence[Row]) -> tuple[Figure, Axes]:
    systems = max((len(cells) for _, cells in rows), default=1)
    figure = Figure((WIDTH_IN, 0.7 + len(rows) * (0.16 + 0.13 * systems)), layout="constrained")
    axes = figure.subplots()
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    _quiet(axes)
    for level in range(1, len(rows)):
        axes.axhline(level - 0.5, color=LINE, linewidth=0.8)
    return figure, axes


def _quiet(axes: Axes) -> None:
    axes.tick_params(colors=QUIET, length=0, labelsize=9.5)
    axes.grid(axis="x", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)


def _level(row: int, number: int, systems: int) -> float:
    return row + (number - (systems - 1) / 2) * min(0.28, 0.8 / systems)


def _seconds(axes: Axes, least: float, most: float) -> None:
    if most > LONG_S:
        axes.set_xscale("log")
        ticks = [
            s for s in (1, 10, 60, 600, 3600, 21_600, 86_400, 604_800) if least / 2 <= s <= most * 2
        ]
        axes.set_xticks(ticks)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(least / 2, most * 2)
    else:
        axes.set_xlim(0, most * 1.08)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: _tick(seconds)))


def _tick(seconds: float) -> str:
    for unit, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit and seconds % unit == 0:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:g} s"


def _svg(figure: Figure, says: str) -> str:
    """The drawing alone, its colors the page's, the same bytes for the same figures."""
    told = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": says}):
        figure.savefig(told, format="svg", transparent=True, metadata={"Date": None})
    text = told.getvalue()
    text = text[text.index("<svg ") :]
    for color, name in THEME.items():
        text = text.replace(color, name)
    return text.replace("<svg ", f'<svg role="img" aria-label="{says}" ', 1)
