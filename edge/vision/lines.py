"""Thin lines: where a picture shows one, and the one that leads up from a thing that stands.

A line is one to four pixels wide, lighter or darker than what lies on *both* its sides; the edge
of a wall differs from one side only and is none. How much it stands out is told in units of what
its surroundings have everywhere, so that brickwork, leaves and noise are no lines, by day or in
the dark. From a thing the best line is followed upward by dynamic programming over place and
lean: it may sag, but neither jump nor turn back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats
from edge.vision.view import drift, exposure_table, shifted_back

Turns = npt.NDArray[np.signedinteger]

LOOKS: Final = 5
"""So many make one still picture, without noise and without who walks past."""
STEP: Final = 4
"""Rows between two places of a path."""
MOST_LEAN: Final = 8
"""Columns that it may move by in these rows: 63 degrees from upright."""
LEANS: Final = np.arange(-MOST_LEAN, MOST_LEAN + 1)
DIRECTIONS: Final = np.radians(np.arange(-60, 61, 15))
"""From upright, leaning right: in these, lines are looked for."""
DIRECTION_OF: Final = np.abs(np.arctan(LEANS / STEP)[:, None] - DIRECTIONS).argmin(axis=1)
ALONG: Final = np.linspace(-6, 6, 7)
"""Pixels along a line over which its brightness is averaged."""
BESIDE_PX: Final = 3.0
"""So far to either side lies what a line stands out from."""
AROUND_PX: Final = 61
NOISE: Final = 1.0
"""Gray levels by which nothing stands out, however dark and even its surroundings."""
MOST_CONTRAST: Final = 20.0
CHROMA: Final = 0.5
"""An orange cable on a gray wall has little but its color."""
CLEAR: Final = 1.6
"""Times its surroundings by which a line stands out, or it is a gap."""
CLEAREST: Final = 3.6
TURN: Final = 5.0
"""A change of lean by one column costs as much as a gap of three rows."""
WOBBLE: Final = 0.5
"""A column aside without a change of lean: leans between the ones looked at."""
SLANT: Final = 0.3
"""What a row costs at a lean of 45 degrees: much of what lies slanting is no hanging line."""
MARGIN_PX: Final = 8
BEGINS: Final = 2
LEAST_STEPS: Final = 4
SLACK_PX: Final = 1
SHAKEN_PX: Final = 0.3
"""So far an edge may have moved and be the same edge."""
KNOWN: Final = 0.5
"""By this share of what it was a line may stand out more or less, and be the same line."""


def stillest(looks: Sequence[Pixels]) -> Pixels:
    """The median of five pictures of one place, each brought to where the first one lies.

    Args:
        looks: ``(height, width, 3)`` each, a few tenths of a second apart or more.
    """
    if len(looks) != LOOKS:
        raise ValueError(f"{len(looks)} looks: want {LOOKS}")
    one, two, three, four, five = (brought_to(looks[0], look) for look in looks)
    low = np.maximum(np.minimum(one, two), np.minimum(three, four))
    high = np.minimum(np.maximum(one, two), np.maximum(three, four))
    middle: Pixels = np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), five))
    return middle


def brought_to(first: Pixels, look: Pixels) -> Pixels:
    """A picture shifted to where another of the same place lies; poles shake by a pixel."""
    everywhere = np.ones(first.shape[:2], np.bool_)
    far_x = far_y = 0.0
    moved = look
    for _ in range(2):
        dx, dy = drift(moved, first, everywhere)
        if max(abs(far_x + dx), abs(far_y + dy)) > MARGIN_PX:
            return look
        far_x, far_y = far_x + dx, far_y + dy
        moved = shifted_back(look, (far_x, far_y))
    return moved


@dataclass(frozen=True, slots=True, eq=False)
class Ridges:
    """How far each pixel stands out as part of a line.

    Attributes:
        clear: ``(directions, height, width)``: contrast over what is usual around it.
    """

    clear: Floats

    @classmethod
    def of(cls, pixels: Pixels) -> Ridges:
        """Of a picture ``(height, width, 3)``, the median of several for the dark."""
        contrast = np.maximum.reduce([_contrast(channel) for channel in _channels(pixels)])
        return cls(_over_usual(contrast))

    @classmethod
    def new_in(cls, pixels: Pixels, before: Pixels) -> Ridges:
        """Only the lines that an earlier picture ``(height, width, 3)`` of the same place lacks.

        The earlier one, in this one's exposure, is taken away before lines are looked for: what
        a new line crosses, the bars of a window or its frame, hides none of it. Edges that a
        shaken pole moves by a part of a pixel, and lines that stand out a little more or less in
        another light, are no new lines. A line that has gone leaves a trace, too; ``along`` tells.
        """
        table = exposure_table(before, pixels, np.ones(before.shape[:2], np.bool_))
        exposed = before if table is None else cv2.LUT(before, table).astype(np.uint8, copy=False)
        contrast = [
            _contrast(now - then) - SHAKEN_PX * _steepest(then) - KNOWN * _strongest(then)
            for now, then in zip(_channels(pixels), _channels(exposed), strict=False)
        ]
        return cls(_over_usual(np.maximum(np.maximum.reduce(contrast), 0)))

    def less(self, new: Ridges) -> Ridges:
        """Without what stands out as new: no line is half old and half new."""
        return Ridges(self.clear * (_around(new.clear.max(axis=0)) < CLEAR))

    def along(self, line: Line) -> float:
        """How far what lies where a line does stands out in its direction, the mean."""
        leans = np.diff(line.xy[:, 0]).round().astype(int).clip(-MOST_LEAN, MOST_LEAN) + MOST_LEAN
        return float(_clear_along(self.clear, line.xy, leans).mean())

    def without(self, line: Line) -> Ridges:
        """All but one line, so that the next best shows."""
        shown = np.ones(self.clear.shape[1:], np.uint8)
        cv2.polylines(shown, [line.xy.round().astype(np.int32)], False, (0.0,), 2 * MARGIN_PX + 1)
        return Ridges(self.clear * shown)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line that leads up from a thing, from where it leaves that thing's box.

    Attributes:
        xy: ``(n, 2)`` from its lower end to its upper one, ``STEP`` rows apart.
        clear: ``(n - 1,)`` how far each step stands out.
        score: Sum over its rows of what stands out beyond ``CLEAR``, less its gaps and turns.
    """

    xy: Floats
    clear: Floats
    score: float

    @property
    def length_px(self) -> float:
        return float(np.hypot(*np.diff(self.xy, axis=0).T).sum())

    @property
    def rise_px(self) -> float:
        return float(self.xy[0, 1] - self.xy[-1, 1])

    @property
    def covered(self) -> float:
        """Share of its steps that stand out, 0 to 1."""
        return float((self.clear >= CLEAR).mean())

    @property
    def short_px(self) -> float:
        """Rows by which it ends above the thing: nothing stands out there."""
        seen = np.flatnonzero(self.clear >= CLEAR)
        return float(STEP * (seen[0] if len(seen) else len(self.clear)))

    @property
    def gap_px(self) -> float:
        """Rows of its longest gap."""
        longest = run = 0
        for clear in self.clear:
            run = 0 if clear >= CLEAR else run + 1
            longest = max(longest, run)
        return float(STEP * longest)

    @property
    def bend(self) -> float:
        """How far it lies off the straight line through it, over its rise: a pipe's is near 0."""
        seen = self.xy[:-1][self.clear >= CLEAR]
        if len(seen) < 5:
            return 0.0
        x, y = seen.T.astype(np.float64)
        off = np.abs(np.polyval(np.polyfit(y, x, 1), y) - x)
        return float(np.percentile(off, 90) / max(np.ptp(y), 1.0))


