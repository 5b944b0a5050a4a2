"""The page of results: one HTML file and a folder of pictures, several systems side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template
from typing import Final

import cv2
import numpy as np

from benchmarks.events.frames import FrameOf, shown
from benchmarks.events.plots import MARKS, Row, delay_svg, recall_svg, reliability_svg
from benchmarks.events.rules import Rules, Xyxy
from benchmarks.events.score import FalseAlarm, Judged, Miss
from benchmarks.events.table import as_json, by_light, by_scenario, many, rows_of, table
from benchmarks.events.tally import Cell, tally
from benchmarks.events.truth import BACKGROUNDS, Background, Clip
from benchmarks.events.words import of_false_alarm, of_miss

PAGE: Final = Path(__file__).with_name("page.html")
PICTURE_WH: Final = (880, 660)
HEADINGS: Final[dict[Background, tuple[str, str]]] = {
    "composed": ("Drawn streets", "Everything in these clips is composed: street, light and deed."),
    "real": ("Real footage", "Real streets, filmed; the deeds in them are composed."),
}
OPEN_CARDS: Final = 12
WORST: Final = 10


@dataclass(frozen=True, slots=True)
class System:
    """A system, or one version of it, and what was judged of it."""

    name: str
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """All that a page tells.

    Attributes:
        note: One sentence about how the systems were run.
        remarks: What a person saw who looked at a miss or false alarm, by ``remark_key``.
    """

    title: str
    systems: tuple[System, ...]
    rules: Rules
    note: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= len(self.systems) <= len(MARKS):
            raise ValueError(f"{len(self.systems)} systems: want 1 to {len(MARKS)}")

    @property
    def clips(self) -> tuple[Clip, ...]:
        named = {one.clip.name: one.clip for system in self.systems for one in system.judged}
        return tuple(named.values())


def write_report(results: Results, out: Path, frame_of: FrameOf) -> Path:
    """Writes ``index.html``, ``results.json`` and ``pictures/`` into ``out``; returns the page."""
    pictures = out / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    tables = [tally(system.judged) for system in results.systems]
    camera = _Camera(frame_of, pictures)
    body = "".join(
        _section(background, results, tables, camera)
        for background in BACKGROUNDS
        if any(clip.background == background for clip in results.clips)
    )
    page = Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(results.title),
        lead=_lead(results),
        systems=str(len(results.systems)),
        legend=_legend(results.systems),
        body=body + _worst(results, camera) if body else "<p class=none>No clips were judged.</p>",
    )
    path = out / "index.html"
    path.write_text(page, encoding="utf-8")
    told = {
        system.name: [as_json(cell) for cell in cells]
        for system, cells in zip(results.systems, tables, strict=True)
    }
    (out / "results.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return path


@dataclass(slots=True)
class _Camera:
    """Takes the pictures for the page, each once."""

    frame_of: FrameOf
    folder: Path
    taken: int = 0
    kept: dict[tuple[str, float, Xyxy | None, Xyxy | None], str] = field(default_factory=dict)

    def img(self, clip: str, t_s: float, truth: Xyxy | None, alert: Xyxy | None) -> str:
        key = clip, t_s, truth, alert
        if key not in self.kept:
            self.kept[key] = self._img(*key)
        return self.kept[key]

    def _img(self, clip: str, t_s: float, truth: Xyxy | None, alert: Xyxy | None) -> str:
        picture = self.frame_of(clip, t_s)
        if picture is None:
            return "<div class=blank>no picture</div>"
        part = shown(picture, truth, alert)
        scale = min(PICTURE_WH[0] / part.shape[1], PICTURE_WH[1] / part.shape[0], 1.0)
        if scale < 1:
            size = round(part.shape[1] * scale), round(part.shape[0] * scale)
            part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        self.taken += 1
        name = f"{self.taken:04d}.jpg"
        cv2.imwrite(str(self.folder / name), part, [cv2.IMWRITE_JPEG_QUALITY, 82])
        height, width = part.shape[:2]
        says = escape(f"{clip} at {t_s:.1f} s")
        return (
            f'<a href="pictures/{name}"><img src="pictures/{name}" width={width} height={height} '
            f'loading=lazy alt="{says}"></a>'
        )


def _lead(results: Results) -> str:
    clips = results.clips
    events = [event for clip in clips for event in clip.events if event.scenario in clip.scenarios]
    offences = sum(event.offence for event in events)
    said = [
        f"{many(len(clips), 'clip')} with "
        f"{many(offences, 'offence')} and {many(len(events) - offences, 'hard negative')}. "
        "Intervals are 95 %."
    ]
    return " ".join([*said, escape(results.note)]).strip()


def _legend(systems: Sequence[System]) -> str:
    return "".join(
        f"<li class=s{k}><i></i>{escape(system.name)}</li>" for k, system in enumerate(systems, 1)
    )


def _section(
    background: Background, results: Results, tables: Sequence[Sequence[Cell]], camera: _Camera
) -> str:
    rows = rows_of([[cell for cell in cells if cell.background == background] for cells in tables])
    heading, says = HEADINGS[background]
    names = [system.name for system in results.systems]
    some = any(cell is not None and cell.events for _, cells in rows for cell in cells)
    plots = _plots(rows) if some else ""
    return (
        f"<section><h2>{heading} <small>{background}</small></h2><p>{says}</p>"
        f"{table(rows, names)}{plots}{_negatives(background, results)}"
        f"{_galleries(background, results, camera)}</section>"
    )


def _plots(rows: Sequence[Row]) -> str:
    strata, scenarios = by_light(rows), by_scenario(rows)
    drawn = (
        ("Found, by scenario and light", recall_svg(strata)),
        ("From the deed to the alert", delay_svg(strata)),
        ("What alerts claim, and how many are right", reliability_svg(scenarios)),
    )
    figures = (f"<figure><figcaption>{name}</figcaption>{svg}</figure>" for name, svg in drawn)
    return f"<div class=plots>{''.join(figures)}</div>"


def _negatives(background: Background, results: Results) -> str:
    """Every hard negative, and how many alerts of each system fell for it."""
    rows = []
    fallen = [_fallen(system) for system in results.systems]
    for clip in results.clips:
        if clip.background != background:
            continue
        for number, event in enumerate(clip.events):
            if not event.offence and event.scenario in clip.scenarios:
                counts = [found.get((clip.name, number), 0) for found in fallen]
                rows.append((sum(counts), event.scenario, clip, event.reason, counts))
    if not rows:
        return ""
    quiet = sum(not row[0] for row in rows)
    lines = "".join(
        f"<li><span>{escape(reason or 'Not told why.')}"
        f"<small>{scenario}, {clip.light}, {escape(clip.name)}</small></span>{_counts(counts)}</li>"
        for _, scenario, clip, reason, counts in sorted(rows, key=lambda row: -row[0])
    )
    opened = " open" if len(rows) <= OPEN_CARDS else ""
    return (
        f"<details{opened} class=negatives><summary>Hard negatives "
        f"<small>{quiet} of {len(rows)} raised nothing</small></summary><ol>{lines}</ol></details>"
    )


def _fallen(system: System) -> dict[tuple[str, int], int]:
    """Alerts by clip and number of the hard negative that they fell for."""
    found: dict[tuple[str, int], int] = {}
    for one in system.judged:
        for wrong in one.false_alarms:
            if wrong.negative is not None:
                key = one.clip.name, one.clip.events.index(wrong.negative)
                found[key] = found.get(key, 0) + 1
    return found


def _counts(counts: Sequence[int]) -> str:
    return "".join(
        f"<span class='s{k}{'' if count else ' zero'}'><i></i>{count}</span>"
        for k, count in enumerate(counts, 1)
    )


def _galleries(background: Background, results: Results, camera: _Camera) -> str:
    parts = []
    for number, system in enumerate(results.systems, 1):
        here = [one for one in system.judged if one.clip.background == background]
        misses = [_miss(miss, results.rules, camera, one) for one in here for miss in one.misses]
        wrong = [
            _wrong(alarm, results.rules, camera, one) for one in here for alarm in one.false_alarms
        ]
        parts.append(
            f"<h3 class=s{number}><i></i>{escape(system.name)}</h3>"
            f"{_gallery('Missed', misses)}{_gallery('False alarms', wrong)}"
        )
    return "".join(parts)


def _gallery(heading: str, cards: Sequence[str]) -> str:
    if not cards:
        return f"<p class=none>{heading}: none.</p>"
    opened = " open" if len(cards) <= OPEN_CARDS else ""
    return (
        f"<details{opened}><summary>{heading} <small>{len(cards)}</small></summary>"
        f"<div class=cards>{''.join(cards)}</div></details>"
    )


def remark_key(clip: str, scenario: str, t_s: float) -> str:
    """Names a miss by its deed's beginning, a false alarm by its own time.

    >>> remark_key("dumping-01-gate-day", "dumping", 31.4)
    'dumping-01-gate-day dumping 31'
    """
    return f"{clip} {scenario} {t_s:.0f}"


def _worst(results: Results, camera: _Camera) -> str:
    """The last system's worst, for a person to look at, with what the last one who did saw.

    The worst miss is of the largest deed; the worst false alarm is the surest.
    """
    system, rules, remarks = results.systems[-1], results.rules, results.remarks
    misses = sorted(
        ((miss, one) for one in system.judged for miss in one.misses),
        key=lambda pair: -pair[0].event.area_m2,
    )
    wrong = sorted(
        ((alarm, one) for one in system.judged for alarm in one.false_alarms),
        key=lambda pair: -(pair[0].alarm.confidence or 0.0),
    )
    missed = [
        _remarked(
            _miss(miss, rules, camera, one),
            remarks.get(remark_key(one.clip.name, one.scenario, miss.event.begin_s)),
        )
        for miss, one in misses[:WORST]
    ]
    fooled = [
        _remarked(
            _wrong(alarm, rules, camera, one),
            remarks.get(remark_key(one.clip.name, one.scenario, alarm.alarm.t_s)),
        )
        for alarm, one in wrong[:WORST]
    ]
    heading = "The worst, looked at" if remarks else "The worst"
    return (
        f"<section><h2>{heading} <small>{escape(system.name)}</small></h2>"
        "<p>Misses of the largest deeds, and the false alarms that were surest.</p>"
        f"{_gallery('Worst misses', missed)}{_gallery('Worst false alarms', fooled)}</section>"
    )


def _remarked(card: str, remark: str | None) -> str:
    if remark is None:
        return card
    return card.replace("</article>", f"<p class=remark>{escape(remark)}</p></article>")


def _miss(miss: Miss, rules: Rules, camera: _Camera, one: Judged) -> str:
    event, near = miss.event, miss.nearest
    at_s = (event.begin_s + min(event.end_s, miss.clip.seconds)) / 2
    image = camera.img(miss.clip.name, at_s, event.place_xyxy, near.xyxy if near else None)
    return _card(
        image,
        f"{one.scenario}, {one.clip.light}",
        of_miss(miss, rules),
        event.reason,
        (miss.clip, at_s),
    )


def _wrong(wrong: FalseAlarm, rules: Rules, camera: _Camera, one: Judged) -> str:
    alarm = wrong.alarm
    place = wrong.negative.place_xyxy if wrong.negative else None
    image = camera.img(wrong.clip.name, alarm.t_s, place, alarm.xyxy)
    return _card(
        image,
        f"{one.scenario}, {one.clip.light}",
        of_false_alarm(wrong, rules),
        "",
        (wrong.clip, alarm.t_s),
    )


def _card(image: str, kind: str, says: str, reason: str, at: tuple[Clip, float]) -> str:
    clip, t_s = at
    meant = f"<p class=meant>{escape(reason)}</p>" if reason else ""
    return (
        f"<article>{image}<h4>{kind}<small>{escape(clip.name)} at {t_s:.1f} s</small></h4>"
        f"<p>{escape(says)}</p>{meant}</article>"
    )
