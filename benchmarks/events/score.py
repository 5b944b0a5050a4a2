"""Which alert is which event's, and what follows: found, missed, false, twice, and how late.

Rules:
    - An alert may be an event's if it names the scenario, opens between the event's beginning and
      its end plus grace, and lies at its place (``rules.is_at``).
    - One alert, one event: as many pairs as can be; the earliest alert comes first.
    - An alert that may be a found event's but came second is a duplicate: true, yet noise. It
      counts against precision, and not among the false alarms.
    - Every other alert is false; where it lies at a hard negative, it is named to that.

It does not judge who did it beyond the label that an alert tells, nor a region's exactness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.events.alarms import Alarm
from benchmarks.events.rules import Rules, gap_px, iou, is_at
from benchmarks.events.truth import Clip, Event, Scenario

ACTORS: Final = frozenset({"person", "bicycle", "e-bike", "motorcycle", "tricycle", "car", "truck"})
UNKNOWN: Final = frozenset({"", "unknown"})


@dataclass(frozen=True, slots=True)
class Hit:
    """An event and its alert; ``wrong_carrier`` where the alert says another kind did it."""

    clip: Clip
    event: Event
    alarm: Alarm
    wrong_carrier: bool = False

    @property
    def delay_s(self) -> float:
        """From the deed's beginning to the alert."""
        return self.alarm.t_s - self.event.begin_s


@dataclass(frozen=True, slots=True)
class Miss:
    """An event without an alert; ``nearest`` is the clip's alert that came closest, if any."""

    clip: Clip
    event: Event
    nearest: Alarm | None = None


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """An alert without an event; ``negative`` is the hard negative that it fell for, if any."""

    clip: Clip
    alarm: Alarm
    negative: Event | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One clip's reckoning for one scenario."""

    clip: Clip
    scenario: Scenario
    hits: tuple[Hit, ...] = ()
    misses: tuple[Miss, ...] = ()
    false_alarms: tuple[FalseAlarm, ...] = ()
    duplicates: tuple[Hit, ...] = ()

    @property
    def events(self) -> int:
        return len(self.hits) + len(self.misses)

    @property
    def alarms(self) -> int:
        return len(self.hits) + len(self.false_alarms) + len(self.duplicates)

    @property
    def negatives(self) -> tuple[Event, ...]:
        return tuple(event for event in self.clip.events if self._is_negative(event))

    def _is_negative(self, event: Event) -> bool:
        return event.scenario == self.scenario and not event.offence


def score(
    clips: Sequence[Clip], alarms: Mapping[str, Sequence[Alarm]], rules: Rules
) -> tuple[Judged, ...]:
    """Every clip judged for every scenario that it asks for.

    Args:
        alarms: By clip name; a clip without a key raised none.

    Raises:
        ValueError: Alerts of a clip that there is not.
    """
    if strangers := sorted(set(alarms) - {clip.name for clip in clips}):
        raise ValueError(f"alerts of {strangers[0]!r}, which is no clip of this benchmark")
    return tuple(
        judge(clip, scenario, alarms.get(clip.name, ()), rules)
        for clip in clips
        for scenario in clip.scenarios
    )


def judge(clip: Clip, scenario: Scenario, alarms: Iterable[Alarm], rules: Rules) -> Judged:
    """One clip's alerts of one scenario beside its events."""
    raised = sorted((a for a in alarms if a.scenario == scenario), key=lambda a: a.t_s)
    events = [event for event in clip.events if event.scenario == scenario]
    offences = [event for event in events if event.offence]
    pairs = matched(raised, offences, rules)
    hits = [_hit(clip, event, raised[pairs[k]]) for k, event in enumerate(offences) if k in pairs]
    rest = [alarm for k, alarm in enumerate(raised) if k not in set(pairs.values())]
    misses = [
        Miss(clip, event, nearest(event, rest, rules))
        for k, event in enumerate(offences)
        if k not in pairs
    ]
    duplicates, false_alarms = [], []
    for alarm in rest:
        again = _best(alarm, [hit.event for hit in hits], rules)
        if again is not None:
            duplicates.append(_hit(clip, again, alarm))
        else:
            negatives = [event for event in events if not event.offence]
            false_alarms.append(FalseAlarm(clip, alarm, _best(alarm, negatives, rules)))
    return Judged(
        clip, scenario, tuple(hits), tuple(misses), tuple(false_alarms), tuple(duplicates)
    )


def matched(alarms: Sequence[Alarm], events: Sequence[Event], rules: Rules) -> dict[int, int]:
    """The number of its alert for each event that has one: as many pairs as can be.

    Augmenting paths, begun in order of time: an alert once matched stays so, whatever comes
    later. Of several events an alert takes the one that it overlaps most, then the earliest.
    """
    choices = [_choices(alarm, events, rules) for alarm in alarms]
    owner: dict[int, int] = {}

    def place(alarm: int, tried: set[int]) -> bool:
        for event in choices[alarm]:
            if event in tried:
                continue
            tried.add(event)
            if event not in owner or place(owner[event], tried):
                owner[event] = alarm
                return True
        return False

    for number in range(len(alarms)):
        place(number, set())
    return owner


def may_be(alarm: Alarm, event: Event, rules: Rules) -> bool:
    """Whether an alert can be an event's: its scenario, its time and its place."""
    return (
        alarm.scenario == event.scenario
        and late_s(alarm, event, rules) == 0
        and is_at(alarm.xyxy, event.place_xyxy)
    )


def late_s(alarm: Alarm, event: Event, rules: Rules) -> float:
    """How much too late an alert came for an event; negative for too early, 0 for in time."""
    if alarm.t_s < event.begin_s:
        return alarm.t_s - event.begin_s
    return max(alarm.t_s - event.end_s - rules.grace_s(event.scenario), 0.0)


def nearest(event: Event, alarms: Sequence[Alarm], rules: Rules) -> Alarm | None:
    """Of alerts, the one that came closest to an event in time, then in place."""
    if not alarms:
        return None
    return min(
        alarms, key=lambda alarm: (abs(late_s(alarm, event, rules)), _distance_px(alarm, event))
    )


def _hit(clip: Clip, event: Event, alarm: Alarm) -> Hit:
    did = clip.labels_of(event.parties) & ACTORS
    wrong = alarm.carrier not in UNKNOWN and bool(did) and alarm.carrier not in did
    return Hit(clip, event, alarm, wrong)


def _choices(alarm: Alarm, events: Sequence[Event], rules: Rules) -> list[int]:
    """Numbers of the events that an alert may be, the likeliest first."""
    fitting = [k for k, event in enumerate(events) if may_be(alarm, event, rules)]
    return sorted(fitting, key=lambda k: (-_overlap(alarm, events[k]), events[k].begin_s))


def _best(alarm: Alarm, events: Sequence[Event], rules: Rules) -> Event | None:
    """Of events that an alert may be, the likeliest."""
    choices = _choices(alarm, events, rules)
    return events[choices[0]] if choices else None


def _overlap(alarm: Alarm, event: Event) -> float:
    if alarm.xyxy is None or event.place_xyxy is None:
        return 0.0
    return iou(alarm.xyxy, event.place_xyxy)


def _distance_px(alarm: Alarm, event: Event) -> float:
    if alarm.xyxy is None or event.place_xyxy is None:
        return 0.0
    return gap_px(alarm.xyxy, event.place_xyxy)