def lines_up_from(
    ridges: Ridges, start: Bools, free: Bools, taken: Bools, most: int = 3
) -> list[Line]:
    """The lines that stand out most of those that lead up from a thing, the clearest first.

    Args:
        start: ``(height, width)`` where they may begin.
        free: ``(height, width)`` where nothing counts for or against them: on the thing itself.
        taken: ``(height, width)`` where nothing counts for them: on other things.
    """
    found: list[Line] = []
    for _ in range(most):
        line = _clearest(ridges, start, free, taken)
        if line is None:
            break
        found.append(line)
        ridges = ridges.without(line)
    return found


def _clearest(ridges: Ridges, start: Bools, free: Bools, taken: Bools) -> Line | None:
    rows = np.flatnonzero(start.any(axis=1))
    steps = int(rows[-1]) // STEP if len(rows) else 0
    if not steps:
        return None
    gain = np.clip(ridges.clear, 0, CLEAREST) - np.float32(CLEAR)
    gain[:, taken] = np.minimum(gain[:, taken], 0)
    gain[:, free] = 0
    bottom = steps * STEP
    scores, came = _paths(_segments(gain, bottom, steps), start[bottom:0:-STEP][:steps])
    step, lean, x = (int(v) for v in np.unravel_index(int(scores.argmax()), scores.shape))
    score = float(scores[step, lean, x])
    if score <= 0:
        return None
    xy, leans = _walked_back(came, step, lean, x, bottom)
    on_thing = free[xy[:-1, 1].astype(int), xy[:-1, 0].astype(int)]
    first = int(np.flatnonzero(on_thing)[-1]) if on_thing.any() else 0
    if len(leans) - first < LEAST_STEPS:
        return None
    clear = _clear_along(ridges.clear, xy, leans)
    return Line(xy[first:], clear[first:], score)


