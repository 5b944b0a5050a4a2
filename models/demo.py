"""The bundled demonstration clip, drawn by this project: somebody leaves a bag in a street at
night.

Nothing in it comes from a photograph. It is a function of its seed; the encoder runs on one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from models.drawn_figures import (
    Bag,
    Car,
    Clothes,
    Person,
    Sprite,
    draw_bag,
    draw_car,
    draw_person,
    ground_m,
)
from models.drawn_street import (
    LAMPS,
    POLE_XZ,
    Camera,
    Floats,
    Point,
    Street,
    developed,
    draw_street,
)

Pixels = npt.NDArray[np.uint8]
Progress = Callable[[int, int], None]

FPS = 12
LENGTH_S = 48.0
SIZE_WH = (768, 432)
FOCAL_PX = 680
WALK_M_S, STEP_M = 1.35, 0.70
NIGHT_COAT = Clothes()
RED_COAT = Clothes(coat=(0.09, 0.08, 0.30), trousers=(0.08, 0.075, 0.07), hair=(0.05, 0.06, 0.08))
GRAY_COAT = Clothes(coat=(0.27, 0.27, 0.26), trousers=(0.06, 0.055, 0.05))


@dataclass(frozen=True, slots=True)
class Script:
    """When what happens, in seconds and meters; a seed moves times and places a little.

    Attributes:
        enters_s: the carrier comes into the picture.
        drop_x, walk_z: where the carrier stops.
        down_s: the bag touches the ground.
        leaves_s: the carrier walks off, the way it came.
    """

    seed: int
    enters_s: float
    drop_x: float
    walk_z: float
    down_s: float
    leaves_s: float
    bag_m: float

    @property
    def bag(self) -> Bag:
        return Bag(self.drop_x + 0.55, self.walk_z - 0.12, 0.0, self.bag_m, 5 + self.seed)


START_X = -3.6
BEND_S = 1.0


def script(seed: int) -> Script:
    """The demonstration's timeline.

    >>> plot = script(0)
    >>> plot.enters_s >= 4 and 8 <= plot.down_s <= 10.5
    True
    """
    rng = np.random.default_rng((seed, 4))
    enters_s = 4.4
    drop_x = float(rng.uniform(2.4, 3.0))
    arrives_s = enters_s + (drop_x - START_X) / WALK_M_S
    down_s = arrives_s + BEND_S
    return Script(
        seed,
        enters_s,
        drop_x,
        float(rng.uniform(13.3, 13.6)),
        down_s,
        down_s + BEND_S,
        float(rng.uniform(0.64, 0.72)),
    )


def people_at(plot: Script, time_s: float) -> list[Person]:
    """Everybody in the street at a moment."""
    people = [
        person
        for person in (_carrier(plot, time_s), _passer_by(plot, time_s), _late_walker(time_s))
        if person
    ]
    return sorted(people, key=lambda person: -person.z)


def bag_at(plot: Script, time_s: float) -> Bag | None:
    return plot.bag if time_s >= plot.down_s else None


def car_at(plot: Script, time_s: float) -> Car | None:
    since_s = time_s - 28.5 - 0.2 * (plot.seed % 5)
    if not 0 <= since_s <= 4.2:
        return None
    return Car(-10 + 8.0 * since_s, 9.0, 1)


def _carrier(plot: Script, time_s: float) -> Person | None:
    arrives_s = plot.down_s - BEND_S
    if time_s < plot.enters_s:
        return None
    if time_s < arrives_s:
        x = START_X + (time_s - plot.enters_s) * WALK_M_S
        return Person(x, plot.walk_z, 1, x / STEP_M, carries=True)
    if time_s < plot.leaves_s:
        bend = _smooth(1 - abs(time_s - plot.down_s) / BEND_S)
        return Person(
            plot.drop_x,
            plot.walk_z,
            1,
            0.5,
            stride=0.15,
            bend=0.85 * bend,
            carries=time_s < plot.down_s,
        )
    x = plot.drop_x - (time_s - plot.leaves_s) * WALK_M_S * 1.3
    return Person(x, plot.walk_z, -1, -x / STEP_M) if x > START_X else None


def _passer_by(plot: Script, time_s: float) -> Person | None:
    """Walks along the near roadside from right to left and has nothing to do with it."""
    since_s = time_s - 17.0 - 0.3 * (plot.seed % 4)
    x = 12.5 - since_s * WALK_M_S
    return (
        Person(x, 8.3, -1, -x / STEP_M, height_m=1.66, clothes=RED_COAT)
        if since_s > 0 and x > -3
        else None
    )


def _late_walker(time_s: float) -> Person | None:
    """Comes out of the distance on the pavement and goes into the lit door."""
    since_s = time_s - 35.0
    x = 20.5 - since_s * 1.25
    return (
        Person(x, 14.4, -1, -x / STEP_M, height_m=1.76, clothes=GRAY_COAT)
        if since_s > 0 and x > 8.4
        else None
    )


def _smooth(part: float) -> float:
    clipped = min(max(part, 0.0), 1.0)
    return clipped * clipped * (3 - 2 * clipped)


def frames(seed: int = 0, length_s: float = LENGTH_S) -> Iterator[Pixels]:
    """The clip's frames ``(432, 768, 3)``, BGR."""
    plot = script(seed)
    street = draw_street(Camera(SIZE_WH, FOCAL_PX), seed)
    noise = np.random.default_rng((seed, 9))
    fixed = noise.normal(0, 1, (SIZE_WH[1], SIZE_WH[0], 1)).astype(np.float32)
    for number in range(round(length_s * FPS)):
        light = compose_frame(street, plot, number / FPS)
        yield _through_lens(light, fixed, noise)


