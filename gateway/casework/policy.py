"""The policy: rules over facts that color a warning, and the time each color leaves people.

It is data, ``policy.toml``: the bundled one, or a district's own. Every rule brings the sentence by
which an operator reads why it applied.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

import wire
from gateway.casework.wording import Language, as_duration, spelled, told_in_words
from gateway.views import Color, Reason
from wire.alert import FACTS, Scenario
from wire.message import Name, Score
from wire.toml import read_toml

Duration = Annotated[timedelta, BeforeValidator(as_duration)]

Positive = Annotated[float, Field(gt=0)]

_RANK: Final[dict[Color, int]] = {"blue": 0, "yellow": 1, "red": 2}

_UNEXPLAINED: Final = Reason(
    code="reported",
    zh="边缘盒上报；现行策略没有更多说明。",
    en="A box reported it; the policy in force says no more about it.",
)


Words = Callable[[Language], dict[str, str]]
"""What is filled into a sentence, by language."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about an offence when the policy looks at it.

    Attributes:
        told: What the box saw.
        at: When it happened.
        occurred: When each occurrence of this offence at this site began, this one included, in any
            order, as far back as ``Policy.memory``.
    """

    scenario: Scenario
    told: wire.Facts
    confidence: float
    at: datetime
    occurred: tuple[datetime, ...]

    def occurrences_within(self, span: timedelta) -> int:
        """How many there were in the ``span`` up to the latest of them."""
        latest = max(self.occurred, default=self.at)
        return sum(latest - moment <= span for moment in self.occurred)


def _words_of(facts: Facts, when: "When") -> Words:
    within = when.within or timedelta(0)

    def words(language: Language) -> dict[str, str]:
        return told_in_words(facts.told, language) | {
            "confidence_percent": f"{facts.confidence:.0%}".removesuffix("%"),
            "occurrences": str(facts.occurrences_within(within)),
            "within": spelled(within, language),
        }

    return words


_CONDITIONS: Final = {
    "night": "night",
    "area_share_at_least": "area_share",
    "area_m2_at_least": "area_m2",
    "carrier": "carrier",
    "stayed_at_least": "stayed_s",
    "load": "load",
    "builders_waste": "builders_waste",
    "border": "border",
    "outside_hours": "closed_point",
    "earlier_at_least": "earlier",
    "stood_at_least": "stood_s",
    "bikes_at_least": "bikes",
    "stairwell": "stairwell",
    "stage": "stage",
    "height_m_at_least": "height_m",
    "grown_at_least": "grown",
}
"""Conditions on what the box saw, each with the fact that it looks at."""


def _met(wanted: object, known: Any) -> bool:  # noqa: ANN401  # a fact of any kind
    """Whether a fact is as wanted; one that was not measured never is."""
    if known is None:
        return False
    match wanted:
        case bool():
            return bool(known) is wanted
        case tuple():
            return known in wanted
        case timedelta():
            return bool(known >= wanted.total_seconds())
    return bool(known >= wanted)


_NOW: Final = datetime.max.replace(tzinfo=UTC)
_SAMPLES: Final[dict[Scenario, wire.Facts]] = {
    "dumping": wire.DumpingFacts(
        area_px=900,
        area_share=0.1,
        night=True,
        carrier="truck",
        carrier_track=1,
        contact_at=_NOW,
        departed_at=_NOW,
        stayed_s=60,
        stay_limit_s=60,
    ),
    "charging": wire.ChargingFacts(
        area_px=900,
        area_share=0.1,
        night=True,
        vehicle="e-bike",
        bikes=1,
        stood_s=180,
        stand_limit_s=180,
        seen_s=90,
        cable_px=300,
        upper_xy=(0, 0),
        lower_xy=(0, 300),
    ),
    "construction": wire.ConstructionFacts(
        area_px=900,
        area_share=0.1,
        night=True,
        looks=3,
        looks_limit=3,
        span_h=48,
        span_limit_h=48,
        since=_NOW,
        baseline_at=_NOW,
        grown=1,
        stage="frame",
    ),
}


def _try_out(sentence: "Sentence", words: Words) -> None:
    try:
        sentence.filled("sample", words)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        known = " ".join(f"{{{word}}}" for word in words("en"))
        raise ValueError(f"cannot be filled in: {error}; known are {known}") from error


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(_Section):
    """Both languages; words in braces are filled in."""

    zh: Annotated[str, Field(min_length=1)]
    """As the operator reads it in Chinese."""
    en: Annotated[str, Field(min_length=1)]
    """As the operator reads it in English."""

    def filled(self, code: str, words: Words) -> Reason:
        return Reason(code=code, zh=self.zh.format(**words("zh")), en=self.en.format(**words("en")))


class When(_Section):
    """Conditions that must all hold; those not given do not matter.

    One on a fact that the offence does not have, or that was not measured, does not hold.
    """

    scenario: tuple[Scenario, ...] | None = None
    """It is one of these."""
    night: bool | None = None
    """By the sun at the site, or 22:00-06:00 where it has no position."""
    area_share_at_least: Score | None = None
    """Area of the thing over that of the picture."""
    confidence_at_least: Score | None = None
    """Of the box in what it saw."""
    occurrences_at_least: Annotated[int, Field(ge=1)] = 1
    """So often at this site, this time included."""
    within: Duration | None = None
    """How far back occurrences count; wanted beside ``occurrences_at_least``."""
    carrier: tuple[str, ...] | None = None
    """Dumping: one of these brought it; ``unknown`` for a moving thing of no known class."""
    stayed_at_least: Duration | None = None
    """Dumping: counted from the carrier's departure."""
    load: tuple[Literal["item", "heap", "truckload"], ...] | None = None
    """Dumping: how much it is."""
    builders_waste: bool | None = None
    """Dumping: rubble or furniture."""
    border: bool | None = None
    """Dumping: it lies in a zone between two districts."""
    outside_hours: bool | None = None
    """Dumping: it lies in a collection point outside its hours."""
    earlier_at_least: Annotated[int, Field(ge=1)] | None = None
    """Dumping: so often its camera saw something dumped at this very place before."""
    stood_at_least: Duration | None = None
    """Charging: how long what is charged has stood."""
    bikes_at_least: Annotated[int, Field(ge=1)] | None = None
    """Charging: how many hang on the cable."""
    stairwell: bool | None = None
    """Charging: it stands in a stairwell's zone."""
    stage: tuple[Literal["material", "frame", "roof"], ...] | None = None
    """Construction: how far it is."""
    height_m_at_least: Positive | None = None
    """Construction: its height, where it can be had."""
    grown_at_least: Positive | None = None
    """Construction: its area in the last look over that in the first."""
    area_m2_at_least: Positive | None = None
    """Dumping and construction: its area, where the ground was measured."""

    @model_validator(mode="after")
    def _paired(self) -> Self:
        if (self.occurrences_at_least > 1) != (self.within is not None):
            raise ValueError("occurrences_at_least (2 or more) and within go together")
        return self

    def holds(self, facts: Facts) -> bool:
        return (
            self.speaks_of(facts.scenario)
            and facts.confidence >= (self.confidence_at_least or 0.0)
            and (
                self.within is None
                or facts.occurrences_within(self.within) >= self.occurrences_at_least
            )
            and all(_met(wanted, getattr(facts.told, fact)) for fact, wanted in self._of_facts)
        )

    def speaks_of(self, scenario: Scenario) -> bool:
        """Whether it can hold for this offence, which has all the facts that it looks at."""
        known = FACTS[scenario].model_fields
        return (self.scenario is None or scenario in self.scenario) and all(
            fact in known for fact, _ in self._of_facts
        )

    @cached_property
    def _of_facts(self) -> list[tuple[str, object]]:
        """The facts that it looks at, and what it wants of each."""
        asked = ((fact, getattr(self, name)) for name, fact in _CONDITIONS.items())
        return [(fact, wanted) for fact, wanted in asked if wanted is not None]


