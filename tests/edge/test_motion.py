"""The reference follows the light, never a thing; the picture's own noise sets the limits."""

import numpy as np
import pytest

from edge.video.frame import Pixels
from edge.vision.motion import Gathering, Reference, blobs
from edge.vision.outline import newness, texture_kept
from edge.vision.view import View, exposure_table
from tests.edge.footage import Box, Street

WHITE = (235, 235, 235)
DARK = (25, 25, 30)
THING: Box = (120, 100, 150, 130)


def settled(street: Street) -> Reference:
    return Reference(street.picture(), 0.0)


def inside(mask_or_picture: np.ndarray, box: Box) -> np.ndarray:
    left, top, right, bottom = box
    return mask_or_picture[top + 2 : bottom - 2, left + 2 : right - 2]


def test_gathering_leaves_walkers_out() -> None:
    """Who walks through the first second and a half is not in the first reference."""
    street, gathering, first = Street(), Gathering(), None
    for k in range(20):
        left = 40 + 14 * k
        pixels = street.picture(((left, 80, left + 28, 160), DARK))
        first = first if first is not None else gathering.add(pixels, k / 10)
    assert first is not None
    assert np.abs(first.astype(float) - street.ground).mean() < 4


@pytest.mark.parametrize(
    ("frozen", "follows"),
    [pytest.param(False, True, id="bare ground"), pytest.param(True, False, id="under a thing")],
)
def test_slow_light(*, frozen: bool, follows: bool) -> None:
    """Dusk is learned where the ground is bare, and nowhere else."""
    street = Street()
    reference = settled(street)
    before = float(inside(reference.picture, THING).mean())
    cover = np.full((240, 320), frozen)
    for k in range(1, 400):
        pixels = street.picture(light=1 - 0.0006 * k)
        motion = reference.compare(pixels, k / 10)
        reference.learn(motion, cover)
    after = float(inside(reference.picture, THING).mean())
    assert (after < 0.85 * before) is follows


def test_restless_spot() -> None:
    """A spot that flutters soon needs more to count than still ground does."""
    street, none = Street(), np.zeros((240, 320), np.bool_)
    reference = settled(street)
    tape: Box = (200, 60, 230, 80)
    counted = []
    for k in range(1, 200):
        lively = street.ground[60:80, 200:230].mean() + (24 if k % 2 else 0)
        pixels = street.picture((tape, (int(lively),) * 3))
        motion = reference.compare(pixels, k / 10)
        reference.learn(motion, none)
        counted.append(float(inside(motion.foreground, tape).mean()))
    assert np.mean(counted[-20:]) < 0.5 * np.mean(counted[:20])


@pytest.mark.parametrize("light", [0.15, 0.5, 1.0, 1.5])
def test_limits_follow_the_light(light: float) -> None:
    """By day and in the dark the noise alone is no motion, and a thing of the same paint is."""
    street = Street()
    reference = Reference(street.picture(light=light), 0.0)
    for k in range(1, 12):
        motion = reference.compare(street.picture(light=light), k / 10)
    assert motion.foreground.mean() < 0.002
    motion = reference.compare(street.picture((THING, WHITE), light=light), 1.2)
    assert inside(motion.foreground, THING).mean() > 0.9


@pytest.mark.parametrize("gain", [0.6, 0.8, 1.3])
def test_exposure_is_undone(gain: float) -> None:
    """A change of exposure leaves no motion; an object in the picture keeps its own color."""
    street = Street()
    reference = street.picture()
    pixels = street.picture((THING, DARK), light=gain)
    view = View()
    bare = np.ones((240, 320), np.bool_)
    aligned = view.align(pixels, reference, bare, 0.0)
    apart = np.abs(aligned.pixels.astype(float) - reference).max(axis=2)
    assert np.median(apart) < 8
    assert np.median(inside(apart, THING)) > 40


def test_equal_exposure_is_left_alone() -> None:
    """Where nothing has changed nothing is corrected."""
    street = Street()
    bare = np.ones((240, 320), np.bool_)
    assert exposure_table(street.picture(), street.picture(), bare) is None


@pytest.mark.parametrize("shift", [-9, -3, 2, 8])
def test_drift_is_undone(shift: int) -> None:
    """A camera that has turned a little is brought back, in steps it can believe."""
    street, view = Street(), View()
    reference = street.picture()
    bare = np.ones((240, 320), np.bool_)
    for k in range(abs(shift) + 1):
        moved = street.picture(shift=k * (1 if shift > 0 else -1))
        aligned = view.align(moved, reference, bare, k * 0.5)
        assert aligned.steady
    assert aligned.shift_xy == pytest.approx((shift, 0), abs=0.3)
    apart = np.abs(aligned.pixels.astype(float) - reference).max(axis=2)
    assert np.median(apart[:, 20:-20]) < 8


def _newness(now: Pixels, before: Pixels) -> tuple[float, float]:
    reference = Reference(before, 0.0)
    motion = reference.compare(now, 0.1)
    mask = np.zeros((240, 320), np.bool_)
    left, top, right, bottom = THING
    mask[top:bottom, left:right] = True
    found = newness(mask, motion)
    assert found is not None
    return found, texture_kept(mask, motion)


def test_outline_tells_come_from_gone() -> None:
    """A thing that has come has its outline now; one that has gone had it before."""
    street = Street()
    bare, with_thing = street.picture(), street.picture((THING, DARK))
    assert _newness(with_thing, bare)[0] > 0.6
    assert _newness(bare, with_thing)[0] < 0.4


def test_texture_tells_light_from_thing() -> None:
    """A patch of light keeps the ground's texture; a thing covers it."""
    street = Street()
    bare = street.picture()
    lit = bare.astype(np.float32)
    left, top, right, bottom = THING
    lit[top:bottom, left:right] *= 1.4
    assert _newness(lit.clip(0, 255).astype(np.uint8), bare)[1] > 0.7
    assert _newness(street.picture((THING, WHITE)), Street(seed=9).picture())[1] < 0.4


def test_blobs() -> None:
    """Head and trunk are one blob, two walkers two, and specks none."""
    mask = np.zeros((240, 320), np.bool_)
    for left, top, right, bottom in ((50, 50, 60, 60), (45, 64, 65, 110), (150, 60, 170, 120)):
        mask[top:bottom, left:right] = True
    mask[200:203, 200:203] = True
    found = blobs(mask, 50)
    assert len(found) == 2
    assert found[np.argsort(found[:, 0])] == pytest.approx(
        np.array([[45, 50, 65, 110], [150, 60, 170, 120]]), abs=4
    )
