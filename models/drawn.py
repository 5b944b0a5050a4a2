"""Labelled pictures of drawn streets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np

from models.compose import Scene
from models.drawn_figures import Bag, Car, Clothes, Person, draw_bag, draw_car, draw_person
from models.drawn_light import composed_light
from models.drawn_street import Camera, Point, Street, developed, draw_street
from models.labels import PERSON, VEHICLE, WASTE, Boxes, clipped

Rng = np.random.Generator

SIZE_WH = (512, 384)
FIRST_SEED = 1000
"""Training streets begin here."""

PAINTS: tuple[Point, ...] = (
    *((0.17, 0.12, 0.10), (0.05, 0.05, 0.05), (0.45, 0.45, 0.45)),
    *((0.08, 0.07, 0.30), (0.30, 0.18, 0.08)),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what is in the street at one moment."""

    people: tuple[Person, ...]
    bags: tuple[Bag, ...]
    cars: tuple[Car, ...]


@lru_cache(maxsize=2)
def draw_training_street(index: int) -> Street:
    """One of the training streets, each with its own camera."""
    rng = np.random.default_rng((FIRST_SEED, index))
    camera = Camera(
        SIZE_WH,
        float(rng.uniform(380, 620)),
        height_m=float(rng.uniform(3.6, 6.5)),
        pitch_deg=float(rng.uniform(13, 24)),
        yaw_deg=float(rng.uniform(-28, 30)),
    )
    return draw_street(camera, FIRST_SEED + index)


def drawn_scene(street: Street, rng: Rng) -> Scene:
    """The street with a random cast, labelled by what was drawn."""
    cast = random_cast(rng)
    light = composed_light(street, list(cast.people), list(cast.bags), list(cast.cars))
    pixels = developed(light, exposure=float(rng.uniform(2.0, 5.0)))
    rows = []
    for person in cast.people:
        rows += _rows(PERSON, draw_person(replace(person, carries=False), street.camera).box())
        if person.carries:
            rows += _rows(WASTE, _carried(person, street.camera))
    for bag in cast.bags:
        rows += _rows(WASTE, draw_bag(bag, street.camera).box())
    for car in cast.cars:
        rows += _rows(VEHICLE, draw_car(car, street.camera).box())
    return Scene(pixels, clipped(Boxes.of(rows), SIZE_WH))


def random_cast(rng: Rng) -> Cast:
    """Up to four people, three bags and now and then a car."""
    people = tuple(_random_person(rng) for _ in range(int(rng.integers(0, 5))))
    bags = [_random_bag(rng) for _ in range(int(rng.choice(4, p=[0.3, 0.4, 0.2, 0.1])))]
    cars: tuple[Car, ...] = ()
    if rng.random() < 0.25:
        heading = int(rng.choice([-1, 1]))
        paint = PAINTS[int(rng.integers(len(PAINTS)))]
        cars = (Car(float(rng.uniform(-4, 14)), float(rng.uniform(8.4, 10)), heading, paint),)
    return Cast(people, tuple(bags), cars)


def _random_person(rng: Rng) -> Person:
    near_wall = rng.random() < 0.6
    z = float(rng.uniform(12.2, 14.6) if near_wall else rng.uniform(7.6, 11.2))
    colors = (
        rng.uniform(0.03, 0.35, 3) if rng.random() < 0.4 else np.full(3, rng.uniform(0.03, 0.3))
    )
    coat = tuple(float(value) for value in colors)
    dark = float(rng.uniform(0.04, 0.14))
    clothes = Clothes(coat=(coat[0], coat[1], coat[2]), trousers=(dark, dark * 0.9, dark * 0.8))
    return Person(
        float(rng.uniform(-4, 15)),
        z,
        int(rng.choice([-1, 1])),
        float(rng.uniform(0, 2)),
        stride=float(rng.choice([0.1, 1.0], p=[0.3, 0.7])),
        bend=float(rng.choice([0.0, rng.uniform(0.2, 0.9)], p=[0.75, 0.25])),
        carries=bool(rng.random() < 0.35),
        height_m=float(rng.uniform(1.5, 1.85)),
        clothes=clothes,
    )


def _random_bag(rng: Rng) -> Bag:
    z = float(rng.uniform(12.0, 14.6) if rng.random() < 0.75 else rng.uniform(8, 11.4))
    return Bag(
        float(rng.uniform(-4, 14)), z, 0.0, float(rng.uniform(0.45, 0.9)), int(rng.integers(99))
    )


def _carried(person: Person, camera: Camera) -> tuple[float, float, float, float] | None:
    """The box of what a carried bag adds to the person."""
    with_bag = draw_person(person, camera)
    without = draw_person(replace(person, carries=False), camera)
    shape = with_bag.cover.shape
    if without.cover.shape != shape:
        return None
    changed = (np.abs(with_bag.light - without.light).max(axis=2) > 0.004).astype(np.uint8)
    kept = cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    x, y, w, h = cv2.boundingRect(kept)
    if min(w, h) < 6:
        return None
    return with_bag.left + x, with_bag.top + y, with_bag.left + x + w, with_bag.top + y + h


def _rows(
    label: int, box: tuple[float, float, float, float] | None
) -> list[tuple[int, float, float, float, float]]:
    return [(label, *box)] if box else []