def compose_frame(street: Street, plot: Script, time_s: float) -> Floats:
    """Linear light of one moment."""
    bag, car = bag_at(plot, time_s), car_at(plot, time_s)
    return composed_light(
        street, people_at(plot, time_s), [bag] if bag else [], [car] if car else []
    )


def composed_light(
    street: Street, people: Sequence[Person], bags: Sequence[Bag], cars: Sequence[Car]
) -> Floats:
    """Linear light ``(h, w, 3)`` of the street with these in it, and their shadows."""
    light = street.light.copy()
    shade = np.ones(light.shape[:2], np.float32)
    for person in people:
        foot = (person.x, ground_m(person.z), person.z)
        _cast_shadow(shade, street.camera, foot, (person.height_m, 0.36))
    for bag in bags:
        foot = (bag.x, ground_m(bag.z), bag.z)
        _cast_shadow(shade, street.camera, foot, (bag.side_m, bag.side_m * 0.9))
    for car in cars:
        _car_shadow(shade, street.camera, car)
        beam = _beam(street.place, car)[..., None]
        light += street.albedo * beam * np.array([0.9, 1.0, 1.05], np.float32)
    light *= np.asarray(cv2.GaussianBlur(shade, (0, 0), 1.6), np.float32)[..., None]
    things = [(person.z, draw_person(person, street.camera)) for person in people]
    things += [(bag.z, draw_bag(bag, street.camera)) for bag in bags]
    things += [(car.z, draw_car(car, street.camera)) for car in cars]
    for z, sprite in sorted(things, key=lambda thing: -thing[0]):
        _lay(light, sprite)
        if z > POLE_XZ[1]:
            light = light * (1 - street.pole[..., None]) + street.light * street.pole[..., None]
    return light.astype(np.float32)


def _lay(light: Floats, sprite: Sprite) -> None:
    """Lays a sprite over the picture, in place."""
    height, width = light.shape[:2]
    h, w = sprite.cover.shape
    x1, y1, x2, y2 = (
        max(sprite.left, 0),
        max(sprite.top, 0),
        min(sprite.left + w, width),
        min(sprite.top + h, height),
    )
    if x2 <= x1 or y2 <= y1:
        return
    inner = (slice(y1 - sprite.top, y2 - sprite.top), slice(x1 - sprite.left, x2 - sprite.left))
    light[y1:y2, x1:x2] = (
        light[y1:y2, x1:x2] * (1 - sprite.cover[inner][..., None]) + sprite.light[inner]
    )