class Rule(Sentence):
    """Where its conditions hold, the warning has at least this color, and this is why."""

    code: Name
    """Names the reason in the API."""
    color: Color
    """The warning has at least this one."""
    when: When = When()

    def reason(self, facts: Facts) -> Reason:
        return self.filled(self.code, _words_of(facts, self.when))

    @model_validator(mode="after")
    def _fillable(self) -> Self:
        told = {name: told for name, told in _SAMPLES.items() if self.when.speaks_of(name)}
        if not told:
            raise ValueError("no offence has all the facts that its conditions look at")
        for scenario, sample in told.items():
            _try_out(self, _words_of(Facts(scenario, sample, 0.9, _NOW, (_NOW,)), self.when))
        return self


class Deadline(Sentence):
    """What is said when a time has run out; ``{within}`` is that time."""

    def reason(self, code: str, within: timedelta) -> Reason:
        return self.filled(code, lambda language: {"within": spelled(within, language)})

    @model_validator(mode="after")
    def _fillable(self) -> Self:
        _try_out(self, lambda language: {"within": spelled(timedelta(minutes=1), language)})
        return self


class Level(_Section):
    """What a color asks of people."""

    acknowledge_within: Duration
    """Unacknowledged for so long, the warning rises by one color."""
    acknowledgement_lasts: Duration
    """After that the warning asks anew."""
    latched: bool
    """It stays open when the thing is gone, until a person closes it."""


