"""Why an event was missed and why an alert is false, in one sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.events.rules import Rules, Xyxy, gap_px, iou, is_at, widened
from benchmarks.events.score import FalseAlarm, Miss, late_s
from benchmarks.events.truth import Event, Thing

STANDING = {
    "bicycle": "parked",
    "e-bike": "parked",
    "delivery-e-bike": "parked",
    "motorcycle": "parked",
    "tricycle": "parked",
    "car": "parked",
    "van": "parked",
    "truck": "parked",
    "collection-truck": "parked",
    "person": "standing",
    "child": "standing",
    "old": "standing",
}
"""How what ``stands`` is called, by kind; a bag that stands is a bag."""
DOING = {
    "walks": "walking",
    "enters": "walking",
    "leaves": "leaving",
    "sits": "sitting",
    "bends": "bending",
    "rides": "passing",
    "drives": "passing",
}
MOST_NAMED = 4


def of_miss(miss: Miss, rules: Rules) -> str:
    """As: no alert; the nearest was 4.1 s early, 212 px away."""
    if miss.nearest is None:
        return "No alert."
    late = late_s(miss.nearest, miss.event, rules)
    when = "in time" if late == 0 else f"{abs(late):.1f} s {'late' if late > 0 else 'early'}"
    return f"No alert; the nearest was {when}{_where(miss.nearest.xyxy, miss.event.place_xyxy)}."


def of_false_alarm(wrong: FalseAlarm, rules: Rules) -> str:
    """What of truth was there, and the deed that it was nearly taken for."""
    said = _there(wrong)
    if wrong.negative is not None:
        return f"{said} Only looks like one: {wrong.negative.reason or 'a hard negative.'}"
    if (near := _mistimed(wrong, rules)) is not None:
        late = late_s(wrong.alarm, near, rules)
        return f"{said} An offence there was {_missed_by(late)}."
    return said


def there(things: Sequence[Thing], region: Xyxy | None) -> tuple[Thing, ...]:
    """What shows at a region or close by it, the largest overlap first."""
    if region is None:
        return ()
    wider = widened(region)
    near = [
        (iou(thing.visible_xyxy, wider), k, thing)
        for k, thing in enumerate(things)
        if thing.visible_xyxy is not None
    ]
    return tuple(thing for share, _, thing in sorted(near, key=lambda x: (-x[0], x[1])) if share)


def named(thing: Thing) -> str:
    """A thing with what it is at.

    >>> named(Thing("bike", "e-bike", "e-bike", "stands", None))
    'parked e-bike'
    """
    how = STANDING.get(thing.kind, "") if thing.does == "stands" else DOING.get(thing.does, "")
    return f"{how} {_kind(thing)}".strip()


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them, the same ones counted.

    >>> listed(["bag", "parked e-bike", "bag"])
    '2 x bag and a parked e-bike'
    """
    counted = Counter(names)
    said = [f"{count} x {name}" if count > 1 else _a(name) for name, count in counted.items()]
    shown = said[:MOST_NAMED]
    if len(said) > MOST_NAMED:
        shown.append(f"{len(said) - MOST_NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _there(wrong: FalseAlarm) -> str:
    if wrong.alarm.xyxy is None:
        return "The alert tells no place."
    if not wrong.clip.moments:
        return "Truth tells no things here."
    found = there(wrong.clip.near(wrong.alarm.t_s), wrong.alarm.xyxy)
    if not found:
        return "Nothing of the cast was there."
    said = listed([named(thing) for thing in found])
    return f"{said[0].upper()}{said[1:]} {'was' if len(found) == 1 else 'were'} there."


def _mistimed(wrong: FalseAlarm, rules: Rules) -> Event | None:
    """An offence at the alert's place at another time."""
    alarm = wrong.alarm
    at_place = [
        event
        for event in wrong.clip.events
        if event.offence
        and event.scenario == alarm.scenario
        and alarm.xyxy is not None
        and event.place_xyxy is not None
        and is_at(alarm.xyxy, event.place_xyxy)
    ]
    return min(at_place, key=lambda event: abs(late_s(alarm, event, rules)), default=None)


def _missed_by(late: float) -> str:
    return f"over {late:.1f} s before" if late > 0 else f"yet {-late:.1f} s ahead"


def _where(region: Xyxy | None, place: Xyxy | None) -> str:
    if region is None or place is None:
        return ""
    if is_at(region, place):
        return ", at the place"
    return f", {gap_px(region, place):.0f} px away"


def _kind(thing: Thing) -> str:
    kind = {"old": "old person", "adult": "person"}.get(thing.kind, thing.kind)
    return kind.replace("-", " ").replace("e bike", "e-bike")


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
