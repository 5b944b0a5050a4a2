"""Growth is structure: light, shadow and leaves are none."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.scenarios.construction_veto import is_plant
from edge.video.frame import Pixels
from edge.vision.baseline import Baseline, Growth
from edge.vision.dapple import is_dapple
from edge.vision.growth import Picture
from tests.edge.footage import Street

WH = (640, 360)
ROOM = (260, 120, 360, 220)
BLUE = (200, 120, 40)
GREEN = (0.35, 1.0, 0.6)
NOTHING = np.zeros((360, 640), np.bool_)


@pytest.fixture(scope="module")
def street() -> Street:
    return Street(WH)


def grown(look: Pixels, *baselines: Pixels) -> Growth:
    baseline = Baseline(baselines[0])
    for further in baselines[1:]:
        baseline.learn(baseline.compare(further, NOTHING), NOTHING)
    return baseline.compare(look, NOTHING)


def striped(pixels: Pixels) -> Pixels:
    """A gray shed with boards: no color of its own, but a pattern."""
    left, top, right, bottom = ROOM
    pixels = pixels.copy()
    boards = np.where(np.arange(right - left) // 6 % 2, 150, 95)[None, :, None]
    pixels[top:bottom, left:right] = boards
    return pixels


def shadowed(pixels: Pixels) -> Pixels:
    pixels = pixels.copy()
    pixels[150:330, 60:300] = (pixels[150:330, 60:300] * 0.6).astype(np.uint8)
    return pixels


def leafy(pixels: Pixels, seed: int) -> Pixels:
    """A tree with leaves that stir from look to look."""
    rng = np.random.default_rng(seed)
    crown = rng.integers(30, 160, (40, 40, 1)) * np.array([0.45, 1.0, 0.5])
    tree = cv2.resize(crown.astype(np.uint8), (160, 160), interpolation=cv2.INTER_NEAREST)
    pixels = pixels.copy()
    pixels[40:200, 420:580] = tree
    return pixels


def test_a_colored_room(street: Street) -> None:
    """A room that was not there is one patch, in its place and of its size."""
    (patch,) = grown(street.picture((ROOM, BLUE)), street.picture()).patches
    np.testing.assert_allclose(patch.xyxy, ROOM, atol=6)
    assert patch.area_px == pytest.approx(100 * 100, rel=0.15)


def test_a_gray_shed_with_boards(street: Street) -> None:
    """What has no color of its own is told by its pattern."""
    (patch,) = grown(striped(street.picture()), street.picture()).patches
    np.testing.assert_allclose(patch.xyxy, ROOM, atol=8)


@pytest.mark.parametrize("light", [0.45, 0.8, 1.4], ids=["dusk", "cloud", "bright"])
def test_exposure_is_no_growth(street: Street, light: float) -> None:
    found = grown(street.picture(light=light), street.picture())
    assert not found.patches
    assert found.unlike < 0.1


def test_a_shadow_is_explained(street: Street) -> None:
    """Where a shadow makes patches at all, they are known as shade."""
    found = grown(shadowed(street.picture()), street.picture())
    assert found.patches
    assert all(patch.shade > 0.8 for patch in found.patches)


def test_a_room_is_no_shade(street: Street) -> None:
    (patch,) = grown(striped(street.picture()), street.picture()).patches
    assert patch.shade < 0.6


def test_a_second_light_is_known(street: Street) -> None:
    """What either baseline shows alike has not grown."""
    morning, evening = street.picture(), shadowed(street.picture())
    assert not grown(shadowed(street.picture()), morning, evening).patches


def test_leaves_that_stir(street: Street) -> None:
    """Where the baseline has leaves, other leaves are no growth."""
    base = leafy(street.picture(), 1)
    assert not grown(leafy(street.picture(), 2), base).patches


def test_a_plant_is_known_by_its_leaves(street: Street) -> None:
    (patch,) = grown(leafy(street.picture(), 1), street.picture()).patches
    assert patch.leaves > 0.5
    assert is_plant(patch)


def test_posts_on_a_lawn_are_no_plant() -> None:
    """The grass about them is rough by their edges, and stays grass."""
    lawn = np.asarray(cv2.GaussianBlur(Street(WH).picture(), (0, 0), 3) * GREEN, np.uint8)
    framed = lawn.copy()
    for left in range(260, 360, 16):
        framed[120:220, left : left + 4] = (40, 50, 80)
    (patch,) = grown(framed, lawn).patches
    assert patch.leaves > 0.5
    assert not is_plant(patch)


def test_exposure_is_told_by_what_is_alike(street: Street) -> None:
    """Leaves that lie over other leaves, and what is not shown, level neither light nor dark."""
    width, height = WH
    wood = np.s_[60:, : 3 * width // 4]
    crowns = np.random.default_rng(1).integers(70, 150, (2, height // 4, width // 8, 1))
    look, base = street.picture(light=0.9), street.picture()
    for picture, grays in ((look, 0.9 * crowns[0]), (base, crowns[1])):
        tall = grays.astype(np.uint8) * np.ones(3, np.uint8)
        picture[wood] = cv2.resize(tall, WH, interpolation=cv2.INTER_NEAREST)[wood]
    look[:60] = 255
    shown = np.ones((height, width), np.bool_)
    shown[:60] = False
    exposed = Picture.of(look, shown).exposed_as(Picture.of(base)).pixels
    road = np.s_[60:, 3 * width // 4 :]
    assert abs(np.median(exposed[road].astype(float) - base[road])) <= 2
    assert exposed[wood].std() > 0.9 * look[wood].std()


@pytest.mark.parametrize(
    ("later", "same"), [("wind", True), ("a roof", False)], ids=["wind", "a roof"]
)
def test_dapples(later: str, same: bool) -> None:
    """Light and shade that change places are the same ground; a roof over them is not."""
    shade = np.random.default_rng(3).random((45, 80)) > 0.5
    dark = cv2.resize(shade.astype(np.uint8), WH, interpolation=cv2.INTER_NEAREST) > 0
    before = np.where(dark[..., None], (130, 80, 70), (200, 200, 205)).astype(np.uint8)
    after = np.roll(before, (3, 5), axis=(0, 1))
    left, top, right, bottom = ROOM
    if later == "a roof":
        after[top:bottom, left:right] = (90, 110, 150)
    changed = np.zeros((WH[1], WH[0]), np.bool_)
    changed[top:bottom, left:right] = True
    assert is_dapple(Picture.of(after), Picture.of(before), changed) is same


def test_a_room_before_a_tree(street: Street) -> None:
    """Leaves hide nothing that is built before them."""
    base = leafy(street.picture(), 1)
    look = leafy(street.picture(), 2)
    look[90:190, 440:540] = BLUE
    (patch,) = grown(look, base).patches
    np.testing.assert_allclose(patch.xyxy, (440, 90, 540, 190), atol=10)


def test_it_grows_with_what_is_built(street: Street) -> None:
    sizes = (30, 60, 90)
    areas = [
        grown(street.picture(((200, 100, 200 + s, 100 + s), BLUE)), street.picture())
        .patches[0]
        .area_px
        for s in sizes
    ]
    assert all(b > 1.5 * a for a, b in pairwise(areas))


def test_what_is_absorbed_has_not_grown(street: Street) -> None:
    """What became a part of the place is one in every light."""
    baseline = Baseline(street.picture())
    found = baseline.compare(street.picture((ROOM, BLUE)), NOTHING)
    mask = cv2.dilate(found.patches[0].mask.view(np.uint8), np.ones((9, 9), np.uint8)) > 0
    baseline.absorb(found, mask)
    assert not baseline.compare(street.picture((ROOM, BLUE)), NOTHING).patches


def test_boxes_come_back_to_the_frame() -> None:
    """A large frame is compared small, and told at its own size."""
    street = Street((1920, 1080))
    room = (800, 400, 1000, 600)
    found = grown_large(street.picture((room, BLUE)), street.picture())
    np.testing.assert_allclose(found.in_frame(found.patches[0].xyxy, (1920, 1080)), room, atol=14)


def grown_large(look: Pixels, base: Pixels) -> Growth:
    return Baseline(base).compare(look, np.zeros((540, 960), np.bool_))


@pytest.mark.parametrize(
    ("number", "dim", "elsewhere"), [(19, 1.0, True), (19, 0.1, False), (18, 0.4, False)]
)
def test_a_view_of_elsewhere(shared_data: Path, number: int, dim: float, elsewhere: bool) -> None:
    """A clear photo of other ground is of elsewhere; a dark one, or the same at dusk, is not."""
    first, other = (
        cv2.imread(str(shared_data / "drone" / f"DJI_00{n}.JPG"), cv2.IMREAD_REDUCED_COLOR_4)
        for n in (18, number)
    )
    assert first is not None
    assert other is not None
    look = (other * dim).astype(np.uint8)
    assert Baseline(first.astype(np.uint8)).is_elsewhere(look) == elsewhere