class Levels(_Section):
    blue: Level
    yellow: Level
    red: Level


class Occurrence(_Section):
    """Alerts of one site and offence that belong together, and so are no repeat of each other."""

    ends_after: Duration
    """So long without an alert ends it."""
    lasts_at_most: Duration
    """After so long the next alert begins another, however close they come."""

    def covers(self, first_at: datetime, last_at: datetime, at: datetime) -> bool:
        """Whether ``at`` belongs to the occurrence from ``first_at`` to ``last_at``."""
        near = first_at - self.ends_after < at < last_at + self.ends_after
        return near and at - first_at < self.lasts_at_most


class Policy(_Section):
    """Everything that ``policy.toml`` says."""

    schema_version: Literal[1]
    """Of this file's form."""
    late_after: Duration
    """An alert told so long after it was made counts, but does not ring."""
    occurrence: Occurrence
    levels: Levels
    unacknowledged: Deadline
    acknowledgement_expired: Deadline
    rule: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        codes = [rule.code for rule in self.rule]
        if twice := next((code for code in codes if codes.count(code) > 1), None):
            raise ValueError(
                f"two rules have the code {twice!r}; one would hide the other's reason"
            )
        return self

    def level(self, color: Color) -> Level:
        found: Level = getattr(self.levels, color)
        return found

    @property
    def memory(self) -> timedelta:
        """How far back any rule looks."""
        return max(rule.when.within or timedelta(0) for rule in self.rule)

    def judge(self, facts: Facts) -> tuple[Color, tuple[Reason, ...]]:
        """The highest color of all rules that hold, and all their reasons."""
        held = [rule for rule in self.rule if rule.when.holds(facts)]
        if not held:
            return "blue", (_UNEXPLAINED,)
        color = max((rule.color for rule in held), key=_RANK.__getitem__)
        return color, tuple(rule.reason(facts) for rule in held)

    def overdue(self, color: Color) -> Reason:
        within = self.level(color).acknowledge_within
        return self.unacknowledged.reason("unacknowledged", within)

    def expired(self, color: Color) -> Reason:
        lasted = self.level(color).acknowledgement_lasts
        return self.acknowledgement_expired.reason("acknowledgement-expired", lasted)


def load_policy(path: Path | None = None) -> Policy:
    """A district's own policy, or the bundled one.

    Raises:
        TomlError: In one sentence with file, line and key.
    """
    return read_toml(path or Path(__file__).parent / "policy.toml").validate(Policy)
