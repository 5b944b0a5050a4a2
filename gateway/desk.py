"""What every part of a running gateway shares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway.casework.policy import Policy
from gateway.feed import Feed
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.store.database import Database

Clock = Callable[[], datetime]
"""Gives the time as aware UTC."""

Probe = Callable[[], str]
"""``ok``, or one sentence on what is wrong."""


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that the API, the ingest and the sweeper work on."""

    settings: Settings
    policy: Policy
    database: Database
    feed: Feed
    metrics: Metrics = field(default_factory=Metrics)
    clock: Clock = wall_clock
    probes: dict[str, Probe] = field(default_factory=dict)
