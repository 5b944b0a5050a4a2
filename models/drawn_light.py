"""A drawn street with people, bags and cars in it, and the shadows that they throw."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.drawn_figures import Bag, Car, Person, Sprite, draw_bag, draw_car, draw_person, ground_m
from models.drawn_street import LAMPS, POLE_XZ, Camera, Floats, Point, Street


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
