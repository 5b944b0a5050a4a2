"""Drawn training pictures: labelled by what was drawn."""

import numpy as np
import pytest

from models.compose import Scene
from models.drawn import SIZE_WH, draw_training_street, drawn_scene
from models.drawn_figures import Bag, Car, Person, draw_bag, draw_car, draw_person
from models.drawn_street import Camera
from models.labels import WASTE

CAMERA = Camera((384, 216), 340)


def test_a_scene_is_a_function_of_street_and_seed_and_its_boxes_lie_inside() -> None:
    street = draw_training_street(0)
    scenes = [drawn_scene(street, np.random.default_rng(4)) for _ in range(2)]

    assert np.array_equal(scenes[0].pixels, scenes[1].pixels)
    assert scenes[0].frame_wh == SIZE_WH
    assert all(_inside(scene) for scene in scenes)


def _inside(scene: Scene) -> bool:
    xyxy = scene.boxes.xyxy
    return bool((xyxy >= 0).all() and (xyxy[:, 2:] <= np.array(SIZE_WH)).all())


@pytest.mark.parametrize("z", [8.5, 12.5, 14.0], ids=["on the road", "at the kerb", "at the wall"])
def test_a_person_is_as_tall_as_the_camera_would_see_it(z: float) -> None:
    person = Person(3.0, z, 1, 0.5, stride=0.1)
    box = draw_person(person, CAMERA).box()
    depth = CAMERA.project((3.0, 0.9, z))[2]

    assert box is not None
    assert box[3] - box[1] == pytest.approx(1.75 * CAMERA.focal_px / depth, rel=0.12)


def test_a_carried_bag_makes_the_person_wider() -> None:
    light = draw_person(Person(3.0, 13.0, 1, 0.5, stride=0.1), CAMERA).box()
    loaded = draw_person(Person(3.0, 13.0, 1, 0.5, stride=0.1, carries=True), CAMERA).box()

    assert light is not None
    assert loaded is not None
    assert loaded[2] - loaded[0] > light[2] - light[0]


def test_what_is_out_of_sight_has_a_box_out_of_the_picture_or_none() -> None:
    bag = draw_bag(Bag(-30.0, 13.0), CAMERA).box()
    car = draw_car(Car(3.0, 9.0, 1), CAMERA).box()

    assert bag is None or bag[2] < 0
    assert car is not None
    assert WASTE == 2
