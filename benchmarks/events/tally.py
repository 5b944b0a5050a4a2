"""The figures of each scenario, light and background."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

import numpy as np

from benchmarks.events.alarms import Alarm
from benchmarks.events.intervals import Interval, rate, share_of_clips, wilson
from benchmarks.events.score import Judged
from benchmarks.events.truth import BACKGROUNDS, LIGHTS, SCENARIOS, Background, Light, Scenario

Total = Literal["all"]
CLAIMS: Final = (0.6, 0.7, 0.8, 0.9)
"""Between two of these, alerts of like confidence are counted together."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Alerts of like confidence.

    Attributes:
        claimed: The mean of what they call their confidence.
        right: How many are the one alert of an offence.
    """

    claimed: float
    alarms: int
    right: int

    @property
    def interval(self) -> Interval:
        return wilson(self.right, self.alarms)


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of one scenario, light and background; None where a question was never asked.

    Attributes:
        light: ``all`` in a scenario's total over its lights.
        alarms: All that were raised: hits, duplicates and false ones.
        negatives: Hard negatives there were.
        negatives_hit: Of these, on how many at least one alert was raised.
        hours: Of footage that was watched for this scenario.
        delays_s: From the deed, one for each event found, in order.
        claims: The alerts that claim how sure they are, the least sure first.
    """

    scenario: Scenario
    light: Light | Total
    background: Background
    clips: int
    hours: float
    events: int
    found: int
    recall_interval: Interval
    alarms: int
    false_alarms: int
    duplicates: int
    wrong_carriers: int
    negatives: int
    negatives_hit: int
    delays_s: tuple[float, ...]
    claims: tuple[Claim, ...]

    @property
    def confidence(self) -> float | None:
        """What the alerts claim on average; None without any."""
        alarms = sum(claim.alarms for claim in self.claims)
        if not alarms:
            return None
        return sum(claim.claimed * claim.alarms for claim in self.claims) / alarms

    @property
    def recall(self) -> float | None:
        return self.found / self.events if self.events else None

    @property
    def precision(self) -> float | None:
        """Of all alerts, the share that is the one alert of an offence."""
        return self.found / self.alarms if self.alarms else None

    @property
    def precision_interval(self) -> Interval:
        return wilson(self.found, self.alarms)

    @property
    def false_per_hour(self) -> float | None:
        return self.false_alarms / self.hours if self.hours else None

    @property
    def false_per_hour_interval(self) -> Interval | None:
        return rate(self.false_alarms, self.hours)

    @property
    def delay_median_s(self) -> float | None:
        return median(self.delays_s) if self.delays_s else None

    @property
    def delay_p90_s(self) -> float | None:
        """By linear interpolation between the delays."""
        return float(np.percentile(self.delays_s, 90)) if self.delays_s else None


def tally(judged: Sequence[Judged]) -> tuple[Cell, ...]:
    """The figures: for each scenario and background a cell for each light, then one for all.

    Composed and real never share a cell.
    """
    cells = []
    for background in BACKGROUNDS:
        for scenario in SCENARIOS:
            here = [
                one
                for one in judged
                if one.clip.background == background and one.scenario == scenario
            ]
            lights = [light for light in LIGHTS if any(one.clip.light == light for one in here)]
            cells += [_cell([one for one in here if one.clip.light == k], k) for k in lights]
            if len(lights) > 1:
                cells.append(_cell(here, "all"))
    return tuple(cells)


def _cell(judged: Sequence[Judged], light: Light | Total) -> Cell:
    first = judged[0]
    hits = [hit for one in judged for hit in one.hits]
    false_alarms = [alarm for one in judged for alarm in one.false_alarms]
    wrong = [one.alarm for one in false_alarms]
    wrong += [hit.alarm for one in judged for hit in one.duplicates]
    fallen = Counter(id(alarm.negative) for alarm in false_alarms if alarm.negative is not None)
    return Cell(
        scenario=first.scenario,
        light=light,
        background=first.clip.background,
        clips=len(judged),
        hours=sum(one.clip.seconds for one in judged) / 3600,
        events=sum(one.events for one in judged),
        found=len(hits),
        recall_interval=share_of_clips([(len(one.hits), one.events) for one in judged]),
        alarms=sum(one.alarms for one in judged),
        false_alarms=len(false_alarms),
        duplicates=sum(len(one.duplicates) for one in judged),
        wrong_carriers=sum(hit.wrong_carrier for hit in hits),
        negatives=sum(len(one.negatives) for one in judged),
        negatives_hit=len(fallen),
        delays_s=tuple(sorted(hit.delay_s for hit in hits)),
        claims=claims_of([hit.alarm for hit in hits], wrong),
    )


def claims_of(right: Sequence[Alarm], wrong: Sequence[Alarm]) -> tuple[Claim, ...]:
    """Alerts counted by their confidence; those that claim none are left out."""
    told = [(alarm.confidence, True) for alarm in right if alarm.confidence is not None]
    told += [(alarm.confidence, False) for alarm in wrong if alarm.confidence is not None]
    claimed = np.array([confidence for confidence, _ in told])
    is_right = np.array([right for _, right in told])
    level = np.digitize(claimed, CLAIMS)
    here = [level == one for one in range(len(CLAIMS) + 1)]
    return tuple(
        Claim(float(claimed[at].mean()), int(at.sum()), int(is_right[at].sum()))
        for at in here
        if at.any()
    )
