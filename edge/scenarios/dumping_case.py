"""What is known of one thing that may be dumped: who touched it, and for how long it has stayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.scenarios import dumping_words as words
from edge.scenarios.dumping_carrier import Carrier, last_to_leave
from edge.scenarios.finding import Doubt, NearMiss
from edge.vision.scene import Scene, Thing, gap_px


@dataclass(slots=True)
class Case:
    """What is known of one standing thing.

    Attributes:
        carriers: Everyone who touched it, by track.
        since_s: From when on its stay counts; ``seen_s`` is for how long it was seen since.
        closest: The least that it ever lacked.
    """

    thing: Thing
    carriers: dict[int, Carrier]
    since_s: float = 0.0
    seen_s: float = 0.0
    last_s: float = 0.0
    closest: NearMiss | None = None

    @property
    def carrier(self) -> Carrier | None:
        """Who left it; None while anyone who touched it is there, or if nobody did."""
        return last_to_leave(self.carriers.values())

    def witness(self, now_s: float) -> float:
        """Counts the stay through one scene; how long it is."""
        away_s = self.carrier.away_s if self.carrier else None
        since_s = max(away_s or 0.0, self.thing.calm_since_s)
        if since_s != self.since_s:
            self.since_s, self.seen_s, self.last_s = since_s, 0.0, since_s
        if self.thing.visible:
            self.seen_s += now_s - self.last_s
        self.last_s = now_s
        return now_s - since_s


def who_stays(case: Case) -> Doubt:
    """The carrier that is closest to having gone."""
    here = [carrier for carrier in case.carriers.values() if carrier.away_s is None]
    gaps = {gap_px(carrier.xyxy, case.thing.xyxy): carrier.width_px for carrier in here}
    gap = min(gaps, key=lambda px: px / gaps[px])
    if gap >= gaps[gap]:
        return Doubt("carrier-stays", words.someone_in_its_place(), 0.0)
    return Doubt("carrier-stays", words.carrier_stays(gap, gaps[gap]), 1 - gap / gaps[gap])


def when_brought(case: Case, scene: Scene) -> datetime:
    """The last contact; without any, when it appeared."""
    contacts = [carrier.contact_s for carrier in case.carriers.values()]
    ago_s = scene.frame.monotonic_s - max(contacts, default=case.thing.appeared_s)
    return scene.frame.captured_at - timedelta(seconds=max(ago_s, 0.0))
