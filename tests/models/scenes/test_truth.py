"""Boxes, masks and shares say what the picture shows."""

import numpy as np
import pytest

from models.scenes.camera import Camera
from models.scenes.mesh import box, shift
from models.scenes.render import Body
from models.scenes.stage import Cast, Part
from models.scenes.truth import Witness, area_m2, boxes_of, mask_of, rle_of

WH = (160, 90)
CAMERA = Camera((0, -10, 2), 0, 5, 60)


def cast_of(*bodies: Body) -> Cast:
    parts = tuple(
        Part(one.instance, f"it_{one.instance}", "bag", "waste", "lies") for one in bodies
    )
    return Cast(bodies, parts)


def instances(*boxes: tuple[int, tuple[int, int, int, int]]) -> np.typing.NDArray[np.uint16]:
    """A picture's numbers, each in a box of left, top, right, bottom; later ones in front."""
    picture = np.zeros((WH[1], WH[0]), np.uint16)
    for number, (left, top, right, bottom) in boxes:
        picture[top:bottom, left:right] = number
    return picture


@pytest.mark.parametrize(
    "mask",
    [
        pytest.param(np.zeros((5, 7), bool), id="nothing"),
        pytest.param(np.ones((5, 7), bool), id="everything"),
        pytest.param(np.eye(6, dtype=bool), id="both corners"),
        pytest.param(np.arange(35).reshape(5, 7) == 0, id="the first pixel"),
        pytest.param(np.arange(35).reshape(5, 7) == 34, id="the last pixel"),
        pytest.param(np.random.default_rng(3).random((40, 30)) < 0.4, id="noise"),
    ],
)
def test_runs_and_masks_are_inverse(mask: np.typing.NDArray[np.bool_]) -> None:
    """A mask comes back from its runs as it was, and the runs cover the picture."""
    rle = rle_of(mask)
    assert (mask_of(rle) == mask).all()
    assert sum(rle["counts"]) == mask.size
    assert sum(rle["counts"][1::2]) == mask.sum()


def test_boxes_agree_with_masks() -> None:
    """Every box is that of its pixels, also where another stands before it."""
    picture = instances((1, (10, 20, 40, 60)), (2, (30, 50, 50, 70)))
    body = Body(box((1, 1, 1), (0.5, 0.5, 0.5)))
    bodies = [Body(body.mesh, shift(k, 0), k) for k in (1, 2, 3)]
    seen = Witness(CAMERA, WH).see(cast_of(*bodies), picture)
    assert [one.visible_xyxy for one in seen] == [(10, 20, 40, 60), (30, 50, 50, 70), None]
    assert boxes_of(picture)[1] == (10, 20, 40, 60)
    for one in seen:
        assert (mask_of(one.rle) == (picture == one.instance)).all()
    assert seen[2].visible_share == 0


def test_a_share_is_of_the_whole_outline() -> None:
    """A thing that shows in full has a share of nearly 1; half hidden, nearly a half."""
    body = Body(box((2, 2, 2), (0.5, 0.5, 0.5)), shift(0, 0), 1)
    full = Witness(CAMERA, WH).box(body)
    assert full is not None
    left, top, right, bottom = (round(edge) for edge in full)
    middle = (left + right) // 2
    shares = [
        Witness(CAMERA, WH).see(cast_of(body), instances((1, (left, top, to, bottom))))[0]
        for to in (right, middle)
    ]
    assert shares[0].visible_share == pytest.approx(1.0, abs=0.12)
    assert shares[1].visible_share == pytest.approx(shares[0].visible_share / 2, abs=0.06)


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        pytest.param((0.0, 0.0), True, id="before the camera"),
        pytest.param((0.0, -30.0), False, id="behind it"),
        pytest.param((60.0, 0.0), False, id="beside the picture"),
    ],
)
def test_full_boxes_are_cut_at_the_frame(at: tuple[float, float], inside: bool) -> None:
    """What lies outside has none."""
    body = Body(box((1, 1, 1), (0.5, 0.5, 0.5)), shift(*at), 1)
    assert (Witness(CAMERA, WH).box(body) is not None) == inside


def test_a_shaken_picture_moves_its_boxes() -> None:
    """Full boxes follow the shaking of the pole."""
    body = Body(box((1, 1, 1), (0.5, 0.5, 0.5)), shift(0, 0), 1)
    witness = Witness(CAMERA, WH)
    still, shaken = (
        witness.see(cast_of(body), instances(), moved)[0].full_xyxy for moved in ((0, 0), (3, -2))
    )
    assert still is not None
    assert shaken is not None
    assert np.subtract(shaken, still) == pytest.approx([3, -2, 3, -2], abs=0.11)


def test_area_is_that_of_the_ground_covered() -> None:
    """Two boxes of 2 by 1 m and of 1 by 1 m cover 3 square metres."""
    bodies = [Body(box((2, 1, 1), (0, 0, 0))), Body(box((1, 1, 3), (0, 0, 0)), shift(9, 9))]
    assert area_m2(bodies) == pytest.approx(3.0)
