"""``commission.html``: one file, nothing beside it; the map over the camera's own frame."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from math import isfinite
from pathlib import Path
from string import Template
from typing import Final

from sanse.commission import words
from sanse.commission.footage import sized, stage_wh
from sanse.commission.maps import id_of, legend, panel, state
from sanse.commission.notes import notes
from sanse.commission.places import band_of
from sanse.commission.proposals import Proposal, Rung, hours, plain
from sanse.commission.report import Cell, Report
from sanse.commission.results import Result, Watched
from sanse.commission.sights import jpeg
from sanse.commission.stories import STORIES
from sanse.commission.words import both

TEMPLATE: Final = Path(__file__).with_name("page.html")
MAP_WIDTH: Final = 960
OPEN_CARDS: Final = 12


def write_page(report: Report) -> Path:
    """Writes ``commission.html`` and ``commission.json`` into the report's folder.

    Returns:
        The page.
    """
    out = report.settings.out
    told = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    (out / "commission.json").write_text(told + "\n", encoding="utf-8")
    photos = {
        light: jpeg(sized(picture, stage_wh(report.stages["day"].wh, MAP_WIDTH)), 80)
        for light, picture in report.empties.items()
    }
    name = report.site.name
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(f"{name} · 开通试验 commissioning"),
        day=photos["day"],
        night=photos["night"],
        kind=words.KIND,
        heading=f"{escape(name)} {both('开通试验', 'commissioned')}",
        lead=both(*words.LEAD),
        body="".join(_sections(report)),
        footer=_footer(report),
    )
    path = out / "commission.html"
    path.write_text(page, encoding="utf-8")
    return path


def _sections(report: Report) -> Iterable[str]:
    panels = [
        panel(report, scenario, light)
        for scenario in report.scenarios
        for light in report.lights(scenario)
    ]
    maps = f"<div class=grid>{''.join(panels)}</div>{legend(report)}"
    yield _section(words.MAPS, words.MAPS_SAYS, maps)
    yield _section(words.HOW_FAR, words.HOW_FAR_SAYS, _by_distance(report))
    offences = [result for result in report.results if result.offence]
    missed = [result for result in offences if not result.seen]
    cards = _cards(report, missed) if missed else f"<p>{both(*words.NO_MISSES)}</p>"
    yield _section(words.MISSES, words.MISSES_SAYS, cards)
    yield _section(words.FALSE, words.FALSE_SAYS, _false(report))
    keys = "".join(_key(proposal, report.settings.per_day) for proposal in report.proposals())
    per_day = report.settings.per_day
    says = (
        f"容许每天 {per_day:g} 次误报时。只依据本次测得的数据；证明不了的，如实说明。",
        f"For {per_day:g} false alarms a day. Only from what was measured here; what that cannot "
        "bear out is said.",
    )
    yield _section(words.KEYS, says, f"<div class=grid>{keys}</div>")
    seen = [result for result in offences if result.seen]
    if seen:
        opened = " open" if len(seen) <= OPEN_CARDS else ""
        yield (
            f"<section><details{opened}><summary>{both(*words.SEEN_ONES)} <small>{len(seen)}, "
            f"{both(*words.COMPOSED)}</small></summary>{_cards(report, seen)}</details></section>"
        )
    listed = "".join(f"<li>{both(zh, en)}</li>" for zh, en in notes(report))
    yield _section(words.NOTES, None, f"<ul class=notes>{listed}</ul>")


def _section(heading: tuple[str, str], says: tuple[str, str] | None, content: str) -> str:
    told = f"<p>{both(*says)}</p>" if says else ""
    made = "" if heading == words.NOTES else f"<small>{both(*words.COMPOSED)}</small>"
    return f"<section><h2>{both(*heading)}{made}</h2>{told}{content}</section>"


def _by_distance(report: Report) -> str:
    """A row for each scenario and light, a column for each band, near before far."""
    cells = {(cell.scenario, cell.light, cell.band): cell for cell in report.cells()}
    far = {band_of(place.far_m): place.far_m for place in report.places if not place.taken}
    bands = sorted(far, key=lambda band: far[band])
    heads = "".join(f"<th scope=col>{band.replace('-', '–')} m</th>" for band in bands)
    rows = "".join(
        f"<tr><th scope=row>{both(*words.SCENARIO[s])} <small>{both(*words.LIGHT[light])}</small>"
        f"</th>{''.join(_cell(cells.get((s, light, band))) for band in bands)}</tr>"
        for s in report.scenarios
        for light in report.lights(s)
    )
    return (
        f"<div class=table><table><thead><tr><th></th>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<td>–</td>"
    share = 100 * cell.seen / cell.tried
    filled = f"<i style='width:{share:.0f}%'></i>" if share else ""
    return (
        f"<td><b>{cell.seen} / {cell.tried}</b><span class=bar aria-hidden=true>"
        f"{filled}</span></td>"
    )


def _cards(report: Report, results: Sequence[Result]) -> str:
    return f"<div class=cards>{''.join(_card(report, result) for result in results)}</div>"


def _card(report: Report, result: Result) -> str:
    place = report.place(result.place)
    kind, _ = state(result)
    light = words.LIGHT[result.light]
    what = words.SCENARIO[result.scenario]
    says, lack = _answer(result)
    image = _image(result)
    return (
        f"<article id='{id_of(result)}'>{image}<h3><span class='mark {kind}'><span>{place.number}"
        f"</span></span><span>{both(*what)} {both(*light)} <small>{place.far_m:.0f}&nbsp;m</small>"
        f"</span></h3><p>{says}</p>{lack}</article>"
    )


def _answer(result: Result) -> tuple[str, str]:
    """What the box said, and by how much it fell short."""
    if result.delay_s is not None:
        hours = result.scenario == "construction"
        after = result.delay_s / 3600 if hours else result.delay_s
        unit = ("小时", "h") if hours else ("秒", "s")
        return both(f"{after:.0f} {unit[0]}后告警。", f"Alerts after {after:.0f} {unit[1]}."), ""
    if result.reason is None:
        return "", ""
    lack = f"<span class=lack><i style='width:{100 * result.reason.lacking:.0f}%'></i></span>"
    return both(_sentence(result.reason.zh, "。"), _sentence(result.reason.en, ".")), lack


def _sentence(text: str, stop: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{stop}"


def _image(result: Result) -> str:
    if not result.picture:
        return ""
    says = f"{result.story}, place {result.place}, {result.light}, composed"
    source = f"data:image/jpeg;base64,{result.picture}"
    return f"<img width=240 height=180 alt='{escape(says)}' src='{source}'>"


def _false(report: Report) -> str:
    rows = [_story_row(name, report) for name in STORIES]
    rows.append(_astray_row(report))
    rows += [_clip_row(clip) for clip in report.watched]
    head = (
        f"<th scope=col>{both('看的是什么', 'What was looked at')}</th>"
        f"<th scope=col>{both('次数', 'How often')}</th>"
        f"<th scope=col>{both('告警', 'Alerts')}</th>"
    )
    hit = [result for result in report.innocents() if result.heard]
    return (
        f"<div class=table><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
        f"</table></div>{_wrong(report, hit)}"
    )


def _story_row(name: str, report: Report) -> str:
    story = STORIES[name]
    here = [result for result in report.innocents() if result.story == name]
    if not here:
        return ""
    alerts = sum(len(result.heard) for result in here)
    says = both(story.says[1].rstrip("。"), story.says[0].rstrip("."))
    return f"<tr><th scope=row>{says}</th><td>{len(here)}</td><td><b>{alerts}</b></td></tr>"


def _astray_row(report: Report) -> str:
    offences = [result for result in report.results if result.offence]
    alerts = sum(len(result.astray) for result in offences)
    says = both("违法试验中，别处或别类的告警", "Offences: alerts elsewhere, or of another kind")
    return f"<tr><th scope=row>{says}</th><td>{len(offences)}</td><td><b>{alerts}</b></td></tr>"


def _clip_row(clip: Watched) -> str:
    light = words.LIGHT[clip.light]
    says = both(f"原样实拍 {clip.clip}（{light[0]}）", f"{clip.clip} as it is, {light[1]} (real)")
    length = hours(clip.seconds)
    return f"<tr><th scope=row>{says}</th><td>{length}</td><td><b>{len(clip.heard)}</b></td></tr>"


def _wrong(report: Report, hit: Sequence[Result]) -> str:
    """A card for each innocent probe that alerted."""
    cards = []
    for result in hit:
        story, place = STORIES[result.story], report.place(result.place)
        kinds = dict.fromkeys(words.SCENARIO[heard.scenario] for heard in result.heard)
        zh, en = ("、".join(k[0] for k in kinds), ", ".join(k[1] for k in kinds))
        light = words.LIGHT[result.light]
        cards.append(
            f"<article id='{id_of(result)}'>{_image(result)}<h3><span>{both(*story.says[::-1])} "
            f"<small>{both(*light)}, {place.far_m:.0f}&nbsp;m</small></span></h3>"
            f"<p>{both(f'误报为{zh}。', f'Taken for: {en.lower()}.')}</p></article>"
        )
    return f"<div class=cards>{''.join(cards)}</div>" if cards else ""


def _key(proposal: Proposal, per_day: float) -> str:
    unit = " s" if proposal.rungs else ""
    now = "" if proposal.now is None else f"{proposal.now:g}{unit}"
    stands = f"<small>{both(f'现为 {now}', f'now {now}')}</small>" if now else ""
    if proposal.value is None:
        value = f"<p class='value none'>{both('不作建议', 'No proposal')}{stands}</p>"
    else:
        value = f"<p class=value>{proposal.value:g}{unit}{stands}</p>"
    return (
        f"<div class=key><code>{proposal.key}</code>{value}"
        f"<p>{both(proposal.why[1], proposal.why[0])}</p>{_rungs(proposal)}</div>"
    )


def _rungs(proposal: Proposal) -> str:
    if not proposal.rungs or not isfinite(proposal.rungs[0].most_per_day):
        return ""
    heads = "".join(f"<th scope=col>{both(*head)}</th>" for head in words.RUNGS)
    rows = "".join(_rung(rung, proposal) for rung in _telling(proposal.rungs, proposal.now))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _rung(rung: Rung, proposal: Proposal) -> str:
    now = " class=now" if rung.value == proposal.now else ""
    return (
        f"<tr{now}><td>{rung.value:g} s</td><td>{rung.alarms}</td>"
        f"<td>{plain(rung.most_per_day)}</td><td>{rung.innocents}</td></tr>"
    )


def _telling(steps: Sequence[Rung], now: float | None) -> list[Rung]:
    """The first, the one that stands, and each at which something changes."""
    told = [steps[0]]
    for step in steps[1:]:
        changed = (step.alarms, step.innocents) != (told[-1].alarms, told[-1].innocents)
        if changed or step.value == now:
            told.append(step)
    return told


def _footer(report: Report) -> str:
    model = report.model
    named = f"{model.name} {model.sha256[:12]}" if model else "no detector"
    width, height = report.stages["day"].wh
    return escape(
        f"sanse edge commission · {report.settings.clip.name} · {named} · {width} x {height}, "
        f"{report.stages['day'].fps} fps · composed 合成"
    )
