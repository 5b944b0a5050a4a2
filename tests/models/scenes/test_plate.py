"""Real backgrounds: where their ground is, what light lies on it, and who walks before what."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from models.errors import ModelsError
from models.scenes.camera import Camera
from models.scenes.catcher import backing, told_apart
from models.scenes.ground import (
    GroundNotSeenError,
    ground_of_points,
    ground_of_walkers,
    on_ground,
    zoo_people,
)
from models.scenes.matte import NEVER_M, ahead_of_pixels, depth_of, foreground, hides
from models.scenes.plate import NoPictureError, Plate, UnsteadyClipError
from models.scenes.plate_light import PlateLight, blur_of, levels, linear, sun_of
from models.scenes.render import Picture
from models.scenes.uprights import fov_of_uprights

WH = (1280, 720)
SMALL = (320, 240)
STREET = Camera((0.0, 0.0, 5.0), 0.0, 20.0, 60.0)


def walkers(camera: Camera, count: int, seed: int) -> npt.NDArray[np.float64]:
    """Boxes ``(n, 4)`` of people of many heights, as a detector errs."""
    rng = np.random.default_rng(seed)
    boxes: list[npt.NDArray[np.float64]] = []
    while len(boxes) < count:
        stand = (rng.uniform(-12, 12), rng.uniform(3, 40))
        foot, head = camera.project([(*stand, 0), (*stand, rng.normal(1.68, 0.07))], WH)
        tall = foot[1] - head[1]
        if not tall > 16:
            continue
        wide = rng.uniform(0.3, 0.42) * tall / 2
        box = np.array([foot[0] - wide, head[1], foot[0] + wide, foot[1]])
        box += rng.normal(0, 0.012 * tall, 4)
        if (box[:2] > 5).all() and (box[2:] < np.array(WH) - 5).all():
            boxes.append(box)
    return np.stack(boxes)


@pytest.mark.parametrize(
    ("height_m", "tilt_deg", "fov_deg"),
    [
        pytest.param(4.0, 25.0, 80.0, id="a wide lens over a gate"),
        pytest.param(5.5, 18.0, 60.0, id="a street camera"),
        pytest.param(8.0, 15.0, 40.0, id="a long lens on a mast"),
    ],
)
def test_walkers_tell_height_and_tilt(height_m: float, tilt_deg: float, fov_deg: float) -> None:
    """Noisy boxes of people give the height within 5 % and the tilt within 1.5 degrees."""
    camera = Camera((0.0, 0.0, height_m), 0.0, tilt_deg, fov_deg)
    boxes = walkers(camera, 120, seed=4)
    wrong = np.random.default_rng(5).uniform(100, 500, (25, 2))
    boxes = np.concatenate([boxes, np.column_stack([wrong, wrong + np.array([60, 130])])])
    found = ground_of_walkers(boxes, WH, fov_deg=fov_deg)
    assert found.camera.position[2] == pytest.approx(height_m, rel=0.05)
    assert found.camera.tilt_deg == pytest.approx(tilt_deg, abs=1.5)
    assert found.error < 0.05


def test_an_unknown_lens_keeps_people_at_their_size() -> None:
    """With the angle of view not told, people all over the picture keep their size within 6 %."""
    boxes = walkers(Camera((0.0, 0.0, 6.0), 0.0, 20.0, 45.0), 100, seed=6)
    camera = ground_of_walkers(boxes, WH).camera
    stand = on_ground(camera, np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, 3]]), WH)
    head = camera.project(np.column_stack([stand, np.full(len(stand), 1.68)]), WH)
    ratio = (boxes[:, 3] - head[:, 1]) / (boxes[:, 3] - boxes[:, 1])
    assert abs(np.median(ratio) - 1) < 0.02
    assert np.quantile(np.abs(ratio - 1), 0.5) < 0.06


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param(np.zeros((0, 4)), id="nobody"),
        pytest.param(np.tile([100.0, 100, 140, 220], (11, 1)), id="eleven people"),
        pytest.param(np.tile([100.0, 100, 300, 160], (40, 1)), id="cars"),
    ],
)
def test_too_few_people_are_refused(boxes: npt.NDArray[np.float64]) -> None:
    """Where fewer than twelve stand, the sentence says what would do instead."""
    with pytest.raises(GroundNotSeenError, match=r"in yard\.mp4 .*want >= 12 standing people, or"):
        ground_of_walkers(boxes, WH, "yard.mp4")
    assert issubclass(GroundNotSeenError, ModelsError)


@pytest.mark.parametrize(
    "camera",
    [
        pytest.param(Camera((3.0, -4.0, 6.0), 20.0, 25.0, 60.0, 2.0), id="leaning"),
        pytest.param(Camera((0.0, 0.0, 10.0), 200.0, 89.0, 50.0), id="straight down"),
        pytest.param(Camera((10.0, 5.0, 4.0), -80.0, 12.0, 40.0, -5.0), id="a long lens"),
    ],
)
def test_four_points_are_exact(camera: Camera) -> None:
    """Four points of the ground give the camera itself."""
    pixels = np.array([(200.0, 500), (1000, 520), (900, 690), (150, 700)])
    found = ground_of_points(pixels, on_ground(camera, pixels, WH), WH).camera
    assert found.position == pytest.approx(camera.position, abs=1e-3)
    assert found.fov_deg == pytest.approx(camera.fov_deg, abs=1e-2)
    spots = [(1.0, 2.0, 0.0), (-2.0, 3.0, 1.7)]
    assert found.project(spots, WH) == pytest.approx(
        camera.project(spots, WH), abs=0.1, nan_ok=True
    )


def test_points_in_one_line_are_refused() -> None:
    """Points that no camera sees so are an error, not a guess."""
    pixels = np.array([(200.0, 500), (1000, 500), (900, 100), (150, 700)])
    with pytest.raises(GroundNotSeenError, match="four points"):
        ground_of_points(pixels, [(0, 0), (1, 0), (2, 0), (3, 0)], WH)


@pytest.mark.parametrize("fov_deg", [pytest.param(36.0, id="long"), pytest.param(75.0, id="wide")])
def test_posts_tell_the_lens(fov_deg: float) -> None:
    """How upright posts lean gives the angle of view within a tenth, from a wrong one."""
    true = Camera((0.0, 0.0, 6.0), 0.0, 18.0, fov_deg)
    picture = np.full((720, 1280, 3), 120, np.uint8)
    for east in np.linspace(-9, 9, 13):
        ends = true.project(
            [(east, 18, 0), (east, 18, 5), (east + 0.3, 18, 5), (east + 0.3, 18, 0)], WH
        )
        cv2.fillPoly(picture, [np.round(ends * 16).astype(np.int32)], (40, 40, 40), cv2.LINE_AA, 4)
    horizon = np.tan(np.radians(18)) / np.tan(np.radians(fov_deg / 2)) * np.tan(np.radians(30))
    wrong = Camera((0.0, 0.0, 6.0), 0.0, float(np.degrees(np.arctan(horizon))), 60.0)
    assert fov_of_uprights(picture, wrong) == pytest.approx(fov_deg, rel=0.1)
    assert fov_of_uprights(np.full_like(picture, 99), wrong) is None


def picture_of(light: npt.NDArray[np.floating], instance: npt.NDArray[np.generic]) -> Picture:
    far_m = np.full(instance.shape, 12.0, np.float32)
    return Picture(light.astype(np.float32), instance.astype(np.uint16), far_m)


def test_bodies_are_told_from_the_ground_they_stand_on() -> None:
    """From pictures over gray and black come the body's light, its soft edge, and its shadow."""
    share, shadow = np.zeros((40, 40, 1)), np.ones((40, 40, 1))
    share[10:30, 10:30], share[10:30, 9] = 1.0, 0.5
    shadow[25:35, 5:36] = 0.6
    body, ground = np.array([0.4, 0.2, 0.1]), 0.25
    none, who = np.zeros((40, 40)), share[..., 0] > 0.7
    bare = picture_of(np.full((40, 40, 3), ground), none)
    dark = picture_of(np.zeros((40, 40, 3)), none)
    full = picture_of(share * body + (1 - share) * shadow * ground, who)
    behind = picture_of(share * body, who)
    drawn = told_apart((bare, full), (dark, behind), (5, 5, 36, 36))
    assert drawn.through == pytest.approx(
        np.broadcast_to((1 - share) * shadow, (40, 40, 3)), abs=1e-5
    )
    assert drawn.own == pytest.approx(share * body, abs=1e-5)
    assert drawn.through.max() <= 1.0


