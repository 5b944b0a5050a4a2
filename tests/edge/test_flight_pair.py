"""Two photos of two flights: laid onto each other, and what leans told from what is new."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from edge.video.frame import Pixels
from edge.vision.boxes import Bools
from edge.vision.flight_doubts import Drift, doubts
from edge.vision.flight_pair import Laid, Pose, UnlaidError, lay, moved
from edge.vision.growth import Picture, difference
from edge.vision.lean import LEANS, Lean, height_of, sweep
from edge.vision.registration import Features
from tests.edge.flight_scene import WH, Block, photo, pose

HOUSE = Block((-6, -4, 4, 5), 9, (110, 120, 150), 3)
SHED = Block((-18, 6, -10, 12), 3.5, (180, 130, 90), 7)
GRAY_SHED = Block((-18, 6, -10, 12), 3.5, (118, 118, 118), 8)
AT_HOUSE = (130, 90, 300, 250)
AT_SHED = (60, 60, 155, 135)
BEFORE = pose()
ASIDE = pose(6, 2, yaw=5)


@cache
def seen(camera: str, *blocks: Block) -> Pixels:
    return photo(CAMERAS[camera], *blocks, seed=len(camera))


CAMERAS = {"before": BEFORE, "aside": ASIDE, "oblique": pose(0, -14, pitch=-65), "up": pose(2, 1)}


@cache
def laid(camera: str, *blocks: Block) -> Laid:
    before, after = Features.of(seen("before", HOUSE)), Features.of(seen(camera, *blocks))
    return lay(before, BEFORE, after, CAMERAS[camera])


def lean(camera: str, where: tuple[int, int, int, int], *blocks: Block) -> Lean | None:
    """Of what changed in a box."""
    pair, baseline = laid(camera, *blocks), Picture.of(seen("before", HOUSE))
    warped = Picture.of(pair.later_on_earlier(seen(camera, *blocks)))
    left, top, right, bottom = where
    box = np.zeros((WH[1], WH[0]), np.bool_)
    box[top:bottom, left:right] = True
    changed = (difference(warped, baseline) >= 1) & box
    return sweep(warped.exposed_as(baseline), baseline, changed, pair)


def test_flat_ground_by_pose() -> None:
    """A spot is where the pinhole has it, and comes back to where it was."""
    camera = pose(3, -8, 50, yaw=120, pitch=-70)
    spots = np.array([[0.0, 0.0], [5.0, -20.0]])
    xy = moved(camera.plane(), spots)
    np.testing.assert_allclose(xy, camera.image_of(np.column_stack([spots, [0, 0]])))
    np.testing.assert_allclose(camera.ground_of(xy), spots, atol=1e-9)


@pytest.mark.parametrize(
    ("told", "off_m"),
    [
        pytest.param(ASIDE, 0.0, id="telemetry is right"),
        pytest.param(pose(12, 2, yaw=5), 6.0, id="six metres off"),
        pytest.param(pose(6, 2, 131, yaw=5), 91.0, id="in feet"),
    ],
)
def test_features_find_the_pose(told: Pose, off_m: float) -> None:
    """Whatever telemetry says, features put the later camera where it was."""
    before, after = Features.of(seen("before", HOUSE)), Features.of(seen("aside", HOUSE))
    pair = lay(before, BEFORE, after, told)
    np.testing.assert_allclose(pair.after.at, ASIDE.at, atol=0.3)
    assert np.linalg.norm(pair.after.at - pair.told.at) == pytest.approx(off_m, abs=0.5)


def test_other_ground_is_not_laid() -> None:
    far = pose(500, 500)
    other = Features.of(np.random.default_rng(1).integers(0, 255, (360, 480, 3)).astype(np.uint8))
    with pytest.raises(UnlaidError, match="points agree, want 25"):
        lay(Features.of(seen("before", HOUSE)), BEFORE, other, far)


@pytest.mark.parametrize("camera", ["aside", "oblique"])
def test_a_leaning_house(camera: str) -> None:
    """Its height is told, and nothing of it is left."""
    found = lean(camera, AT_HOUSE, HOUSE)
    assert found is not None
    assert found.height_m == pytest.approx(9, abs=0.5)
    assert found.share > 0.85
    assert found.left.sum() < 0.15 * AREA


AREA = (AT_HOUSE[2] - AT_HOUSE[0]) * (AT_HOUSE[3] - AT_HOUSE[1])


@pytest.mark.parametrize("shed", [SHED, GRAY_SHED], ids=["blue", "gray as the ground"])
def test_a_new_shed_does_not_lean(shed: Block) -> None:
    found = lean("aside", AT_SHED, HOUSE, shed)
    assert found is None or found.share < LEANS - 0.1


def test_too_little_aside_to_lean() -> None:
    """From the same spot nothing leans, and so nothing is excused."""
    same = Laid(np.eye(3), BEFORE, BEFORE, BEFORE, 100)
    picture = Picture.of(seen("before", HOUSE))
    everywhere: Bools = np.ones((WH[1], WH[0]), np.bool_)
    assert sweep(picture, picture, everywhere, same) is None


def test_height_by_two_photos_of_one_flight() -> None:
    one, other = seen("aside", HOUSE, SHED), seen("before", HOUSE, SHED)
    pair = lay(Features.of(one), ASIDE, Features.of(other), BEFORE)
    corners = np.array([[-18, 6, 3.5], [-10, 6, 3.5], [-10, 12, 3.5], [-18, 12, 3.5]], np.float64)
    left, top = ASIDE.image_of(corners).min(axis=0).astype(int)
    right, bottom = ASIDE.image_of(corners).max(axis=0).astype(int)
    mask = np.zeros((WH[1], WH[0]), np.bool_)
    mask[max(top, 0) : bottom, max(left, 0) : right] = True
    baseline = Picture.of(one)
    beside = Picture.of(pair.later_on_earlier(other)).exposed_as(baseline)
    assert height_of(beside, baseline, mask, pair) == pytest.approx(3.5, abs=0.5)


def drifts(offs: list[tuple[float, float]], scale: float = 1.0) -> list[Drift]:
    """Pairs at 5 m/s east, then north; telemetry is off by so much."""
    speeds = [np.array([5.0, 0.0]), np.array([0.0, 5.0])]
    found = []
    for off, speed in zip(offs, speeds, strict=True):
        told = pose(-off[0], -off[1], 40 * scale)
        found.append(Drift(Laid(np.eye(3), pose(), pose(), told, 99), np.zeros(2), speed))
    return found


@pytest.mark.parametrize(
    ("offs", "scale", "said"),
    [
        pytest.param([(0.5, 0), (0, 1)], 1, "", id="as good as GPS is"),
        pytest.param([(10, 0), (0, 10)], 1, "late: its telemetry lags by about 2.0 s", id="lag"),
        pytest.param([(-6, 0), (0, -6)], 1, "runs ahead by about 1.2 s", id="clock ahead"),
        pytest.param([(0, 9), (9, 0)], 1, "9 m off what their features say", id="no lag"),
        pytest.param([(0, 0), (0, 0)], 3.28, "131 m above the ground where", id="feet"),
    ],
)
def test_doubts(offs: list[tuple[float, float]], scale: float, said: str) -> None:
    """What telemetry is off by is named, and only another scale costs the areas."""
    told = doubts("early", "late", drifts(offs, scale))
    assert said in " ".join(told.said)
    assert bool(told.said) == bool(said)
    assert told.scale_known == (scale == 1)
