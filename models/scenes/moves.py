"""How things get from one place to another: paths with round corners, smooth starts and stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
TURNS_S = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A line on the ground.

    Attributes:
        points: ``(n, 2)`` metres, no two neighbours alike.
        so_far_m: ``(n,)`` metres from its beginning.
    """

    points: Doubles
    so_far_m: Doubles

    @classmethod
    def through(cls, corners: npt.ArrayLike, radius_m: float) -> Path:
        """From corner to corner of ``(n, 2)``, the corners rounded off."""
        points = _rounded(_apart(np.asarray(corners, np.float64).reshape(-1, 2)), radius_m)
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        return cls(points, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length_m(self) -> float:
        return float(self.so_far_m[-1])

    def at(self, distance_m: float) -> tuple[float, float]:
        x, y = (np.interp(distance_m, self.so_far_m, self.points[:, k]) for k in (0, 1))
        return float(x), float(y)

    def yaw_deg(self, distance_m: float, half_m: float) -> float:
        """Where it leads, counter-clockwise from east, over ``half_m`` before and after."""
        reach = min(half_m, self.length_m / 2)
        middle = float(np.clip(distance_m, reach, self.length_m - reach))
        (x, y), (ahead_x, ahead_y) = self.at(middle - reach), self.at(middle + reach)
        return float(np.degrees(np.arctan2(ahead_y - y, ahead_x - x)))


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One path gone once, from rest to rest.

    Attributes:
        ramp_s: How long starting and stopping each take; at most half of it all.
        from_yaw_deg: Where it looked before.
        half_m: Half the length of what goes: a long one turns its nose into a corner early.
    """

    path: Path
    begin_s: float
    end_s: float
    ramp_s: float
    from_yaw_deg: float
    half_m: float

    @property
    def top_mps(self) -> float:
        return self.path.length_m / (self.end_s - self.begin_s - self._ramp_s)

    @property
    def _ramp_s(self) -> float:
        return min(self.ramp_s, (self.end_s - self.begin_s) / 2)

    def gone_m(self, t_s: float) -> float:
        """Metres gone by a time."""
        whole, ramp = self.end_s - self.begin_s, self._ramp_s
        t = float(np.clip(t_s - self.begin_s, 0.0, whole))
        if t < ramp:
            return self.top_mps * t * t / (2 * ramp)
        if t > whole - ramp:
            return self.path.length_m - self.top_mps * (whole - t) ** 2 / (2 * ramp)
        return self.top_mps * (t - ramp / 2)

    def speed_mps(self, t_s: float) -> float:
        if not self.begin_s < t_s < self.end_s:
            return 0.0
        rest = min(t_s - self.begin_s, self.end_s - t_s)
        return self.top_mps * min(rest / self._ramp_s, 1.0)

    def xy(self, t_s: float) -> tuple[float, float]:
        return self.path.at(self.gone_m(t_s))

    def yaw_deg(self, t_s: float) -> float:
        ahead = self.path.yaw_deg(self.gone_m(t_s), self.half_m)
        return blended_deg(self.from_yaw_deg, ahead, eased((t_s - self.begin_s) / TURNS_S))


def duration_s(length_m: float, speed_mps: float, ramp_s: float) -> float:
    """How long a path takes that reaches a speed, or half its ramps where it is too short to.

    >>> duration_s(10.0, 2.0, 1.0), duration_s(0.5, 2.0, 1.0)
    (6.0, 1.0)
    """
    if length_m >= speed_mps * ramp_s:
        return length_m / speed_mps + ramp_s
    return max(2 * float(np.sqrt(length_m * ramp_s / speed_mps)), 0.2)


def along_way(
    start: Sequence[float], way: Sequence[Sequence[float]], goal: Sequence[float]
) -> Doubles:
    """``(n, 2)`` corners: onto the way where it is nearest, along it, off it to the goal."""
    corners = np.asarray(way, np.float64)
    first, last = _nearest(corners, start), _nearest(corners, goal)
    numbers = np.arange(len(corners))
    if first <= last:
        between = numbers[(numbers > first) & (numbers < last)]
    else:
        between = numbers[(numbers < first) & (numbers > last)][::-1]
    on, off = _point_of(corners, first), _point_of(corners, last)
    return np.vstack([[start[:2]], [on], corners[between], [off], [goal[:2]]])


def point_on(way: Sequence[Sequence[float]], share: float) -> tuple[float, float, float]:
    """East, north and yaw at a share of a way's length: 0 is its beginning, 1 its end."""
    path = Path.through(way, 0.0)
    x, y = path.at(share * path.length_m)
    return x, y, path.yaw_deg(share * path.length_m, 0.5)


def eased(share: float) -> float:
    """0 to 1 without a jerk at either end.

    >>> eased(-1), eased(0.5), eased(2)
    (0.0, 0.5, 1.0)
    """
    t = min(max(share, 0.0), 1.0)
    return t * t * (3 - 2 * t)


def blended_deg(first: float, second: float, share: float) -> float:
    """From one angle toward another, the shorter way round.

    >>> blended_deg(350.0, 10.0, 0.5)
    360.0
    """
    return first + ((second - first + 180) % 360 - 180) * share


def _nearest(corners: Doubles, point: Sequence[float]) -> float:
    """Number of the corner before, and the share of the way to the next."""
    start, run = corners[:-1], np.diff(corners, axis=0)
    beside = np.asarray(point[:2], np.float64) - start
    share = np.clip((beside * run).sum(axis=1) / np.maximum((run * run).sum(axis=1), 1e-9), 0, 1)
    off = np.linalg.norm(beside - share[:, None] * run, axis=1)
    best = int(np.argmin(off))
    return best + float(share[best])


def _point_of(corners: Doubles, number: float) -> Doubles:
    low = min(int(number), len(corners) - 2)
    point: Doubles = corners[low] + (number - low) * (corners[low + 1] - corners[low])
    return point


def _apart(points: Doubles) -> Doubles:
    """Without points that repeat their neighbour; always two at least."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    kept = points[np.concatenate([[True], steps > 1e-3])]
    return kept if len(kept) > 1 else np.vstack([points[0], points[0] + (1e-3, 0.0)])


def _rounded(points: Doubles, radius_m: float) -> Doubles:
    """Corners cut off ``radius_m`` before and after them, by a parabola."""
    if radius_m <= 0 or len(points) < 3:
        return points
    lines = [points[:1]]
    share = np.linspace(0, 1, 7)[:, None]
    for before, corner, after in zip(points[:-2], points[1:-1], points[2:], strict=True):
        back, ahead = before - corner, after - corner
        far_back, far_ahead = float(np.linalg.norm(back)), float(np.linalg.norm(ahead))
        start = corner + back / far_back * min(radius_m, far_back / 2)
        stop = corner + ahead / far_ahead * min(radius_m, far_ahead / 2)
        lines.append((1 - share) ** 2 * start + 2 * share * (1 - share) * corner + share**2 * stop)
    return _apart(np.vstack([*lines, points[-1:]]))
