"""A clip through the box's own road: its alerts and near misses, as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from edge.config import BoxConfig, load_config
from edge.replay import ReplaySettings, replay
from edge.scenarios.finding import NearMiss
from edge.video.source import parse_source
from edge.vision.detector import OnnxDetector
from edge.vision.scene import Box
from sanse.commission.results import Heard, Reason
from sanse.commission.stories import Scenario
from wire import Alert, ChargingFacts, DumpingFacts

MARGIN: Final = 0.35
"""Of a deed's own size: so far beside its place an alert is still its alert."""
LEAST_MARGIN_PX: Final = 6.0
Progress = Callable[[float], None]


@dataclass(slots=True)
class Told:
    """What one replay said.

    Attributes:
        seconds: Of footage.
    """

    began_at: datetime
    alerts: list[Alert] = field(default_factory=list)
    misses: list[NearMiss] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, camera_id: str, miss: NearMiss) -> None:
        self.misses.append(miss)

    def heard(self, place: Box | None) -> tuple[Heard, ...]:
        """Each alert with how long its thing stood in the end."""
        opened = [alert for alert in self.alerts if alert.phase == "opened"]
        return tuple(self._heard(alert, place) for alert in opened)

    def reason(self, scenario: Scenario, place: Box) -> Reason | None:
        """Of the near misses at a place, the one that lacked least."""
        here = [m for m in self.misses if m.scenario == scenario and meets(m.xyxy, place)]
        if not here:
            return None
        miss = min(here, key=lambda miss: miss.lacking)
        return Reason(code=miss.code, en=miss.why.en, zh=miss.why.zh, lacking=miss.lacking)

    def _heard(self, alert: Alert, place: Box | None) -> Heard:
        last = [other for other in self.alerts if other.alert_id == alert.alert_id][-1]
        at_s = (alert.captured_at - self.began_at).total_seconds()
        ended = last.phase == "closed"
        stayed_s = _stood_s(last) if ended else _stood_s(alert) + self.seconds - at_s
        return Heard(
            scenario=alert.scenario,
            at_s=round(at_s, 2),
            confidence=alert.confidence,
            xyxy=alert.region.xyxy,
            here=place is not None and meets(alert.region.xyxy, place),
            stayed_s=round(stayed_s, 2),
            ended=ended,
        )


def _stood_s(alert: Alert) -> float:
    match alert.facts:
        case DumpingFacts() as facts:
            return facts.stayed_s
        case ChargingFacts() as facts:
            return facts.stood_s
        case _:
            return 0.0


def listen(
    source: Path,
    config: BoxConfig,
    at: datetime,
    detector: OnnxDetector | None,
    progress: Progress = lambda share: None,
) -> Told:
    """Replays a clip or a folder of looks.

    Raises:
        EdgeError: It cannot be read.
    """
    told = Told(at)
    settings = ReplaySettings(
        parse_source(str(source)), config, at, updates=True, detector=detector, misses=told
    )

    def shown(frames: int, of: int | None, alerts: int) -> None:
        progress(min(frames / of, 1.0) if of else 0.0)

    summary = replay(settings, lambda line: told.alerts.append(Alert.from_bytes(line)), shown)
    told.seconds = summary.footage_s
    return told


def box_of(site: Path, overrides: tuple[str, ...], stays: dict[str, float]) -> BoxConfig:
    """The box as it will be configured, but with the probes' short limits.

    Raises:
        ConfigError: In one sentence.
    """
    limits = [f"{key}={value:g}" for key, value in stays.items()]
    own = [f"cameras.0.site_file={site.resolve()}", "cameras.0.footage=composed"]
    return load_config(None, [*own, *overrides, *limits])


def meets(box: Box, place: Box) -> bool:
    """Whether a box is at a deed's place, give or take some of the deed's size.

    >>> meets((100, 100, 120, 130), (118, 120, 150, 140)), meets((0, 0, 9, 9), (50, 50, 60, 60))
    (True, False)
    """
    wide = max(MARGIN * (place[2] - place[0]), LEAST_MARGIN_PX)
    high = max(MARGIN * (place[3] - place[1]), LEAST_MARGIN_PX)
    across = min(box[2], place[2] + wide) - max(box[0], place[0] - wide)
    down = min(box[3], place[3] + high) - max(box[1], place[1] - high)
    return across > 0 and down > 0
