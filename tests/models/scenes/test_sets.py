"""A real clip or photo in place of a street."""

import json
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from models.scenes.codec import ClipWriter
from models.scenes.drone import drone_camera
from models.scenes.film import film, film_looks
from models.scenes.plate import Plate, native_wh
from models.scenes.script import read_script
from models.scenes.sets import BackgroundError
from models.scenes.truth import mask_of
from wire.toml import TomlError

WH = (160, 120)
CAMERA = "camera = { position = [0, 0, 5], heading_deg = 0, tilt_deg = 20, fov_deg = 60 }"
SCRIPT = f"""\
[scene]
background = "yard.mp4"
{CAMERA}
at = 2026-03-04T15:20:00+08:00
seconds = 1
fps = 5
seed = 2
[[actor]]
name = "bag"
kind = "furniture"
[[step]]
at_s = 0
name = "there"
who = "bag"
does = "stands"
where = [0, 10]
[[event]]
scenario = "dumping"
offence = true
actors = ["bag"]
begin = "there"
end = 1.0
reason = "it lies in the yard"
"""


def yard(seed: int = 3) -> npt.NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    rough = cv2.GaussianBlur(rng.normal(120, 60, (WH[1], WH[0], 3)), (0, 0), 2)
    return np.asarray(rough.clip(20, 235), np.uint8)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script over five frames, through which something red goes."""
    with ClipWriter(tmp_path / "yard.mp4", WH, datetime(2026, 3, 4, tzinfo=UTC)) as clip:
        for number in range(5):
            frame = yard()
            frame[70:, 20 * number : 20 * number + 12] = (20, 20, 220)
            clip.write(frame)
    path = tmp_path / "real.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.mark.usefixtures("egl")
def test_a_real_clip_bears_the_script(script: Path, tmp_path: Path) -> None:
    """The truth says that the background is real, and real walkers hide what is put in."""
    truth = film(read_script(script), tmp_path / "clip.mp4")
    head, *frames = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    assert (head["made"], head["background"], head["street"]) == ("composed", "real", "yard.mp4")
    assert head["wh"] == list(WH)
    assert head["events"][0]["area_m2"] > 0.05
    shown = [mask_of(frame["things"][0]["rle"]).sum() for frame in frames]
    assert min(shown) < 0.9 * max(shown)


@pytest.mark.usefixtures("egl")
def test_each_look_has_its_photo(tmp_path: Path) -> None:
    """A time-lapse over photos shows each in its turn, where nothing is put in."""
    for number in range(2):
        cv2.imwrite(str(tmp_path / f"{number}.png"), yard(number))
    looks = "looks = [2026-03-04T15:20:00+08:00, 2026-03-05T15:20:00+08:00]"
    told = SCRIPT.replace('"yard.mp4"', '["0.png", "1.png"]').replace("seconds = 1", looks)
    told = told.replace("at_s = 0", "at = 2026-03-04T15:20:00+08:00")
    (tmp_path / "real.toml").write_text(told, encoding="utf-8")
    film_looks(read_script(tmp_path / "real.toml"), tmp_path / "looks")
    for number, path in enumerate(sorted((tmp_path / "looks").glob("*.jpg"))):
        shown = cv2.imread(str(path))
        assert shown is not None
        assert np.abs(shown[:30].astype(float) - yard(number)[:30]).mean() < 6


def test_a_clip_runs_back_as_it_came(script: Path) -> None:
    """What is over runs backwards: the same frames, none jumped over."""
    plate = Plate.read(script.parent / "yard.mp4", read_script(script).scene.camera.camera())  # type: ignore[union-attr]
    shown = [plate.frame((number + 0.5) / plate.fps) for number in range(9)]
    for there, back in zip(shown[:4], shown[:4:-1], strict=True):
        assert (there == back).all()
    assert (shown[3] != shown[4]).any()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            '"yard.mp4"', '"none.mp4"', "none.mp4 nor .*none.mp4: not found", id="missing"
        ),
        pytest.param("seed = 2", 'weather = "rain"', "brings its own", id="weather"),
        pytest.param("seed = 2", 'street = "yard"', "brings its own", id="a street as well"),
        pytest.param(CAMERA, 'camera = "pole"', "names no cameras", id="a named camera"),
        pytest.param(
            "seed = 2", "ground = [{ pixel = [1, 2], metres = [0, 0] }]", "want one", id="ground"
        ),
        pytest.param(
            'background = "yard.mp4"', "ground = []", "street: missing", id="no background"
        ),
    ],
)
def test_what_no_background_can_is_refused(script: Path, old: str, new: str, said: str) -> None:
    """One sentence, with the line."""
    script.write_text(SCRIPT.replace(old, new), encoding="utf-8")
    with pytest.raises(TomlError, match=said):
        read_script(script, script.parent / "elsewhere")


@pytest.mark.usefixtures("egl")
def test_a_picture_is_not_stretched(script: Path, tmp_path: Path) -> None:
    """Sides in another ratio than the background's are refused."""
    script.write_text(SCRIPT.replace("seed = 2", "wh = [320, 180]"), encoding="utf-8")
    with pytest.raises(BackgroundError, match="160 x 120 cannot be shown as 320 x 180"):
        film(read_script(script), tmp_path / "clip.mp4")


def test_a_drone_tells_where_it_hung(shared_data: Path, tmp_path: Path) -> None:
    """Height, heading and angle of view are the photo's; another photo tells nothing."""
    photo = shared_data / "drone/DJI_0018.JPG"
    assert native_wh(photo) == (4000, 2250)
    camera = drone_camera(photo, (1280, 720))
    assert camera is not None
    assert camera.position == (0, 0, 39.8)
    assert (camera.heading_deg, camera.tilt_deg) == (45, 89.9)
    assert camera.fov_deg == pytest.approx(86.6, abs=0.5)
    cv2.imwrite(str(tmp_path / "yard.jpg"), yard())
    assert drone_camera(tmp_path / "yard.jpg", WH) is None