def test_a_shadow_never_brightens() -> None:
    """Ground that came out brighter than bare stays as it was, unless a beam lights it."""
    none = np.zeros((20, 20))
    bare, full = (picture_of(np.full((20, 20, 3), light), none) for light in (0.2, 0.3))
    assert told_apart((bare, full), (bare, full), None).through.max() == 1.0
    lit = told_apart((bare, full), (bare, full), None, beams=True)
    assert lit.through.max() == pytest.approx(1.5)


def test_the_backing_fills_what_it_shall_from_behind() -> None:
    """The black stands nowhere above the ground but far off, and fills its box, horizon and all."""
    mesh = backing(STREET, (300, 0, 900, 700), WH)
    near = mesh.position[:, 1] < 140
    assert mesh.position[near, 2] == pytest.approx(0.004, abs=1e-3)
    seen = STREET.project(mesh.position, WH)
    assert seen.min(axis=0) == pytest.approx((300, 0), abs=0.1)
    assert seen.max(axis=0) == pytest.approx((900, 700), abs=0.1)


def standing(at: tuple[float, float], camera: Camera = STREET) -> npt.NDArray[np.float32]:
    """The mask ``(240, 320)`` of somebody half a metre wide who stands there."""
    east, north = at
    outline = [(east - 0.25, north, 0.0), (east + 0.25, north, 0.0)]
    outline += [(east + 0.25, north, 1.7), (east - 0.25, north, 1.7)]
    mask = np.zeros(SMALL[::-1], np.uint8)
    cv2.fillPoly(mask, [np.round(camera.project(outline, SMALL)).astype(np.int32)], 1)
    return mask.astype(np.float32)


