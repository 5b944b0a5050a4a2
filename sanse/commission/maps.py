"""Maps over the camera's own frame: what was seen where, told by shape and by color."""

from __future__ import annotations

from html import escape

from sanse.commission import words
from sanse.commission.places import Place
from sanse.commission.report import Report
from sanse.commission.results import LightName, Result
from sanse.commission.stories import Scenario
from sanse.commission.words import both, light_name


def panel(report: Report, scenario: Scenario, light: LightName) -> str:
    """One map: a scenario in one light."""
    found = report.offences(scenario, light)
    marks = "".join(
        _mark(place, found.get(place.number), report.stages["day"].wh) for place in report.places
    )
    width, height = report.site.frame_wh
    outlines = "".join(
        f'<polygon points="{" ".join(f"{x:g},{y:g}" for x, y in zone.polygon)}"/>'
        for zone in report.site.zone
        if zone.kind == "watch"
    )
    seen, tried = sum(result.seen for result in found.values()), len(found)
    name = light_name(light, composed=report.stages[light].composed)
    what = words.SCENARIO[scenario]
    return (
        f"<figure class='panel {light}'><figcaption><span><b>{both(*what)}</b> "
        f"{both(*name)}</span><span class=count>{both('看见', 'seen')} <b>{seen}</b> / {tried}"
        f"</span></figcaption><div class=map style='aspect-ratio:{width}/{height}' role=img "
        f"aria-label='{escape(what[1])} {escape(name[1])}: {seen} of {tried} seen'>"
        f"<svg viewBox='0 0 {width} {height}' preserveAspectRatio=none>{outlines}</svg>{marks}"
        f"<span class=tag>{both(*words.COMPOSED)}</span></div></figure>"
    )


def _mark(place: Place, result: Result | None, wh: tuple[int, int]) -> str:
    x, y = (100 * part / side for part, side in zip(place.pixel, wh, strict=True))
    at = f"style='left:{x:.2f}%;top:{y:.2f}%'"
    kind, said = state(result)
    says = escape(f"{place.number}: {said}, {place.far_m:.0f} m")
    if result is None:
        return f"<span class='mark {kind}' {at} title='{says}'><span>{place.number}</span></span>"
    return (
        f"<a class='mark {kind}' {at} href='#{id_of(result)}' title='{says}' aria-label='{says}'>"
        f"<span>{place.number}</span></a>"
    )


def state(result: Result | None) -> tuple[str, str]:
    """The class of a mark, and its word."""
    if result is None:
        return "untried", "not tried"
    return ("seen", "seen") if result.seen else ("missed", "missed")


def legend(report: Report) -> str:
    """What the marks mean, as far as there are any."""
    told = [("seen", words.SEEN), ("missed", words.MISSED)]
    if any(place.taken for place in report.places):
        told.append(("untried", words.NOT_TRIED))
    marks = "".join(
        f"<li><span class='mark {kind}'><span>1</span></span>{both(*says)}</li>"
        for kind, says in told
    )
    watched = any(zone.kind == "watch" for zone in report.site.zone)
    zone = f"<li><i class=zone></i>{both(*words.WATCHED)}</li>" if watched else ""
    return f"<ul class=legend>{marks}{zone}</ul>"


def id_of(result: Result) -> str:
    """The anchor of a probe's card."""
    return f"p{result.place}-{result.story}-{result.light}"
