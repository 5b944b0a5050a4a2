"""The looks of one camera against its baseline: one an hour, and what each of them teaches it."""

from __future__ import annotations

from typing import Final

import structlog

from edge.scenarios.construction_memory import Learned
from edge.video.frame import Frame
from edge.vision.baseline import Baseline, Growth
from edge.vision.registration import MisfitError
from edge.vision.scene import Scene

LOOK_EVERY_S: Final = 3600.0
BASELINE_S: Final = 12 * 3600.0
"""Looks of so long are the baseline: the light of a day."""
MOST_UNLIKE: Final = 0.3
"""Where more of all patterns are others, light or weather is, and nothing can be told."""
LEAST_UNLIKE: Final = 0.02
"""A look that is no more unlike than this teaches the baseline nothing."""

log = structlog.get_logger()


class BaselineWatch:
    """Lays each look onto the baseline, and begins that anew where none fits any more.

    Attributes:
        learned: What is known of the place; None before the first look, another object after each
            beginning.
    """

    def __init__(self, looks: int, span_s: float) -> None:
        """``looks``, and for so long: what must be passed over before the baseline is given up."""
        self.learned: Learned | None = None
        self._looks, self._span_s = looks, span_s
        self._doubted = False

    def resume(self, learned: Learned) -> None:
        """Goes on from what was known before a restart, in which the camera may have been moved."""
        self.learned, self._doubted = learned, True

    def look(self, scene: Scene) -> Growth | None:
        """What a look shows that the baseline does not; None where it is one, or tells nothing."""
        frame, learned = scene.frame, self.learned
        if learned is None:
            self._begin(scene)
            return None
        if 0 <= frame.monotonic_s - learned.looked_s < LOOK_EVERY_S:
            return None
        learned.looked_s, learned.looked_at = frame.monotonic_s, frame.captured_at
        try:
            growth = learned.baseline.compare(frame.pixels, learned.places_mask, scene.people)
        except MisfitError as error:
            if self._doubted and learned.baseline.is_elsewhere(frame.pixels):
                self._begin_elsewhere(scene)
            else:
                self._pass_over(scene, learned, str(error))
            return None
        self._doubted = False
        if frame.monotonic_s - learned.began_s < BASELINE_S:
            _fill(growth, learned)
            if growth.unlike > LEAST_UNLIKE:
                learned.baseline.learn(growth, learned.grown)
            return None
        if growth.unlike > MOST_UNLIKE:
            said = f"{growth.unlike:.0%} of all patterns are others, at most {MOST_UNLIKE:.0%}"
            self._pass_over(scene, learned, f"it is lit like no look of the baseline: {said}")
            return None
        learned.fitted_s, learned.passed_over = frame.monotonic_s, 0
        _fill(growth, learned)
        return growth

    def teach(self, growth: Growth, frame: Frame) -> None:
        """Lets a look join the baseline, but for what has grown in it."""
        learned = self.learned
        assert learned is not None, "what has grown was seen against it"
        in_another_light = not learned.places and growth.unlike > LEAST_UNLIKE
        if in_another_light or frame.monotonic_s - learned.taught_s >= self._span_s:
            learned.baseline.learn(growth, learned.grown)
            learned.taught_s = frame.monotonic_s

    def _begin(self, scene: Scene) -> None:
        """Takes a first look as the baseline."""
        frame = scene.frame
        self._doubted = False
        self.learned = Learned(
            baseline=Baseline(frame.pixels, scene.people),
            baseline_at=frame.captured_at,
            looked_at=frame.captured_at,
            looked_s=frame.monotonic_s,
            began_s=frame.monotonic_s,
            fitted_s=frame.monotonic_s,
            taught_s=frame.monotonic_s,
            places=[],
            settled={},
        )

    def _begin_elsewhere(self, scene: Scene) -> None:
        log.warning(
            "the baseline of construction is from another camera or another view: "
            "no kept look fits what is seen now; it begins anew",
            at=scene.frame.captured_at,
        )
        self._begin(scene)

    def _pass_over(self, scene: Scene, learned: Learned, why: str) -> None:
        """Says the first of several looks that cannot be judged; after too many, begins anew."""
        frame = scene.frame
        learned.passed_over += 1
        if learned.passed_over == 1:
            log.warning(f"a look at construction is passed over: {why}", at=frame.captured_at)
        too_long = frame.monotonic_s - learned.fitted_s >= self._span_s
        if too_long and learned.passed_over >= self._looks:
            log.warning("no look fits the baseline any more: it begins anew", at=frame.captured_at)
            self._begin(scene)


def _fill(growth: Growth, learned: Learned) -> None:
    """Takes into the baseline what people hid of it."""
    if growth.bare.any():
        learned.baseline.absorb(growth, growth.bare)