@pytest.mark.parametrize(
    ("north_m", "hidden"),
    [pytest.param(9.0, True, id="before it"), pytest.param(16.0, False, id="behind it")],
)
def test_who_stands_nearer_hides_what_is_put_in(north_m: float, *, hidden: bool) -> None:
    """A walker hides a body at 12 m where his feet are nearer, and only there."""
    mask = standing((0.0, north_m))
    far_m = np.full(mask.shape, np.hypot(12.0, 5.0), np.float32)
    body_m = np.full(mask.shape, 12.0, np.float32)
    assert ahead_of_pixels(far_m, STREET)[170, 160] == pytest.approx(12, rel=0.2)
    stand_m = depth_of(mask, STREET)
    assert np.median(stand_m[mask > 0]) == pytest.approx(north_m, rel=0.08)
    assert stand_m[0, 0] == NEVER_M
    assert (hides(mask, stand_m, body_m)[mask > 0] > 0).all() == hidden


def test_two_who_overlap_keep_their_own_depths() -> None:
    """Of two walkers whose pictures touch, each stands where his own feet are."""
    near, far = standing((-0.3, 9.0)), standing((0.75, 13.0))
    stand_m = depth_of(np.maximum(near, far), STREET)
    right = np.nonzero(far)[1].max()
    assert stand_m[:, right].min() == pytest.approx(13.0, rel=0.1)
    assert stand_m[(near > 0) & (far == 0)].min() == pytest.approx(9.0, rel=0.1)


def textured(shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    noise = np.random.default_rng(2).normal(140, 8, shape)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.0).clip(0, 255), np.uint8)


def test_walkers_are_cut_out_and_their_shadows_are_not() -> None:
    """What differs in color is foreground; what only dims the ground is none."""
    empty = textured((240, 320, 3))
    frame = empty.copy()
    frame[60:140, 100:130] = (40, 30, 70)
    frame[60:140, 200:240] = (empty[60:140, 200:240] * 0.7).astype(np.uint8)
    mask = foreground(frame, empty, 1.0)
    assert mask[65:135, 105:125].min() > 0.9
    assert mask[:, 180:].max() < 0.1
    assert mask[:, :85].max() == 0