def _channels(pixels: Pixels) -> list[Floats]:
    """Brightness, and red against blue where the picture has color."""
    blue, green, red = cv2.split(cv2.GaussianBlur(pixels, (0, 0), 0.7).astype(np.float32))
    gray = 0.114 * blue + 0.587 * green + 0.299 * red
    chroma = CHROMA * (red - blue)
    return [gray, chroma] if float(chroma.std()) > NOISE else [gray]


def _contrast(channel: Floats) -> Floats:
    """``(directions, height, width)``: by how much a line differs from its nearer side."""
    height, width = channel.shape
    out = np.empty((len(DIRECTIONS), height, width), np.float32)
    padded = np.pad(channel, 2 * MARGIN_PX, mode="edge")
    for index, angle in enumerate(DIRECTIONS):
        mean = np.zeros((height + 2 * MARGIN_PX, width + 2 * MARGIN_PX), np.float32)
        for far in ALONG:
            mean += _moved(padded, np.sin(angle) * far, -np.cos(angle) * far, MARGIN_PX)
        mean /= len(ALONG)
        aside = np.cos(angle) * BESIDE_PX, np.sin(angle) * BESIDE_PX
        here = _moved(mean, 0, 0, MARGIN_PX)
        right, left = _moved(mean, *aside, MARGIN_PX), _moved(mean, -aside[0], -aside[1], MARGIN_PX)
        lighter = here - np.maximum(left, right)
        darker = np.minimum(left, right) - here
        out[index] = np.maximum(np.maximum(lighter, darker), 0)
    return out


def _over_usual(contrast: Floats) -> Floats:
    """``(directions, height, width)``: contrast in units of what its surroundings have."""
    usual = cv2.blur(np.minimum(contrast.max(axis=0), MOST_CONTRAST), (AROUND_PX, AROUND_PX))
    out: Floats = contrast / (usual + np.float32(NOISE))
    return out


