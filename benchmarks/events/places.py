"""Where the benchmark's cameras hang, and the free places that each of them sees.

Measured once in the picture of each camera, so that scripts stay as they are when a street is
given another tree. Metres east and north, as scripts tell them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

Xy = tuple[float, float]
CameraAt = str | Mapping[str, float | tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Berth:
    """A place for a bike, and the opening from which a cable could reach it."""

    at: Xy
    heading_deg: float
    opening: str


@dataclass(frozen=True, slots=True)
class Places:
    """What one camera sees.

    Attributes:
        street: Name of a drawn street, or the real file in the data folder.
        camera: A name, or position, heading, tilt and angle of view.
        seed: Of the street; odd.
        wh: Of the picture.
        edges: Places just outside the picture where people come and go.
        drops: Free ground where a thing is large enough to be seen.
        drive: Where vehicles come from, halt and leave to; None where none can.
        berths: For e-bikes.
        wall: Where the foot of a house wall is, between its openings; it looks along its heading.
        collection: The registered collection point's corners.
        shed: The registered charging shed's corners.
    """

    street: str
    camera: CameraAt
    seed: int = 1
    wh: tuple[int, int] = (1280, 720)
    edges: tuple[Xy, ...] = ()
    drops: tuple[Xy, ...] = ()
    drive: tuple[Xy, Xy, Xy] | None = None
    berths: tuple[Berth, ...] = ()
    wall: tuple[Xy, ...] = ()
    collection: tuple[Xy, ...] = ()
    shed: tuple[Xy, ...] = ()

    @property
    def is_real(self) -> bool:
        return "." in self.street


SMALL: Final = (960, 540)


def _own(
    position: tuple[float, float, float], heading_deg: float, tilt_deg: float, fov_deg: float
) -> CameraAt:
    return {
        "position": position,
        "heading_deg": heading_deg,
        "tilt_deg": tilt_deg,
        "fov_deg": fov_deg,
    }


def _box(left: float, front: float, right: float, back: float) -> tuple[Xy, ...]:
    return (left, front), (right, front), (right, back), (left, back)


GATE: Final = _box(-11.6, 2.5, -6.4, 4.1)
CORNER: Final = _box(6.6, 6.2, 8.4, 7.4)
SHED: Final = _box(11.0, 1.0, 17.0, 4.2)
YARD_EAST: Final = (
    Berth((3.2, 9.4), 0, "window_2_6"),
    Berth((5.4, 9.4), 0, "balcony_2_7"),
    Berth((7.6, 9.3), 0, "balcony_2_7"),
    Berth((0.9, 9.2), 20, "stairwell"),
)
YARD_WEST: Final = (
    Berth((-5.0, 9.5), 0, "balcony_2_3"),
    Berth((-3.2, 9.5), 0, "window_2_4"),
    Berth((-7.4, 9.4), 0, "window_1_3"),
    Berth((-0.9, 9.3), 340, "stairwell"),
)
SHOPS: Final = (
    Berth((10.4, 7.9), 70, "balcony_2_2"),
    Berth((7.6, 8.7), 100, "window_2_1"),
    Berth((14.3, 7.4), 80, "shop_3"),
    Berth((12.4, 6.6), 95, "shop_2"),
)

PLACES: Final[Mapping[str, Places]] = MappingProxyType(
    {
        "gate-across": Places(
            "gate", "across",
            edges=((13.8, 1.7), (10.0, -7.8), (-10.5, -8.0)),
            drops=((6.4, 1.0), (-2.2, 0.9), (9.4, 1.2), (-7.2, 1.0)),
            drive=((18.0, -1.9), (2.6, -1.5), (-30.0, -1.9)), collection=GATE,
        ),
        "gate-pole": Places(
            "gate", "pole", wh=SMALL,
            edges=((-14.8, 1.7), (-12.0, -7.8)),
            drops=((-7.0, 0.9), (-4.9, 3.0), (-10.6, 0.7), (-2.0, 0.6)),
            drive=((-22.0, -5.2), (-5.5, -4.4), (44.0, -5.2)), collection=GATE,
        ),
        "gate-gatehouse": Places(
            "gate", "gatehouse", wh=SMALL,
            edges=((4.6, 1.7), (0.3, -8.0)),
            drops=((-3.6, 2.7), (-5.6, 1.0), (-9.4, 1.2), (-2.0, -0.5)),
            drive=((9.0, -1.9), (-4.4, -1.5), (-44.0, -1.9)), collection=GATE,
        ),
        "yard-opposite": Places(
            "yard", "opposite",
            edges=((-12.0, 0.0), (12.6, -1.5), (-13.5, 4.2)),
            drops=((4.5, 1.0), (0.2, 2.4), (8.0, 2.4), (-4.4, 1.6)),
            drive=((-19.0, 6.0), (0.5, 5.8), (28.0, 5.2)),
            berths=(*YARD_EAST[:2], *YARD_WEST[:2]), wall=((8.3, 11.9), (-8.2, 11.9)), shed=SHED,
        ),
        "yard-corner": Places(
            "yard", "corner", wh=SMALL,
            edges=((-13.8, 8.2), (-13.4, 4.7), (-8.5, -0.6)),
            drops=((-8.0, 5.2), (-4.0, 4.6), (-1.0, 6.3), (-6.6, 2.2)),
            berths=YARD_WEST, wall=((-8.3, 11.9), (-1.9, 11.9)), shed=SHED,
        ),
        "yard-lamp-post": Places(
            "yard", "lamp_post",
            edges=((16.2, 8.2), (16.6, 5.2), (12.8, -1.9)),
            drops=((4.6, 1.4), (1.6, 4.6)),
            berths=(YARD_EAST[0], YARD_EAST[3], YARD_WEST[1], YARD_WEST[0]),
            wall=((1.9, 11.9), (-1.7, 11.9)), shed=SHED,
        ),
        "yard-own": Places(
            "yard", _own((7.8, -0.5, 4.8), 339, 12, 62),
            edges=((-5.8, 8.2), (10.8, 8.2), (10.3, 5.0), (-1.8, 4.6)),
            drops=((3.0, 6.6),),
            berths=YARD_EAST, wall=((4.9, 11.9), (-1.7, 11.9)), shed=SHED,
        ),
        "junction-corner": Places(
            "junction", "corner",
            edges=((-9.2, 7.6), (12.4, -6.8), (-4.6, -7.0), (5.9, -11.2)),
            drops=((4.7, -6.2), (-5.4, 7.4), (7.4, -5.8), (-7.0, 6.5)),
            drive=((-17.0, -2.2), (12.4, -3.3), (44.0, -2.2)), collection=CORNER,
        ),
        "junction-shops": Places(
            "junction", "shops",
            edges=((15.4, 7.6), (-6.2, -6.8)),
            drops=((10.6, 6.8), (8.9, 7.9), (12.2, 8.2), (9.4, 5.9)),
            drive=((20.0, 2.2), (9.0, 3.2), (-44.0, 2.2)), collection=CORNER,
        ),
        "junction-own": Places(
            "junction", _own((16.5, -1.5, 5.0), 335, 10, 72), wh=SMALL,
            edges=((20.2, 7.6), (-3.0, 7.6)), berths=SHOPS[:3], wall=((9.2, 9.8), (12.9, 9.8)),
        ),
        "junction-far-own": Places(
            "junction", _own((4.6, -1.0, 5.0), 32, 10, 72), seed=3,
            edges=((2.6, 7.6), (2.6, 5.8)), berths=SHOPS[:3], wall=((9.2, 9.8), (13.0, 9.8)),
        ),
        "roof-west-own": Places(
            "roof", _own((-9.0, -6.5, 5.0), 12, 9, 72), wh=SMALL,
            edges=((-15.2, 2.8), (3.6, 2.8)),
            berths=(
                Berth((-6.4, 3.3), 90, "window_2_1_2"), Berth((-11.6, 3.3), 90, "window_2_4_1"),
                Berth((0.4, 3.3), 90, "window_2_3_2"),
            ),
            wall=((-4.3, 4.3), (-9.0, 4.3)),
        ),
        "roof-east-own": Places(
            "roof", _own((8.0, -6.0, 4.8), 28, 9, 72), seed=3, wh=SMALL,
            edges=((4.9, 2.8),),
            berths=(
                Berth((8.9, 3.3), 90, "window_2_3_3"), Berth((12.6, 3.3), 90, "window_2_4_3"),
                Berth((14.4, 3.2), 90, "window_2_4_3"),
            ),
            wall=((10.6, 4.3), (7.4, 4.3)),
        ),
        "ditch-pole": Places(
            "ditch", "pole",
            edges=((-11.4, 0.6), (-12.6, -0.9)),
            drops=((0.6, 1.5), (-3.4, 1.4), (3.8, 1.6), (0.4, -2.6)),
            drive=((-17.0, -0.9), (-1.0, -1.1), (32.0, -0.9)),
        ),
        "ditch-bend": Places(
            "ditch", "bend", wh=SMALL,
            edges=((12.4, 0.6), (13.6, -0.9)),
            drops=((4.6, 1.4), (1.6, 1.5), (6.6, 0.9), (-0.8, 1.3)),
            drive=((18.0, -0.9), (-2.4, -1.1), (-44.0, -0.9)),
        ),
        "ditch-far-bank": Places(
            "ditch", "far_bank", wh=SMALL,
            edges=((-10.2, 0.6), (-11.4, -0.9)),
            drops=((0.8, 1.2), (-3.0, 1.1), (3.2, 0.2), (-1.2, -2.4)),
            drive=((-16.0, -0.9), (0.4, -1.1), (44.0, -0.9)),
        ),
        "border-pole": Places(
            "border", "pole",
            edges=((-9.2, 4.0), (-9.2, -2.8), (11.6, -8.6)),
            drops=((0.5, 4.6), (3.6, -2.7), (-3.2, 4.4), (6.4, 3.9)),
            drive=((-16.0, -0.3), (2.8, 0.4), (19.0, -15.0)),
        ),
        "border-end": Places(
            "border", "end", wh=SMALL,
            edges=((14.0, -1.6), (12.2, -8.6)),
            drops=((8.2, 4.0), (4.6, -3.2), (9.8, 2.6), (4.2, 4.5)),
            drive=((16.0, -13.0), (7.0, 0.4), (-44.0, 2.0)),
        ),
        "border-wall": Places(
            "border", "wall", wh=SMALL,
            edges=((-7.2, -2.8), (-7.0, 3.6)),
            drops=((3.4, -2.7), (0.8, 3.6), (-0.4, -2.2), (4.6, 3.4)),
            drive=((-15.0, -0.3), (1.6, 0.2), (19.0, -15.0)),
        ),
        "square": Places(
            "video/vtest.avi", _own((0.0, 0.0, 6.35), 0, 13.38, 30.5), wh=(768, 576),
            edges=(
                (-5.8, 16.0), (5.8, 16.0), (-6.8, 20.0), (6.8, 20.0), (-7.8, 24.0), (7.8, 24.0),
                (-9.0, 28.0), (9.4, 30.0),
            ),
            drops=((-3.0, 21.0), (3.6, 19.6), (-3.2, 25.2), (1.9, 25.2)),
            drive=((9.5, 17.0), (4.2, 22.6), (13.0, 62.0)),
            berths=(
                Berth((3.4, 21.4), 60, ""), Berth((-3.6, 25.2), 100, ""),
                Berth((4.0, 26.4), 80, ""), Berth((-3.2, 19.2), 40, ""),
            ),
        ),
    }
)  # fmt: skip
