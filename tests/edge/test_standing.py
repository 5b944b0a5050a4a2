"""What stands is found, survives who walks before it, and ends when the ground shows again."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from edge.video.frame import Pixels
from edge.vision.eye import Eye
from edge.vision.motion import Reference
from edge.vision.scene import Scene
from edge.vision.standing import Standing
from edge.vision.survey import StandingThings
from tests.edge.footage import Box, Street, timed

BAG: Box = (140, 150, 166, 172)
GRAY = (150, 90, 60)
COAT = (30, 30, 40)
Story = Callable[[Street, float], Pixels]


def scenes(story: Story, seconds: float) -> Iterator[Scene]:
    street, eye = Street(), Eye()
    pictures = (story(street, k / 10) for k in range(round(10 * seconds)))
    for frame in timed(pictures):
        yield eye.look(frame)


def bag_stands(street: Street, at_s: float) -> Pixels:
    """A bag appears at 4 s; from 8 s to 10 s a walker passes in front of it."""
    shapes = [(BAG, GRAY)] if at_s >= 4 else []
    if 8 <= at_s < 10:
        left = round(100 + 50 * (at_s - 8))
        shapes.append(((left, 110, left + 26, 190), COAT))
    return street.picture(*shapes)


def bag_goes(street: Street, at_s: float) -> Pixels:
    return street.picture(*([(BAG, GRAY)] if 4 <= at_s < 9 else []))


def ghost(street: Street, at_s: float) -> Pixels:
    """A box that stood there from the first frame is taken away at 5 s."""
    return street.picture(*([(BAG, GRAY)] if at_s < 5 else []))


def bag_flickers(street: Street, at_s: float) -> Pixels:
    """A bag stands from 4 s on; at 7 s it is coded anew: a shade lighter, a few pixels by much."""
    picture = street.picture(*([(BAG, GRAY)] if at_s >= 4 else []))
    if at_s >= 7:
        left, top, right, bottom = BAG
        picture[top:bottom, left:right] += np.uint8(18)
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            picture[top + dy + 1 : bottom : 5, left + dx + 1 : right : 5] += np.uint8(40)
    return picture


def test_a_shade_and_a_few_pixels_end_no_calm() -> None:
    """A change of one pixel in six is none of the thing."""
    (thing,) = list(scenes(bag_flickers, 12))[-1].things
    assert thing.calm_since_s < 5


def test_found_where_it_stands() -> None:
    """One thing, on the bag, since the moment it came; the same one after being hidden."""
    last = list(scenes(bag_stands, 14))
    ids = {thing.thing_id for scene in last for thing in scene.things}
    (thing,) = last[-1].things
    assert thing.thing_id in ids
    assert thing.xyxy == pytest.approx(BAG, abs=3)
    assert thing.appeared_s == pytest.approx(4.0, abs=0.25)
    assert thing.calm_since_s < 5
    assert thing.visible
    assert thing.newness > 0.6


def test_hidden_meanwhile() -> None:
    """While somebody stands before it, it is remembered and known to be hidden."""
    hidden = [s for s in scenes(bag_stands, 10) if 8.6 <= s.frame.monotonic_s < 9]
    assert any(not thing.visible for scene in hidden for thing in scene.things)
    assert all(scene.things for scene in hidden)


def test_taken_back() -> None:
    """When the ground shows again the thing is over."""
    seen = list(scenes(bag_goes, 12))
    assert any(scene.things for scene in seen)
    assert not seen[-1].things


def test_ghost() -> None:
    """Ground that was hidden from the start and is bared is no thing for long."""
    seen = list(scenes(ghost, 12))
    assert not seen[-1].things
    assert all(thing.newness < 0.5 for scene in seen for thing in scene.things)


def left_behind_a_van(street: Street, at_s: float) -> Pixels:
    """A van that stood there from the first drives off at 5 s, and leaves a bag beside it."""
    van: Box = (60, 110, 141, 173)
    return street.picture((van, COAT)) if at_s < 5 else street.picture((BAG, GRAY))


def test_kept_beside_bared_ground() -> None:
    """What comes where something goes is not learned with the ground that is bared."""
    (thing,) = list(scenes(left_behind_a_van, 14))[-1].things
    assert thing.xyxy == pytest.approx(BAG, abs=8)
    assert thing.newness > 0.55


def test_never_absorbed() -> None:
    """A thing that stands for a minute still stands: the reference under it is frozen."""
    street, eye = Street(), Eye()
    for frame in timed((street.picture(*[(BAG, GRAY)][: k >= 16]) for k in range(240)), fps=4):
        scene = eye.look(frame)
    assert len(scene.things) == 1


def test_faint_thing_is_not_worn_away() -> None:
    """Its soft edge, which hardly differs from the ground, is not learned bit by bit."""
    street, eye = Street(), Eye()
    y, x = np.mgrid[:240, :320].astype(np.float32)
    faint = 28 * np.exp(-((x - 150) ** 2 + (y - 160) ** 2) / 13**2)
    areas = []
    for frame in timed(street.picture() for _ in range(360)):
        shown = frame.pixels + (faint[..., None] if frame.monotonic_s >= 4 else 0)
        seen = replace(frame, pixels=np.clip(shown, 0, 255).astype(np.uint8))
        areas += [sum(thing.area_px for thing in eye.look(seen).things)]
    assert areas[-1] > 0.8 * areas[80] > 0


@pytest.mark.parametrize(
    ("surveys", "newness", "ground"), [(3, 0.3, False), (20, 0.3, True), (20, 0.6, False)]
)
def test_a_host_that_was_lost_holds_no_ghost(surveys: int, newness: float, ground: bool) -> None:
    """Where a truck stood for long its track may be lost; what shows once it has gone is ground."""
    street = Street()
    reference = Reference(street.picture(), 0.0)
    picture = street.picture((BAG, GRAY))
    mask = np.zeros(picture.shape[:2], np.bool_)
    mask[BAG[1] : BAG[3], BAG[0] : BAG[2]] = True
    box = np.array(BAG, np.float32)
    left = Standing(1, mask, picture, box, 20.0, 20.0, 29.0, hosts={7: box}, new=False)
    things = StandingThings((picture.shape[0], picture.shape[1]), 0.0)
    things.things = [replace(left, surveys=surveys, newness=newness)]
    learned = things.step(reference.compare(picture, 30.0))
    assert (learned is not None) == ground