def _steepest(channel: Floats) -> Floats:
    """``(height, width)``: gray levels by which it changes over a pixel, at or beside each."""
    across, down = (cv2.Sobel(channel, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (1, 0))
    return _around(np.hypot(across, down))


def _strongest(channel: Floats) -> Floats:
    """``(height, width)``: contrast of the best line through each pixel or beside it."""
    return _around(_contrast(channel).max(axis=0))


def _around(values: Floats) -> Floats:
    """The greatest within ``SLACK_PX``."""
    side = 2 * SLACK_PX + 1
    return cv2.dilate(values, np.ones((side, side), np.uint8)).astype(np.float32, copy=False)


def _moved(padded: Floats, dx: float, dy: float, margin: int) -> Floats:
    """What lies ``dx, dy`` from each pixel, without the margin."""
    height, width = padded.shape
    right, down = round(dx) + margin, round(dy) + margin
    return padded[down : height - 2 * margin + down, right : width - 2 * margin + right]


def _segments(gain: Floats, bottom: int, steps: int) -> Floats:
    """``(steps, leans, width)``: what a step from each column wins, by its lean."""
    width = gain.shape[2]
    won = np.empty((steps, len(LEANS), width), np.float32)
    won[:] = (-SLANT * np.abs(LEANS))[None, :, None]
    padded = np.pad(gain, ((0, 0), (0, 0), (MOST_LEAN, MOST_LEAN)), constant_values=-CLEAR)
    for index, lean in enumerate(LEANS):
        for row in range(1, STEP + 1):
            aside = MOST_LEAN + round(lean * row / STEP)
            rows = padded[DIRECTION_OF[index], bottom - row :: -STEP][:steps]
            won[:, index] += rows[:, aside : aside + width]
    return won


def _paths(won: Floats, start: Bools) -> tuple[Floats, Turns]:
    """The best score with which each step, lean and column is reached, and how.

    Returns:
        ``(steps, leans, width)`` scores, and ``(2, steps, leans, width)`` how lean and column
        changed before the step; lean ``BEGINS`` is where a path begins.
    """
    steps, leans, width = won.shape
    scores = np.full(won.shape, -np.inf, np.float32)
    came = np.zeros((2, *won.shape), np.int8)
    column = np.arange(width)[None] - LEANS[:, None]
    inside = (column >= 0) & (column < width)
    at = np.arange(leans)[:, None], column.clip(0, width - 1)
    now = np.full((leans, width), -np.inf, np.float32)
    for step in range(steps):
        best, wobble = _best_of_neighbors(now, axis=1, cost=WOBBLE)
        best, turn = _best_of_neighbors(best, axis=0, cost=TURN)
        wobble = np.take_along_axis(wobble, np.arange(leans)[:, None] + turn, axis=0)
        begins = start[step][None] & (best < 0)
        best[begins], turn[begins], wobble[begins] = 0, BEGINS, 0
        best += won[step]
        now = np.where(inside, best[at], np.float32(-np.inf))
        scores[step], came[0, step], came[1, step] = now, turn[at], wobble[at]
    return scores, came


def _best_of_neighbors(scores: Floats, axis: int, cost: float) -> tuple[Floats, Turns]:
    """The best of each score and its two neighbors along an axis, and which one that is."""
    best, came = scores.copy(), np.zeros(scores.shape, np.int8)
    low, high = [slice(None)] * 2, [slice(None)] * 2
    low[axis], high[axis] = slice(0, -1), slice(1, None)
    for here, there, side in ((tuple(high), tuple(low), -1), (tuple(low), tuple(high), 1)):
        other = scores[there] - np.float32(cost)
        better = other > best[here]
        np.copyto(best[here], other, where=better)
        came[here][better] = side
    return best, came


def _walked_back(came: Turns, step: int, lean: int, x: int, bottom: int) -> tuple[Floats, Turns]:
    """The path that ends there: ``(n, 2)`` places from below, ``(n - 1,)`` its leans."""
    xy, leans = [(x, bottom - (step + 1) * STEP)], []
    while True:
        leans.append(lean)
        turn, wobble = came[:, step, lean, x].tolist()
        x -= int(LEANS[lean])
        xy.append((x, bottom - step * STEP))
        if turn == BEGINS or step == 0:
            return np.array(xy[::-1], np.float32), np.array(leans[::-1])
        lean, x, step = lean + turn, x + wobble, step - 1


def _clear_along(clear: Floats, xy: Floats, leans: Turns) -> Floats:
    """``(n - 1,)``: how far each step of a path stands out, the mean of its rows."""
    rows = np.arange(1, STEP + 1)
    y = xy[:-1, 1].astype(int)[:, None] - rows
    x = (xy[:-1, 0][:, None] + LEANS[leans][:, None] * rows / STEP).round().astype(int)
    x = x.clip(0, clear.shape[2] - 1)
    along: Floats = clear[DIRECTION_OF[leans][:, None], y.clip(0), x].mean(axis=1)
    return along
