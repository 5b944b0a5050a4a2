"""A look lies on its baseline to the pixel, or it is said why it does not."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.video.frame import Pixels
from edge.vision.registration import Doubles, Features, MisfitError, register
from tests.edge.footage import Street

WH = (640, 360)


@pytest.fixture(scope="module")
def street() -> Street:
    return Street(WH)


def drift(right: float, down: float, turned_deg: float = 0.0) -> Doubles:
    """``(2, 3)`` from where a thing stood to where the drifted view has it."""
    turn = cv2.getRotationMatrix2D((WH[0] / 2, WH[1] / 2), turned_deg, 1.0)
    return np.asarray(turn + np.array([[0, 0, right], [0, 0, down]]), np.float64)


def drifted(pixels: Pixels, right: float, down: float, turned_deg: float = 0.0) -> Pixels:
    matrix = drift(right, down, turned_deg)
    moved = cv2.warpAffine(pixels, matrix, WH, borderMode=cv2.BORDER_REFLECT)
    return moved.astype(np.uint8)


@pytest.mark.parametrize(
    ("right", "down", "turned_deg"),
    [(6.0, -3.0, 0.0), (0.0, 0.0, 1.0), (-4.5, 2.5, -0.5)],
    ids=["shifted", "turned", "both"],
)
def test_drift_is_undone(street: Street, right: float, down: float, turned_deg: float) -> None:
    """A view that drifted a little lies on the baseline again, to half a pixel."""
    base = street.picture()
    found = register(drifted(street.picture(), right, down, turned_deg), Features.of(base))
    here = np.array([[[320.0, 180.0]], [[100.0, 80.0]]])
    there = cv2.transform(here, drift(right, down, turned_deg))
    np.testing.assert_allclose(cv2.perspectiveTransform(there, found.onto), here, atol=0.5)


def test_a_steady_view_is_left_alone(street: Street) -> None:
    """Noise alone moves nothing, so nothing is blurred."""
    look = street.picture()
    found = register(look, Features.of(street.picture()))
    assert found.pixels is look
    assert found.shown.all()


def test_what_a_drifted_look_does_not_show(street: Street) -> None:
    """The strip that left the picture is known to be missing."""
    found = register(drifted(street.picture(), -12, 0), Features.of(street.picture()))
    assert not found.shown[:, :8].any()
    assert found.shown[10:-10, 20:-10].all()


def test_exposure_does_not_matter(street: Street) -> None:
    found = register(street.picture(light=0.5), Features.of(street.picture()))
    np.testing.assert_allclose(found.onto, np.eye(3), atol=1e-6)


def test_another_camera(street: Street) -> None:
    """A picture of another street agrees nowhere."""
    with pytest.raises(MisfitError, match="another camera's") as caught:
        register(Street(WH, seed=8).picture(), Features.of(street.picture()))
    assert caught.value.code == "unlike"


def test_a_black_picture(street: Street) -> None:
    with pytest.raises(MisfitError, match="only 0 points agree"):
        register(np.zeros((360, 640, 3), np.uint8), Features.of(street.picture()))


def test_a_moved_camera(street: Street) -> None:
    """A view that lies a tenth of the picture off is no drift."""
    with pytest.raises(MisfitError, match=r"10% of the picture off.*camera was moved") as caught:
        register(drifted(street.picture(), 64, 0), Features.of(street.picture()))
    assert caught.value.code == "moved"


def test_another_size_of_the_same_view(street: Street) -> None:
    """A camera that was set to half the size still shows the same place."""
    half = cv2.resize(street.picture(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = register(half.astype(np.uint8), Features.of(street.picture()))
    assert found.pixels.shape == (360, 640, 3)


@pytest.mark.parametrize("number", [19, 24])
def test_drone_photos_of_elsewhere(shared_data: Path, number: int) -> None:
    """Photos of one flight that show other ground are no looks of one camera."""
    first, other = (
        cv2.imread(str(shared_data / "drone" / f"DJI_00{n}.JPG"), cv2.IMREAD_REDUCED_COLOR_4)
        for n in (18, number)
    )
    assert first is not None
    assert other is not None
    with pytest.raises(MisfitError):
        register(other.astype(np.uint8), Features.of(first.astype(np.uint8)))
