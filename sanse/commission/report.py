"""All that a run found, tallied; and the same as ``commission.json``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from edge.config import BoxConfig
from edge.site import SiteFile
from edge.video.frame import Pixels
from sanse.commission.footage import Stage
from sanse.commission.places import Place, band_of, step_m
from sanse.commission.proposals import Proposal, Stood, limit, rungs, score
from sanse.commission.results import LightName, Result, Score, Stretch, Watched
from sanse.commission.stories import SCENARIOS, STORIES, Scenario
from wire import Model

if TYPE_CHECKING:
    from sanse.commission.run import Settings

LIMITS_S: Final = {"dumping.stay_s": 8.0, "charging.dwell_s": 15.0}
"""So short are the box's limits while probing."""
KEYS: dict[Scenario, str] = {"dumping": "dumping.stay_s", "charging": "charging.dwell_s"}


@dataclass(frozen=True, slots=True)
class Cell:
    """How many offences of one kind were seen, in one light and band of distance."""

    scenario: Scenario
    light: LightName
    band: str
    seen: int
    tried: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured.

    Attributes:
        false: What the detector believes of the empty pictures.
        config: The box as it is configured, not as it was while probing.
    """

    settings: Settings
    site: SiteFile
    stretch: Stretch
    stages: dict[LightName, Stage]
    places: tuple[Place, ...]
    results: tuple[Result, ...]
    watched: tuple[Watched, ...]
    false: tuple[Score, ...]
    empties: dict[LightName, Pixels]
    config: BoxConfig
    model: Model | None

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        return tuple(s for s in SCENARIOS if s in self.settings.scenarios)

    def lights(self, scenario: Scenario) -> tuple[LightName, ...]:
        found = {r.light for r in self.results if r.scenario == scenario}
        return tuple(light for light in ("day", "night") if light in found)

    def offences(self, scenario: Scenario, light: LightName) -> dict[int, Result]:
        """By the number of the place."""
        return {
            result.place: result
            for result in self.results
            if result.offence and (result.scenario, result.light) == (scenario, light)
        }

    def innocents(self) -> list[Result]:
        return [result for result in self.results if not result.offence]

    def place(self, number: int) -> Place:
        return self.places[number - 1]

    def cells(self) -> Iterator[Cell]:
        """By scenario, light and distance, near before far."""
        offences = sorted((result for result in self.results if result.offence), key=self._stratum)
        for (order, light, _), same in groupby(offences, key=self._stratum):
            every = list(same)
            yield Cell(
                SCENARIOS[order],
                light,
                band_of(self.place(every[0].place).far_m),
                sum(result.seen for result in every),
                len(every),
            )

    def _stratum(self, result: Result) -> tuple[int, LightName, float]:
        band = band_of(self.place(result.place).far_m)
        return SCENARIOS.index(result.scenario), result.light, float(band.rstrip("+").split("-")[0])

    def proposals(self) -> list[Proposal]:
        """For every key that probing could say something of."""
        found = []
        now = {
            "dumping.stay_s": self.config.dumping.stay_s,
            "charging.dwell_s": self.config.charging.dwell_s,
        }
        seconds = sum(clip.seconds for clip in self.watched)
        for scenario, key in KEYS.items():
            if scenario not in self.scenarios:
                continue
            steps = rungs(
                self._false_of(scenario, self.watched),
                seconds,
                self._false_of(scenario, self.innocents()),
                LIMITS_S[key],
            )
            found.append(limit(key, now[key], self.settings.per_day, steps, seconds))
        for label in ("person", "waste"):
            drawn = [s.score for r in self.results for s in r.scores if s.label == label]
            false = [s.score for s in self.false if s.label == label]
            found.append(score(label, drawn, false))
        return found

    def _false_of(
        self, scenario: Scenario, told: tuple[Watched, ...] | list[Result]
    ) -> list[Stood]:
        return [
            Stood(heard.stayed_s, heard.ended)
            for one in told
            for heard in one.heard
            if heard.scenario == scenario
        ]

    def lines(self) -> Iterator[str]:
        """One for each scenario and light, for the terminal."""
        for scenario in self.scenarios:
            for light in self.lights(scenario):
                found = self.offences(scenario, light).values()
                seen = sum(result.seen for result in found)
                yield f"{scenario} by {light}: {seen} of {len(found)} seen (composed)"
        hit = sum(bool(result.heard) for result in self.innocents())
        yield f"innocent probes that alert: {hit} of {len(self.innocents())} (composed)"

    def as_json(self) -> dict[str, Any]:
        """Everything but the pictures."""
        return {
            "commission": 1,
            "made": "composed",
            "site_id": self.site.site_id,
            "clip": self.settings.clip.name,
            "night_clip": self.settings.night.name if self.settings.night else None,
            "model": self.model.model_dump() if self.model else None,
            "limits_while_probing": LIMITS_S,
            "stretch": self.stretch.model_dump(exclude={"key"}),
            "apart_m": round(step_m(self.places), 2),
            "drawn": {"wh": self.stages["day"].wh, "fps": self.stages["day"].fps},
            "places": [
                {
                    "number": place.number,
                    "metres": place.metres,
                    "pixel": [round(part, 1) for part in place.pixel],
                    "far_m": round(place.far_m, 1),
                    "person_px": round(place.person_px, 1),
                    "taken": place.taken,
                }
                for place in self.places
            ],
            "probes": [result.model_dump(exclude={"key", "picture"}) for result in self.results],
            "watched": [clip.model_dump(exclude={"key"}) for clip in self.watched],
            "by_distance": [
                {
                    "scenario": cell.scenario,
                    "light": cell.light,
                    "band_m": cell.band,
                    "seen": cell.seen,
                    "tried": cell.tried,
                }
                for cell in self.cells()
            ],
            "false_alarms_per_day_wanted": self.settings.per_day,
            "proposals": [
                {
                    "key": proposal.key,
                    "now": proposal.now,
                    "value": proposal.value,
                    "why": {"en": proposal.why[0], "zh": proposal.why[1]},
                    "steps": [
                        {
                            "value": rung.value,
                            "clip_alarms": rung.alarms,
                            "most_per_day_95": round(rung.most_per_day, 2),
                            "innocents": rung.innocents,
                        }
                        for rung in proposal.rungs
                    ],
                }
                for proposal in self.proposals()
            ],
            "stories": {
                name: {"en": story.says[0], "zh": story.says[1], "offence": story.offence}
                for name, story in STORIES.items()
                if story.scenario in self.scenarios
            },
        }
