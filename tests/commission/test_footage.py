"""The emptiest stretch of a clip is the stage; night is made of a day."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from edge.video.frame import Pixels
from models.scenes.camera import Camera
from models.scenes.codec import ClipWriter, Coding
from sanse.commission.errors import NeverEmptyError, OtherShapeError, TooShortError
from sanse.commission.footage import (
    Stage,
    calmest,
    cut,
    emptiest,
    empty_of,
    frames_of,
    lamp_lit,
    make_night,
    night_of,
)

WH = (160, 120)
AT = datetime.fromisoformat("2026-01-05T10:00:00+08:00")


def street(seconds: float, busy: bool) -> list[Pixels]:
    """A grey street at 5 fps; where it is busy, half of it is somebody else in every frame."""
    rng = np.random.default_rng(1)
    ground = rng.integers(80, 140, (WH[1], WH[0], 1)).astype(np.uint8).repeat(3, axis=2)
    frames = []
    for _ in range(round(seconds * 5)):
        frame = ground.copy()
        if busy:
            frame[:, :100] = rng.integers(0, 255, 3)
        frames.append(frame)
    return frames


def clip(path: Path, frames: list[Pixels]) -> Path:
    with ClipWriter(path, WH, AT, Coding(fps=5, kbps=4000)) as out:
        for frame in frames:
            out.write(frame)
    return path


def test_the_calm_part_is_chosen() -> None:
    """Of a busy and a calm minute the calm one, as long as asked for."""
    rng = np.random.default_rng(2)
    pictures = np.full((240, 9, 16), 100, np.uint8)
    pictures[:120, :, :8] = rng.integers(0, 255, (120, 1, 1))
    first, last, busy = calmest(np.arange(240) / 2, pictures, 40.0)
    assert first >= 120
    assert last - first == 80
    assert busy == 0


def test_the_stage_is_cut_at_its_own_size_and_rate(tmp_path: Path) -> None:
    """A stage has the stretch's frames, and its median is the empty street."""
    frames = street(8, busy=False)
    told = emptiest(clip(tmp_path / "yard.mp4", frames), WH, "key")
    stage = Stage(tmp_path / "day.mp4", "day", False, AT, (80, 60), 2)
    cut(tmp_path / "yard.mp4", told, stage)
    empty = empty_of(stage)
    assert empty.shape == (60, 80, 3)
    assert abs(float(empty.mean()) - float(frames[0].mean())) < 6


@pytest.mark.parametrize(
    ("frames", "site_wh", "error"),
    [
        pytest.param(street(8, busy=True), WH, NeverEmptyError, id="never empty"),
        pytest.param(street(2, busy=False), WH, TooShortError, id="two seconds"),
        pytest.param(street(8, busy=False), (1920, 1080), OtherShapeError, id="other sides"),
    ],
)
def test_what_is_no_stage(
    frames: list[Pixels], site_wh: tuple[int, int], error: type[Exception], tmp_path: Path
) -> None:
    """Each is refused by name, with what to do."""
    with pytest.raises(error, match=r"yard\.mp4"):
        emptiest(clip(tmp_path / "yard.mp4", frames), site_wh, "key")


def test_a_day_is_made_night_frame_by_frame(tmp_path: Path) -> None:
    """The night is as long as its day, and darker."""
    day = clip(tmp_path / "day.mp4", street(4, busy=False))
    stage = Stage(tmp_path / "night.mp4", "night", True, AT, WH, 5)
    lit = np.full((WH[1], WH[0], 3), 0.004, np.float32)
    make_night(day, stage.path, stage, lit)
    both = [frames_of(path, range(99)) for path in (day, stage.path)]
    assert [len(frames) for frames in both] == [20, 20]
    assert both[1][19].mean() < both[0][19].mean() - 20


def test_night_is_bright_under_its_lamp_alone() -> None:
    """The picture is darker away from the lamp, and noisier than the day."""
    camera = Camera((0.0, 0.0, 6.0), 0.0, 30.0, 60.0)
    lit = lamp_lit(camera, WH, (0.0, 10.0))
    gray = np.full((WH[1], WH[0], 3), 120, np.uint8)
    night = night_of(gray, lit).astype(np.float64)
    lamp_x, lamp_y = camera.project([(0.0, 10.0, 0.0)], WH)[0].astype(int)
    about = night[lamp_y - 5 : lamp_y + 5, lamp_x - 5 : lamp_x + 5]
    assert about.mean() > night[:20].mean() + 25
    assert about.std() > gray.std()
