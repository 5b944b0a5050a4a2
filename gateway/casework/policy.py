"""The policy: rules over facts that color a warning, and the time each color leaves people.

It is data, ``policy.toml``: the bundled one, or a district's own. Every rule brings the sentence by
which an operator reads why it applied.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from gateway.casework.wording import Language, as_duration, carrier_word, spelled
from gateway.views import Color, Reason
from wire.alert import Scenario
from wire.message import Name, Score
from wire.toml import read_toml

Duration = Annotated[timedelta, BeforeValidator(as_duration)]

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
        at: When it happened.
        occurred: When each occurrence of this offence at this site began, this one included, in any
            order, as far back as ``Policy.memory``.
    """

    scenario: Scenario
    carrier: str
    night: bool
    stayed_s: float
    stay_limit_s: float
    area_share: float
    confidence: float
    at: datetime
    occurred: tuple[datetime, ...]

    def occurrences_within(self, span: timedelta) -> int:
        """How many there were in the ``span`` up to the latest of them."""
        latest = max(self.occurred, default=self.at)
        return sum(latest - moment <= span for moment in self.occurred)


def _words_of(facts: Facts, when: "When") -> Words:
    def words(language: Language) -> dict[str, str]:
        return {
            "carrier": carrier_word(facts.carrier, language),
            "stayed_s": f"{facts.stayed_s:.0f}",
            "stay_limit_s": f"{facts.stay_limit_s:g}",
            "area_percent": f"{facts.area_share:.1%}".removesuffix("%"),
            "confidence_percent": f"{facts.confidence:.0%}".removesuffix("%"),
            "occurrences": str(facts.occurrences_within(when.within or timedelta(0))),
            "within": spelled(when.within or timedelta(0), language),
        }

    return words


_NOW: Final = datetime.max.replace(tzinfo=UTC)
_SAMPLE: Final = Facts("dumping", "person", False, 60, 60, 0.1, 0.9, _NOW, (_NOW,))


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
    """Conditions that must all hold; those not given do not matter."""

    scenario: tuple[Scenario, ...] | None = None
    """It is one of these."""
    carrier: tuple[str, ...] | None = None
    """One of these brought it; ``unknown`` for a moving thing of no known class."""
    night: bool | None = None
    """By the sun at the site, or 22:00-06:00 where it has no position."""
    stayed_at_least: Duration | None = None
    """Counted from the carrier's departure."""
    area_share_at_least: Score | None = None
    """Area of the thing over that of the picture."""
    confidence_at_least: Score | None = None
    """Of the box in what it saw."""
    occurrences_at_least: Annotated[int, Field(ge=1)] = 1
    """So often at this site, this time included."""
    within: Duration | None = None
    """How far back occurrences count; wanted beside ``occurrences_at_least``."""

    @model_validator(mode="after")
    def _paired(self) -> Self:
        if (self.occurrences_at_least > 1) != (self.within is not None):
            raise ValueError("occurrences_at_least (2 or more) and within go together")
        return self

    def holds(self, facts: Facts) -> bool:
        stayed_s = self.stayed_at_least.total_seconds() if self.stayed_at_least else 0.0
        return (
            (self.scenario is None or facts.scenario in self.scenario)
            and (self.carrier is None or facts.carrier in self.carrier)
            and (self.night is None or facts.night == self.night)
            and facts.stayed_s >= stayed_s
            and facts.area_share >= (self.area_share_at_least or 0.0)
            and facts.confidence >= (self.confidence_at_least or 0.0)
            and (
                self.within is None
                or facts.occurrences_within(self.within) >= self.occurrences_at_least
            )
        )


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
        _try_out(self, _words_of(_SAMPLE, self.when))
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