def _cast_shadow(shade: Floats, camera: Camera, foot: Point, size_m: tuple[float, float]) -> None:
    """Dims the ground behind an upright thing, away from each lamp, in place."""
    _, _, depth = camera.project(foot)
    height_m, width_m = size_m
    for lamp in LAMPS[:3]:
        offset = np.array(lamp.at) - foot
        flat_m = float(np.hypot(offset[0], offset[2]))
        strength = 0.62 * min(1.0, lamp.power_bgr[1] / (float((offset**2).sum()) * 0.30))
        if strength < 0.06 or offset[1] <= height_m:
            continue
        length_m = min(height_m * flat_m / (float(offset[1]) - height_m), 4.0)
        tip = np.array(foot) - np.array([offset[0], 0, offset[2]]) / max(flat_m, 1e-6) * length_m
        tip[2] = min(tip[2], 14.95)
        a, b = camera.project(foot), camera.project(tip)
        mask = np.zeros_like(shade)
        thick = max(2, round(width_m * camera.focal_px / depth * 0.8))
        cv2.line(
            mask, (round(a[0]), round(a[1])), (round(b[0]), round(b[1])), 1.0, thick, cv2.LINE_AA
        )
        shade *= 1 - strength * cv2.GaussianBlur(mask, (0, 0), max(1.0, thick / 5))


def _car_shadow(shade: Floats, camera: Camera, car: Car) -> None:
    corners = [
        (car.x - 2.2, 0.0, car.z - 0.95),
        (car.x + 2.2, 0.0, car.z - 0.95),
        (car.x + 2.2, 0.0, car.z + 0.9),
        (car.x - 2.2, 0.0, car.z + 0.9),
    ]
    polygon = np.array([camera.project(corner)[:2] for corner in corners]).round().astype(np.int32)
    mask = np.zeros_like(shade)
    cv2.fillPoly(mask, [polygon], 1.0, cv2.LINE_AA)
    shade *= 1 - 0.72 * cv2.GaussianBlur(mask, (0, 0), 3)


def _beam(place: Floats, car: Car) -> Floats:
    """Light of the car's head lamps on the street, ``(h, w)``."""
    ahead = (place[..., 0] - car.x) * car.heading - 2.1
    aside = place[..., 2] - car.z
    spread = 0.7 + 0.28 * np.maximum(ahead, 0)
    along = np.clip(ahead / 1.5, 0, 1) * np.exp(-np.maximum(ahead, 0) / 4.5)
    low = np.exp(-np.maximum(place[..., 1], 0) / 0.8)
    beam: Floats = (1.5 * along * np.exp(-((aside / spread) ** 2)) * low).astype(np.float32)
    return beam


def _through_lens(light: Floats, fixed: Floats, rng: np.random.Generator) -> Pixels:
    """A small camera's look: soft lens, darker corners, noise that grows in the dark."""
    soft = cv2.GaussianBlur(light, (0, 0), 0.7)
    height, width = soft.shape[:2]
    ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    vignette = (1 - 0.16 * (xs**2 + ys**2))[..., None].astype(np.float32)
    pixels = developed(soft * vignette).astype(np.float32)
    grain = rng.normal(0, 1, (height, width, 1)).astype(np.float32)
    tinted = rng.normal(0, 1, (height // 2, width // 2, 3)).astype(np.float32)
    chroma = cv2.resize(tinted, (width, height), interpolation=cv2.INTER_LINEAR)
    sigma = 2.6 - 1.2 * pixels.mean(axis=2, keepdims=True) / 255
    noisy = pixels + sigma * (grain + 0.35 * fixed + 0.45 * chroma)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def write_clip(
    path: Path,
    seed: int = 0,
    length_s: float = LENGTH_S,
    progress: Progress = lambda done, total: None,
) -> None:
    """Draws the clip and writes it as H.264 in MP4, at most 2 MB."""
    total = round(length_s * FPS)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height = SIZE_WH
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.options = {
            "crf": "27",
            "preset": "slow",
            "threads": "1",
            "g": str(FPS * 2),
            "maxrate": "320k",
            "bufsize": "640k",
        }
        for number, pixels in enumerate(frames(seed, length_s)):
            frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
            progress(number + 1, total)
        container.mux(stream.encode(None))
