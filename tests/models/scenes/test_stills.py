"""Random pictures: casts stand where such things stand, and labels say what shows."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.purpose import PurposeError
from models.scenes.camera import Camera
from models.scenes.crowd import Crowd, Pool
from models.scenes.mesh import box, shift
from models.scenes.stills import (
    NotEmptyError,
    hidden_share,
    is_labelled,
    write_stills,
    yolo_lines,
)
from models.scenes.streets.street import Street
from models.scenes.truth import Seen, rle_of

WH = (1280, 720)
STREET = Street(
    "plain",
    box((40, 40, 0.1), (0.2, 0.2, 0.2)),
    {"pole": Camera((0, -12, 5), 0, 20)},
    {"drop_1": (-4, 2, 0), "park_1": (3, 3, 90), "park_2": (-2, 6, 90), "park_3": (6, 8, 0)},
    {"pavement": ((-12, 0), (12, 0)), "lane": ((-20, 5), (20, 5))},
    {"window": (3.0, 9.0, 4.0)},
)
SEEN = Seen(
    1, "bag_1", "bag", "waste", "stands", (10, 20, 30, 60), (10, 20, 30, 60), 0.9,
    rle_of(np.zeros((100, 200), bool)),
)  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Pool:
    return Pool.drawn(np.random.default_rng(0), 0)


def crowd(pool: Pool, seed: int) -> Crowd:
    camera = STREET.cameras["pole"]
    return Crowd(STREET, camera, WH, pool, np.random.default_rng(seed), night=True)


def test_casts_are_in_sight_and_apart(pool: Pool) -> None:
    """Over many draws nothing stands in another thing, and the classes are all met."""
    labels: set[str] = set()
    for seed in range(60):
        made = crowd(pool, seed)
        cast = made.cast()
        labels |= {part.label for part in cast.parts}
        assert [body.instance for body in cast.bodies] == list(range(1, len(cast.bodies) + 1))
        assert len(cast.beams) <= 4
        table = np.array(made.taken).reshape(-1, 3)
        far = np.linalg.norm(table[:, None, :2] - table[None, :, :2], axis=2)
        far[np.diag_indices(len(table))] = np.inf
        assert far.min(initial=np.inf) > 0.2
    assert {"person", "car", "waste", "cable", "scaffold", "e-bike"} <= labels


def test_casts_are_their_seeds(pool: Pool) -> None:
    """The same seed is the same cast."""
    one, other = (crowd(pool, 5).cast() for _ in range(2))
    assert one.parts == other.parts
    for first, second in zip(one.bodies, other.bodies, strict=True):
        assert (first.matrix == second.matrix).all()


@pytest.mark.parametrize(
    ("thing", "labelled"),
    [
        pytest.param(SEEN, True, id="a bag in view"),
        pytest.param(replace(SEEN, visible_share=0.1), False, id="hardly any of it shows"),
        pytest.param(replace(SEEN, visible_xyxy=None), False, id="hidden"),
        pytest.param(replace(SEEN, visible_xyxy=(10, 20, 13, 24)), False, id="too small"),
        pytest.param(replace(SEEN, label=""), False, id="of no class"),
    ],
)
def test_what_is_labelled(thing: Seen, labelled: bool) -> None:
    """Only what a person could label too."""
    assert is_labelled(thing) == labelled


def test_yolo_lines_are_fractions() -> None:
    """Class, middle and size."""
    assert yolo_lines([SEEN], (200, 100)) == "7 0.100000 0.400000 0.100000 0.400000\n"


@pytest.mark.parametrize(
    ("far_m", "hidden"),
    [pytest.param(2.0, True, id="a wall before the lens"), pytest.param(20.0, False, id="far off")],
)
def test_a_camera_that_sees_nothing_is_known(far_m: float, hidden: bool) -> None:
    """The share of the picture that near things fill is large or nothing."""
    wall = box((6, 0.2, 6), (0.3, 0.3, 0.3)).moved(shift(0, far_m))
    assert (hidden_share(wall, Camera((0, 0, 3), 0, 0)) > 0.05) == hidden


def test_training_refuses_seeds_that_judge(tmp_path: Path) -> None:
    """Nothing is written for a seed of the other purpose."""
    with pytest.raises(PurposeError):
        write_stills(tmp_path, 1, 1, "training")
    assert list(tmp_path.iterdir()) == []


def test_folders_are_not_mixed(tmp_path: Path) -> None:
    """A folder that holds pictures is left alone."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").write_bytes(b"")
    with pytest.raises(NotEmptyError, match="choose another --out"):
        write_stills(tmp_path, 1, 0, "training")


@pytest.mark.slow
@pytest.mark.usefixtures("egl")
def test_stills_are_written_alike(tmp_path: Path) -> None:
    """Two runs give the same files; COCO and YOLO tell of the same things."""
    cocos = [write_stills(tmp_path / name, 2, 4, "training") for name in "ab"]
    assert cocos[0].read_bytes() == cocos[1].read_bytes()
    told = json.loads(cocos[0].read_text("utf-8"))
    lines = [
        path.read_text("utf-8").splitlines() for path in sorted((tmp_path / "a/labels").iterdir())
    ]
    for picture, rows in zip(told["images"], lines, strict=True):
        things = [one for one in told["annotations"] if one["image_id"] == picture["id"]]
        assert [one["category_id"] for one in things] == [int(row.split()[0]) for row in rows]
        assert (tmp_path / "a" / picture["file_name"]).is_file()
