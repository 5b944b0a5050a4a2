"""What counts as found in a drawn street, and which light it is found in."""

from datetime import date

import numpy as np
import pytest
from astral import Observer, sun

from benchmarks.realism import LIGHTS, at_seam, false_of, hour_of, matched, tiles, weather_of
from benchmarks.realism_sheets import CROP_PX, cropped
from models.labels import Boxes
from models.scenes.sky import Place

PERSON, BICYCLE, CAR, MOTORCYCLE, BUS, TRUCK = 0, 1, 2, 3, 5, 7
"""Of COCO."""
PLACE = Place((31.2, 121.5))
BOX = (100, 100, 140, 180)


@pytest.mark.parametrize(
    ("group", "answer", "found"),
    [
        pytest.param(0, PERSON, True, id="a person is a person"),
        pytest.param(1, MOTORCYCLE, True, id="an e-bike is a motorcycle to it"),
        pytest.param(1, PERSON, False, id="a bicycle is no person"),
        pytest.param(2, TRUCK, False, id="a car is no truck"),
        pytest.param(3, BUS, True, id="a van may be a bus to it"),
    ],
)
def test_answers_count_for_their_group(group: int, answer: int, *, found: bool) -> None:
    """A thing is found only by a class that names it."""
    assert matched(Boxes.of([(group, *BOX)]), Boxes.of([(answer, *BOX)])).tolist() == [found]


def test_an_answer_counts_once() -> None:
    """One box over two people finds one of them."""
    two = Boxes.of([(0, *BOX), (0, 102, 100, 142, 180)])
    assert matched(two, Boxes.of([(PERSON, *BOX)])).sum() == 1


@pytest.mark.parametrize(
    ("answer", "false"),
    [
        pytest.param((PERSON, *BOX), False, id="on the person"),
        pytest.param((PERSON, 100, 100, 140, 130), False, id="on his head"),
        pytest.param((PERSON, 300, 100, 340, 180), True, id="on nothing"),
        pytest.param((CAR, *BOX), True, id="of another family"),
        pytest.param((13, 300, 100, 340, 180), False, id="of a class that nobody asks for"),
    ],
)
def test_false_answers_lie_on_nothing(answer: tuple[int, ...], *, false: bool) -> None:
    """A part of a thing is no false answer; what lies elsewhere is."""
    row = (answer[0], *answer[1:])
    assert false_of(Boxes.of([(0, *BOX)]), Boxes.of([row])).tolist() == [false]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("box", "cut"),
    [
        pytest.param((300, 100, 598, 200), True, id="at the seam"),
        pytest.param((300, 100, 640, 200), True, id="beyond the seam"),
        pytest.param((0, 0, 100, 100), False, id="at the picture's own edge"),
        pytest.param((300, 100, 400, 200), False, id="inside"),
    ],
)
def test_what_a_tile_cuts_is_left_to_others(box: tuple[float, ...], *, cut: bool) -> None:
    """Boxes at an edge where the picture goes on are dropped."""
    first = next(iter(tiles((1000, 1000))))
    left, top, right, bottom = box
    boxes = Boxes.of([(PERSON, left, top, right, bottom)])
    assert at_seam(boxes, first, (1000, 1000)).tolist() == [cut]


@pytest.mark.parametrize("light", LIGHTS)
def test_lights_are_what_they_are_called(light: str) -> None:
    """The sun stands high by day, just under at dusk, deep at night, all the year."""
    rng = np.random.default_rng(4)
    for month in range(1, 13):
        at = hour_of(light, date(2026, month, 20), PLACE, rng)
        height = sun.elevation(Observer(*PLACE.position), at)
        low, high = {"dusk": (-7, 0), "night": (-90, -12), "infrared": (-90, -12)}.get(
            light, (10, 90)
        )
        assert low < height < high
        assert (weather_of(light, rng).rain > 0) == (light == "rain")


def test_a_crop_shows_its_thing_in_the_middle() -> None:
    """The middle of a box is the middle of its crop, beyond the picture's edge too."""
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[0:20, 0:10] = 255
    crop = cropped(picture, np.array([0, 0, 10, 20], np.float32))
    assert crop.shape == (CROP_PX, CROP_PX, 3)
    assert crop[CROP_PX // 2, CROP_PX // 2].min() == 255
    assert crop[:, 2].max() == 0