def test_the_sun_is_read_from_long_shadows() -> None:
    """Shadows that all fall east by 2.4 m put the sun in the west, 35 degrees high."""
    empty, frames = textured((480, 640, 3)), []
    for north in np.linspace(10, 17, 14):
        frame, wh, shade = empty.copy(), (640, 480), np.zeros((480, 640), np.uint8)
        lies = [
            (0.2, north - 0.2, 0),
            (2.4, north - 0.1, 0),
            (2.4, north + 0.1, 0),
            (0.2, north + 0.2, 0),
        ]
        cv2.fillPoly(shade, [np.round(STREET.project(lies, wh)).astype(np.int32)], 1)
        frame[shade > 0] = levels(linear(frame[shade > 0]) * np.float32(0.5)).astype(np.uint8)
        stands = [(-0.2, north, 0), (0.2, north, 0), (0.2, north, 1.7), (-0.2, north, 1.7)]
        cv2.fillPoly(frame, [np.round(STREET.project(stands, wh)).astype(np.int32)], (30, 40, 90))
        frames.append(frame)
    toward, shade_left = sun_of(empty, frames, STREET)
    assert toward is not None
    assert toward[0] < -0.7
    assert abs(toward[1]) < 0.25
    assert np.degrees(np.arcsin(toward[2])) == pytest.approx(35, abs=7)
    assert shade_left == pytest.approx(0.5, abs=0.12)
    assert sun_of(empty, [empty] * 14, STREET) == (None, 1.0)


def test_light_is_shown_as_the_clip_shows_it() -> None:
    """Gain, cast and black carry over; nothing is shown brighter than the sensor can."""
    light = PlateLight((0.6, 0.5, 0.4), 0.01, 1.0, 1.0, 0.5, 90)
    shown = light.shown(np.array([[[0.0, 0, 0], [0.5, 0.5, 0.5], [9.0, 9, 9]]], np.float32))[0]
    assert shown[0] == pytest.approx(0.01)
    assert shown[1] == pytest.approx(0.01 + 0.99 * np.array([0.3, 0.25, 0.2]), abs=1e-3)
    assert shown[2].max() <= 1.0


def test_blur_is_measured() -> None:
    """A picture blurred by 1.2 px is told from a sharp one, and that from a sharpened one."""
    sharp = np.kron(np.random.default_rng(3).integers(0, 255, (12, 16, 3)), np.ones((20, 20, 1)))
    blurred = cv2.GaussianBlur(sharp.astype(np.uint8), (0, 0), 1.2)
    crisp = sharp + 0.6 * (sharp - cv2.GaussianBlur(sharp, (0, 0), 1.0))
    assert blur_of(sharp.astype(np.uint8))[0] < 0.3
    assert blur_of(np.asarray(blurred, np.uint8))[0] == pytest.approx(1.2, abs=0.3)
    assert blur_of(crisp.clip(0, 255).astype(np.uint8))[1] > 0.2


def test_a_photo_is_a_plate_that_stands_still(tmp_path: Path) -> None:
    """A photo with a camera given is read, and shows the same at any time."""
    cv2.imwrite(str(tmp_path / "yard.png"), textured((240, 320, 3)))
    plate = Plate.read(tmp_path / "yard.png", STREET)
    assert plate.wh == SMALL
    assert (plate.frame(0.0) == plate.frame(7.3)).all()
    with pytest.raises(ValueError, match="want 0 or later"):
        plate.frame(-1.0)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    """A missing clip is one sentence."""
    with pytest.raises(NoPictureError, match="no picture can be read"):
        Plate.read(tmp_path / "none.avi", STREET)


def test_real_walkers_stand_at_their_size(shared_data: Path) -> None:
    """People in a real clip, found by the zoo's detector, agree on one ground within 8 %."""
    capture, boxes, find = cv2.VideoCapture(str(shared_data / "video/vtest.avi")), [], zoo_people()
    for number in range(181):
        capture.grab()
        if number % 20 == 0:
            boxes.append(find(np.asarray(capture.retrieve()[1], np.uint8)))
    capture.release()
    ground = ground_of_walkers(np.concatenate(boxes), (768, 576))
    assert ground.people >= 12
    assert ground.error < 0.08
    assert 4 < ground.camera.position[2] < 8


def test_a_moving_camera_is_refused(shared_data: Path) -> None:
    """A real clip whose picture drifts is no stage."""
    with pytest.raises(UnsteadyClipError, match="want a fixed camera"):
        Plate.read(shared_data / "video/car-detection.mp4", STREET, slice(250))
