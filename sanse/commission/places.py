"""Where to probe: a grid of places, metres apart, over the watched ground that can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from edge.scenarios.zones import Zones
from edge.site import SiteFile
from models.scenes.camera import Camera
from models.scenes.ground import GroundNotSeenError, ground_of_points, on_ground
from sanse.commission.errors import NoGroundError, NoPlaceError, OddGroundError

Doubles = npt.NDArray[np.float64]
Xy = tuple[float, float]
Wh = tuple[int, int]
PERSON_M: Final = 1.68
LEAST_PERSON_PX: Final = 12.0
"""A smaller person is no more than a dot; nobody would watch there."""
FARTHEST_M: Final = 100.0
LATTICE: Final = 160
"""The watched ground is looked for at so many columns of the picture."""
WALK_M: Final = 4.5
BANDS_M: Final = (10.0, 20.0, 30.0, 45.0)
"""Where near ends and far begins, for the table."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place to probe.

    Attributes:
        metres: As the site file counts them, turned as the camera needs it.
        pixel: Where its ground is in the stage's picture.
        far_m: Along the ground, from below the camera.
        aside: Direction of length 1 in which people come and go.
        away: Direction of length 1 from the camera.
        person_px: How tall a person stands there.
        taken: Something real stands there; nothing can be drawn in its place.
    """

    number: int
    metres: Xy
    pixel: Xy
    far_m: float
    aside: Xy
    away: Xy
    person_px: float
    taken: bool = False


def camera_of(site: SiteFile, wh: Wh, path: Path) -> Camera:
    """The camera that sees the measured spots where they are, at the stage's size.

    Raises:
        NoGroundError: Nobody measured.
        OddGroundError: No camera above the ground sees them so.
    """
    if not site.ground:
        raise NoGroundError(path)
    scale = np.array(wh) / site.frame_wh
    pixels = np.array([spot.pixel for spot in site.ground]) * scale
    metres = np.array([spot.metres for spot in site.ground])
    try:
        return ground_of_points(pixels, metres, wh).camera
    except GroundNotSeenError as error:
        try:  # whoever measured may count metres to the left
            return ground_of_points(pixels, metres * (-1, 1), wh).camera
        except GroundNotSeenError:
            raise OddGroundError(path, "no camera above the ground sees these spots so") from error


def grid(site: SiteFile, camera: Camera, wh: Wh, count: int, path: Path) -> tuple[Place, ...]:
    """At most ``count`` places, as evenly over the watched ground as a square grid can be.

    Raises:
        NoPlaceError: None can be seen.
    """
    ground = _watched(site, camera, wh)
    if not len(ground):
        raise NoPlaceError(path)
    free = _free(site, camera, wh)
    metres = _spaced(ground, count, free)
    places = [_place(number, at, camera, wh) for number, at in enumerate(metres, 1)]
    return tuple(places)


def step_m(places: tuple[Place, ...]) -> float:
    """How far neighbors are apart: the median distance to the nearest."""
    at = np.array([place.metres for place in places])
    if len(at) < 2:
        return 0.0
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    return float(np.median(apart.min(axis=1)))


def band_of(far_m: float) -> str:
    """
    >>> band_of(7.0), band_of(25.0), band_of(80.0)
    ('0-10', '20-30', '45+')
    """
    low = 0.0
    for high in BANDS_M:
        if far_m < high:
            return f"{low:g}-{high:g}"
        low = high
    return f"{low:g}+"


def spaced(
    ground: Doubles, is_free: Callable[[Doubles], npt.NDArray[np.bool_]], apart_m: float
) -> Doubles:
    """The middles of the squares of a grid over the ``(n, 2)`` ground that are free themselves."""
    cells = np.unique(np.floor(ground / apart_m).astype(int), axis=0)
    middles = (cells + 0.5) * apart_m
    kept: Doubles = middles[is_free(middles)]
    return kept[np.lexsort((kept[:, 0], np.round(kept[:, 1], 6)))]


def _spaced(
    ground: Doubles, count: int, is_free: Callable[[Doubles], npt.NDArray[np.bool_]]
) -> Doubles:
    """The finest grid that has no more than ``count`` places; one place where none has any."""
    span = float(np.ptp(ground, axis=0).max())
    best = np.empty((0, 2))
    for apart_m in np.geomspace(max(span, 1.0), 0.5, 60):
        found = spaced(ground, is_free, float(apart_m))
        if len(found) > 3 * count:
            break
        if len(best) <= len(found) <= count:
            best = found
    if len(best):
        return best
    middle = np.median(ground, axis=0)
    nearest: Doubles = ground[[np.hypot(*(ground - middle).T).argmin()]]
    return nearest


def _watched(site: SiteFile, camera: Camera, wh: Wh) -> Doubles:
    """``(n, 2)`` metres of the ground that is watched and seen well enough."""
    step = wh[0] / LATTICE
    xs, ys = np.meshgrid(np.arange(step / 2, wh[0], step), np.arange(step / 2, wh[1], step))
    metres = on_ground(camera, np.column_stack([xs.ravel(), ys.ravel()]), wh)
    metres = metres[~np.isnan(metres).any(axis=1)]
    seen: Doubles = metres[_free(site, camera, wh)(metres)]
    return seen


def _free(site: SiteFile, camera: Camera, wh: Wh) -> Callable[[Doubles], npt.NDArray[np.bool_]]:
    """Tells of ``(n, 2)`` metres whether an offence there would count and could be seen."""
    zones = Zones(site, wh)

    def free(metres: Doubles) -> npt.NDArray[np.bool_]:
        feet, heads = (_seen(camera, metres, z, wh) for z in (0.0, PERSON_M))
        inside = (feet >= 0).all(axis=1) & (feet[:, 0] < wh[0]) & (feet[:, 1] < wh[1] - 2)
        inside &= heads[:, 1] >= 0
        inside &= feet[:, 1] - heads[:, 1] >= LEAST_PERSON_PX
        far_m = np.hypot(*(metres - camera.position[:2]).T)
        inside &= far_m <= FARTHEST_M
        for row in np.flatnonzero(inside):
            foot = float(feet[row, 0]), float(feet[row, 1])
            registered = zones.collection(foot) or zones.shed(foot)
            inside[row] = zones.watches(foot) and registered is None
        return inside

    return free


def _seen(camera: Camera, metres: Doubles, up_m: float, wh: Wh) -> Doubles:
    """``(n, 2)`` pixels; far outside where the camera sees none."""
    points = np.column_stack([metres, np.full(len(metres), up_m)])
    return np.nan_to_num(camera.project(points, wh).astype(np.float64), nan=-1e6)


def _place(number: int, metres: Doubles, camera: Camera, wh: Wh) -> Place:
    here = np.array(camera.position[:2])
    ray = metres - here
    far_m = float(np.hypot(*ray))
    away = ray / max(far_m, 1e-6)
    right = np.array([away[1], -away[0]])
    ends = [_seen(camera, (metres + side * WALK_M * right)[None], 0.0, wh)[0] for side in (1, -1)]
    margins = [min(end[0], wh[0] - end[0]) for end in ends]
    side = 1 if margins[0] >= margins[1] else -1
    foot, head = (_seen(camera, metres[None], z, wh)[0] for z in (0.0, PERSON_M))
    return Place(
        number=number,
        metres=(round(float(metres[0]), 2), round(float(metres[1]), 2)),
        pixel=(float(foot[0]), float(foot[1])),
        far_m=far_m,
        aside=(float(side * right[0]), float(side * right[1])),
        away=(float(away[0]), float(away[1])),
        person_px=float(foot[1] - head[1]),
    )
