"""What lights a street: one key light that throws shadows, the sky, lamps without shadows.

The scale is one white wall in full sun. Night is not a ten-thousandth of it, as in the world, but
a few hundredths under a lamp: half floats hold it, and a sensor makes up the rest with gain.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.scenes.mesh import Rgb

Spot3 = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp, its cone soft-edged.

    Attributes:
        position: Metres.
        toward: Direction in which it shines.
        rgb: Radiant intensity; a surface of albedo 1 facing it at 1 m shines so.
        cone_deg: Half of its cone; 180 shines all round.
    """

    position: Spot3
    toward: Spot3 = (0.0, 0.0, -1.0)
    rgb: Rgb = (30.0, 24.0, 15.0)
    cone_deg: float = 75.0


@dataclass(frozen=True, slots=True)
class Sun:
    """The sun, or the moon.

    Attributes:
        toward: From the world to the sun, of length 1.
        rgb: What a surface of albedo 1 facing it shines; about 1 at noon.
    """

    toward: Spot3
    rgb: Rgb


@dataclass(frozen=True, slots=True)
class Light:
    """All that lights one picture.

    Attributes:
        key: Sun or lamp that throws shadows; None for an overcast sky or a dark night.
        sky: What an upward surface of albedo 1 shines under the sky; ``ground`` a downward one.
        horizon: Radiance of the sky where it is seen low; ``zenith`` high.
        lamps: At most eight more, without shadows.
        fog: Attenuation per metre: 0.02 leaves a third of the contrast at 50 m.
        wet: Wetness of the ground, 0 to 1.
        infrared: The picture is grey and its surfaces reflect as they do in near infrared.
        glow: Radiance of a white lit window; 0 by day, when windows mirror the sky instead.
    """

    key: Sun | Lamp | None
    sky: Rgb = (0.35, 0.4, 0.5)
    ground: Rgb = (0.16, 0.15, 0.14)
    horizon: Rgb = (0.75, 0.8, 0.88)
    zenith: Rgb = (0.3, 0.45, 0.75)
    lamps: tuple[Lamp, ...] = ()
    fog: float = 0.0
    wet: float = 0.0
    infrared: bool = False
    glow: float = 0.5


def headlight(position: Spot3, toward: Spot3, *, share: float = 1.0) -> Lamp:
    """A car's dipped beam; a ``share`` of 0.2 is an e-bike's."""
    cold = (30.0 * share, 29.0 * share, 26.0 * share)
    return Lamp(position, toward, cold, cone_deg=26.0)
