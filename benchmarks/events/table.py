"""The table of figures: a row for each stratum, side by side the systems; and the same as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

from benchmarks.events.intervals import Interval
from benchmarks.events.plots import Row, duration
from benchmarks.events.tally import Cell

Figure = tuple[str, str]
"""What stands large in a cell, and what small."""
FIT_WIDE: Final = 2
"""So many systems stand side by side without folding their lines."""
NOTHING: Final[Figure] = ("\N{EN DASH}", "")


def rows_of(tables: Sequence[Sequence[Cell]]) -> list[Row]:
    """Strata of one background in their order, each with the cell of every system."""
    order: dict[str, list[Cell | None]] = {}
    for number, table in enumerate(tables):
        for cell in table:
            name = f"{cell.scenario}, {cell.light}{' lights' if cell.light == 'all' else ''}"
            order.setdefault(name, [None] * len(tables))[number] = cell
    return list(order.items())


def by_light(rows: Sequence[Row]) -> list[Row]:
    """The rows without totals."""
    return [row for row in rows if first_of(row[1]).light != "all"]


def by_scenario(rows: Sequence[Row]) -> list[Row]:
    """One row for each scenario, by its name: its total, or its only light."""
    last = {first_of(row[1]).scenario: row[1] for row in rows}
    return list(last.items())


def first_of(cells: Sequence[Cell | None]) -> Cell:
    return next(cell for cell in cells if cell is not None)


def table(rows: Sequence[Row], names: Sequence[str]) -> str:
    heads = "".join(f"<th colspan={len(names)} scope=colgroup>{name}</th>" for name in METRICS)
    keys = "".join(
        f"<th class=s{k} scope=col><i></i>{escape(name)}</th>" for k, name in enumerate(names, 1)
    )
    body = "".join(_row(name, cells) for name, cells in rows)
    dense = " class=dense" if len(names) > FIT_WIDE else ""
    return (
        f"<div class=table><table{dense}><thead><tr><th rowspan=2 scope=col>Scenario, light</th>"
        f"{heads}</tr><tr>{keys * len(METRICS)}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def as_json(cell: Cell) -> dict[str, Any]:
    """A cell's counts and figures; null where the question was never asked."""
    rate = cell.false_per_hour_interval
    return {
        "scenario": cell.scenario,
        "light": cell.light,
        "background": cell.background,
        "clips": cell.clips,
        "hours": round(cell.hours, 4),
        "events": cell.events,
        "found": cell.found,
        "recall": _rounded(cell.recall),
        "recall_interval": _pair(cell.recall_interval),
        "alerts": cell.alarms,
        "precision": _rounded(cell.precision),
        "precision_interval": _pair(cell.precision_interval),
        "confidence": _rounded(cell.confidence),
        "claims": [[round(c.claimed, 3), c.alarms, c.right] for c in cell.claims],
        "false_alarms": cell.false_alarms,
        "false_per_hour": _rounded(cell.false_per_hour),
        "false_per_hour_interval": _pair(rate) if rate else None,
        "negatives": cell.negatives,
        "negatives_hit": cell.negatives_hit,
        "duplicates": cell.duplicates,
        "wrong_carriers": cell.wrong_carriers,
        "delay_median_s": _rounded(cell.delay_median_s),
        "delay_p90_s": _rounded(cell.delay_p90_s),
    }


def many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _row(name: str, cells: Sequence[Cell | None]) -> str:
    first = first_of(cells)
    counts = (
        f"{many(first.events, 'event')}, {many(first.clips, 'clip')}, "
        f"{duration(first.hours * 3600)}"
    )
    tds = "".join(
        f"<th class=metric aria-hidden=true>{metric}</th>"
        + "".join(_td(figure(cell) if cell else NOTHING, k) for k, cell in enumerate(cells, 1))
        for metric, figure in METRICS.items()
    )
    total = " class=total" if first.light == "all" else ""
    return f"<tr{total}><th scope=row>{name}<small>{counts}</small></th>{tds}</tr>"


def _td(figure: Figure, number: int) -> str:
    large, small = figure
    return f"<td class=s{number}><b>{large}</b><small>{small}</small></td>"


def _found(cell: Cell) -> Figure:
    if cell.recall is None:
        return NOTHING
    return _percent(cell.recall), f"{cell.found} of {cell.events}; {_span(cell.recall_interval)}"


def _false(cell: Cell) -> Figure:
    interval = cell.false_per_hour_interval
    if cell.false_per_hour is None or interval is None:
        return NOTHING
    span = f"{_rate(interval.low)}–{_rate(interval.high)}"
    small = f"{cell.false_alarms} seen; {_whole(span)}"
    return _rate(cell.false_per_hour), small


def _precision(cell: Cell) -> Figure:
    if cell.precision is None:
        return NOTHING
    interval = _span(cell.precision_interval)
    claimed = "" if cell.confidence is None else f"; claimed {_percent(cell.confidence)}"
    return _percent(cell.precision), f"{cell.found} of {cell.alarms}; {interval}{claimed}"


def _delay(cell: Cell) -> Figure:
    if cell.delay_median_s is None or cell.delay_p90_s is None:
        return NOTHING
    return duration(cell.delay_median_s), _whole(f"p90 {duration(cell.delay_p90_s)}")


def _identity(cell: Cell) -> Figure:
    counts = {"twice": cell.duplicates, "wrong kind": cell.wrong_carriers}
    small = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return str(sum(counts.values())), small


METRICS: Final[dict[str, Callable[[Cell], Figure]]] = {
    "Found": _found,
    "False alarms/h": _false,
    "Precision": _precision,
    "Delay": _delay,
    "Identity": _identity,
}


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _pair(interval: Interval) -> list[float]:
    return [round(interval.low, 4), round(interval.high, 4)]


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def _span(interval: Interval) -> str:
    return _whole(f"{100 * interval.low:.0f}–{100 * interval.high:.0f}\N{NO-BREAK SPACE}%")


def _rate(per_hour: float) -> str:
    return f"{per_hour:.2g}" if per_hour < 10 else f"{per_hour:.0f}"


def _whole(text: str) -> str:
    """Text that no line breaks."""
    return f"<span>{text}</span>"
