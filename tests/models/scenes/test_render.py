"""Pictures and their truth, small ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from models.scenes.camera import Camera
from models.scenes.lens import Lens
from models.scenes.light import Lamp, Light, Sun
from models.scenes.mesh import Material, Mesh, ball, box, quad, shift, srgb
from models.scenes.render import Body, NoRendererError, Renderer

WH = (160, 96)
CAMERA = Camera((0.0, -9.0, 5.0), 0.0, 25.0)
NIGHT = Light(None, (0.001,) * 3, (0.0004,) * 3, (0.001,) * 3, (0.001,) * 3, glow=0.3)
NOTHING = Lamp((0.0, 0.0, -5.0), rgb=(0.0, 0.0, 0.0))
LIGHTS = [
    pytest.param(Light(Sun((0.4, -0.5, 0.75), (1.0, 1.0, 1.0)), fog=0.01), id="sun"),
    pytest.param(Light(Sun((0.9, 0.1, 0.2), (1.0, 0.8, 0.6)), wet=1.0), id="low sun, wet"),
    pytest.param(Light(Lamp((3.0, 3.0, 6.0))), id="a lamp"),
    pytest.param(Light(None), id="overcast"),
]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    try:
        drawer = Renderer(WH)
    except NoRendererError as missing:
        pytest.skip(str(missing))
    with drawer:
        yield drawer


def street() -> list[Body]:
    ground = box((60, 60, 0.1), srgb("#777777"), Material.ASPHALT).moved(shift(0, 0, -0.1))
    wall = box((8, 0.3, 4), srgb("#b0a080"), Material.PLASTER).moved(shift(-3, 5))
    return [Body(ground), Body(wall)]


def crate(side: float = 1.0, material: Material = Material.CARTON) -> Mesh:
    return box((side, side, side), (0.5, 0.4, 0.3), material)


@pytest.mark.parametrize("light", LIGHTS)
def test_redrawing_only_what_changes_leaves_nothing_out(renderer: Renderer, light: Light) -> None:
    """A picture drawn by parts equals one drawn whole, as a lamp without light makes it."""
    renderer.stage(street(), light, CAMERA)
    bodies = [Body(crate(), shift(1.5, 1), 1), Body(crate(0.6), shift(-3, 0, 1.2), 2)]
    parts, whole = renderer.draw(bodies), renderer.draw(bodies, [NOTHING])
    assert np.array_equal(parts.instance, whole.instance)
    assert np.allclose(parts.far_m, whole.far_m)
    assert np.abs(parts.light - whole.light).max() < 2e-3


def test_the_same_street_gives_the_same_picture(renderer: Renderer) -> None:
    """Staged and drawn twice, a picture is equal byte for byte."""
    drawn = []
    for _ in range(2):
        renderer.stage(street(), Light(Sun((0.4, -0.5, 0.75), (1.0, 1.0, 1.0))), CAMERA)
        picture = renderer.draw([Body(crate(), shift(0, 1), 7)])
        drawn.append((picture.light, picture.instance, picture.far_m))
    assert all(np.array_equal(one, other) for one, other in zip(*drawn, strict=True))


def test_pictures_leave_no_traces_in_later_ones(renderer: Renderer) -> None:
    """The empty street looks the same before and after bodies and beams, and staged anew."""
    renderer.stage(street(), NIGHT, CAMERA)
    before = renderer.draw([])
    beam = Lamp((0.0, 0.0, 1.0), (0.0, 1.0, -0.2), (30.0, 30.0, 30.0), 30.0)
    lit = renderer.draw([Body(crate(), shift(1, 1), 1)], [beam])
    after = renderer.draw([])
    renderer.draw([], [beam])
    renderer.stage(street(), NIGHT, CAMERA)
    anew = renderer.draw([])
    assert np.array_equal(before.light, after.light)
    assert np.array_equal(before.light, anew.light)
    assert lit.light.max() > 20 * before.light.max()


def test_renderers_of_several_sizes_do_not_meet(renderer: Renderer) -> None:
    """One that draws after another was opened draws what it drew before."""
    light = Light(Sun((0.4, -0.5, 0.75), (1.0, 1.0, 1.0)))
    renderer.stage(street(), light, CAMERA)
    before = renderer.draw([Body(crate(), shift(1, 1), 1)])
    with Renderer((WH[0] // 2, WH[1] // 2)) as other:
        other.stage(street()[:1], light, CAMERA)
        renderer.stage(street(), light, CAMERA)
        other.draw([Body(crate(0.5), shift(1, 1), 1)])
        after = renderer.draw([Body(crate(), shift(1, 1), 1)])
    assert np.array_equal(before.light, after.light)
    assert np.array_equal(before.instance, after.instance)


def test_truth_says_what_hides_what(renderer: Renderer) -> None:
    """A body behind the wall has no pixels; one before it has, at its distance."""
    renderer.stage(street(), Light(None), CAMERA)
    picture = renderer.draw([Body(crate(), shift(-3, 6.5), 1), Body(crate(), shift(-3, 2), 300)])
    assert not (picture.instance == 1).any()
    far_m = picture.far_m[picture.instance == 300]
    assert len(far_m) > 20
    middle = float(np.linalg.norm(np.array((-3, 2, 0.5)) - CAMERA.position))
    assert np.abs(far_m - middle).max() < 1.0


def test_a_body_throws_a_shadow(renderer: Renderer) -> None:
    """The ground on the far side of the sun gets darker, elsewhere it stays as it was."""
    renderer.stage(street(), Light(Sun((0.7, 0.0, 0.7), (1.0, 1.0, 1.0))), CAMERA)
    bare, shaded = renderer.draw([]), renderer.draw([Body(crate(), shift(2, 1), 1)])
    spots = CAMERA.project([(1.1, 1, 0), (3.5, 1, 0)], WH).astype(int)
    shares = [shaded.light[y, x].sum() / bare.light[y, x].sum() for x, y in spots.tolist()]
    assert shares[0] < 0.6
    assert shares[1] == pytest.approx(1.0, abs=0.01)


def test_lit_windows_and_headlights_show_at_night(renderer: Renderer) -> None:
    """What glows outshines the dark street; what glows on a body outshines a window."""
    corners = [(-4, 4.8, 1), (-3, 4.8, 1), (-3, 4.8, 2), (-4, 4.8, 2)]
    window = Body(quad(corners, (1.0, 1.0, 1.0), Material.GLOWING))
    lamp = Body(ball((0.3, 0.3, 0.3), (1.0, 1.0, 1.0), Material.GLOWING), shift(2, 2, 1), 1)
    levels = []
    for light in (NIGHT, Light(None, glow=0.0)):
        renderer.stage([*street(), window], light, CAMERA)
        picture = renderer.draw([lamp])
        (x, y), *_ = CAMERA.project([(-3.5, 4.8, 1.5)], WH).astype(int).tolist()
        levels.append((picture.light[y, x].max(), picture.light[picture.instance == 1].max()))
    assert levels[0][0] > 0.2
    assert levels[0][1] > 5 * levels[0][0]
    assert levels[1][0] < 0.2, "by day a window mirrors the sky"


@pytest.mark.parametrize("k1", [-0.07, 0.0, 0.05])
def test_a_projected_point_lies_on_the_pixel_that_shows_it(k1: float) -> None:
    """Bent and shaken, a ball is within a pixel of where the camera projects it."""
    camera = Camera((0.0, -9.0, 5.0), 0.0, 25.0, roll_deg=2.0, k1=k1)
    lens, shaken = Lens(camera, WH), (3.4, -2.3)
    spots = [(0.0, 2.0, 0.5), (-4.6, -1.0, 0.5), (4.5, -1.0, 0.4), (5.5, 3.0, 2.0)]
    bodies = [
        Body(ball((0.25, 0.25, 0.25), (1.0, 1.0, 1.0)), shift(*spot), k)
        for k, spot in enumerate(spots, 1)
    ]
    try:
        drawer = Renderer(lens.drawn_wh)
    except NoRendererError as missing:
        pytest.skip(str(missing))
    with drawer:
        drawer.stage(street(), Light(None), lens.drawn)
        seen = lens.seen(drawer.draw(bodies), shaken)
    wanted = camera.project(spots, WH) + np.array(shaken)
    for k, place in enumerate(wanted, 1):
        rows, columns = np.nonzero(seen.instance == k)
        assert len(rows) > 4
        assert np.hypot(columns.mean() + 0.5 - place[0], rows.mean() + 0.5 - place[1]) < 1.0


def test_a_machine_that_cannot_draw_says_so_in_one_sentence() -> None:
    """The message names the cause and what to install."""
    sentence = str(NoRendererError(OSError("libEGL.so: cannot open")))
    assert "install libegl1" in sentence
    assert "\n" not in sentence
