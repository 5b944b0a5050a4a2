"""Drawn stills as material: whose seeds they are, what is drawn again, what is seen more often."""

import json
from pathlib import Path

import numpy as np
import pytest

from models import stills as training
from models.dataset import Recipe, balanced, still_one
from models.errors import HeldOutError, LabelError, StillsMissingError
from models.labels import CABLE, LABELS, PERSON
from models.purpose import purpose_of
from models.scenes import film
from models.scenes.contact import save
from models.stills import (
    KEPT_BACK_EVERY,
    PER_PIECE,
    Still,
    draw,
    labels_sha256,
    read_stills,
    repeats,
)


def write_piece(folder: Path, seeds: list[int], purpose: str, classes: tuple[str, ...]) -> None:
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "classes.txt").write_text("\n".join(classes))
    for seed in seeds:
        save(folder / f"images/{seed}-0.jpg", np.full((72, 128, 3), 90, np.uint8))
        (folder / f"labels/{seed}-0.txt").write_text("0 0.5 0.5 0.1 0.2\n9 0.2 0.2 0.1 0.2\n")
    told = {
        "info": {"purpose": purpose},
        "images": [{"file_name": f"images/{seed}-0.jpg", "seed": seed} for seed in seeds],
    }
    (folder / "coco.json").write_text(json.dumps(told))


def test_stills_of_all_pieces_are_read_by_seed_with_the_classes_they_show(tmp_path: Path) -> None:
    write_piece(tmp_path / "b", [8, 2], "training", LABELS)
    write_piece(tmp_path / "a", [4], "training", LABELS)

    stills = read_stills(tmp_path, "training")
    pixels, boxes = stills[0].read()

    assert [still.seed for still in stills] == [2, 4, 8]
    assert stills[0].classes == (PERSON, CABLE) == tuple(boxes.label.tolist())
    assert pixels.shape == (72, 128, 3)
    assert len(labels_sha256(stills, tmp_path)) == 64


@pytest.mark.parametrize(
    ("seed", "told", "wanted"),
    [
        pytest.param(3, "benchmark", "training", id="benchmark stills for training"),
        pytest.param(4, "training", "benchmark", id="training stills for judging"),
        pytest.param(3, "training", "training", id="an odd seed that says it is for training"),
    ],
)
def test_stills_of_the_other_purpose_are_refused(
    tmp_path: Path, seed: int, told: str, wanted: str
) -> None:
    write_piece(tmp_path, [seed], told, LABELS)

    with pytest.raises(HeldOutError, match="held out"):
        read_stills(tmp_path, wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [0, 1, 2, 7, 900_000])
def test_seeds_are_told_apart_as_the_scene_maker_does(seed: int) -> None:
    """Training reads by the very rule by which the scene maker draws."""
    assert vars(training)["purpose_of"](seed) == vars(film)["purpose_of"](seed)
    assert vars(training)["purpose_of"] is vars(film)["purpose_of"] is purpose_of


def test_stills_of_other_classes_are_refused(tmp_path: Path) -> None:
    write_piece(tmp_path, [2], "training", LABELS[:3])

    with pytest.raises(LabelError, match="exactly person bicycle"):
        read_stills(tmp_path, "training")


def test_a_folder_without_stills_says_how_to_draw_them(tmp_path: Path) -> None:
    with pytest.raises(StillsMissingError, match="sanse models prepare"):
        read_stills(tmp_path, "training")


def test_whole_pieces_are_not_drawn_again(tmp_path: Path) -> None:
    for piece, start in enumerate((0, PER_PIECE)):
        seeds = list(range(20 * piece, 20 * piece + 2 * PER_PIECE, 2))
        write_piece(tmp_path / f"{start:06d}", seeds, "training", LABELS)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    draw(tmp_path, 2 * PER_PIECE, "training")

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_still_with_a_rare_class_is_seen_more_often_and_none_is_left_out() -> None:
    stills = [Still(Path(str(n)), Path(), 2 * n, (PERSON,)) for n in range(63)]
    stills.append(Still(Path("rare"), Path(), 126, (PERSON, CABLE)))

    order = balanced(stills, Recipe(images=800))

    assert len(order) == 400
    assert set(order) == set(stills)
    assert repeats(stills).tolist() == [1.0] * 63 + [4.0]
    assert order.count(stills[-1]) > 3 * 400 / 67 - 1


def test_every_twentieth_stage_is_kept_for_thresholds() -> None:
    kept = [seed for seed in range(0, 400, 2) if Still(Path(), Path(), seed, ()).is_kept_back]

    assert len(kept) == 200 // KEPT_BACK_EVERY


def test_a_view_of_a_still_has_the_recipe_size_and_its_boxes_inside(tmp_path: Path) -> None:
    write_piece(tmp_path, [2], "training", LABELS)
    (still,) = read_stills(tmp_path, "training")

    for seed in range(12):
        scene = still_one(still, (640, 384), np.random.default_rng(seed))
        assert scene.frame_wh == (640, 384)
        assert (scene.boxes.xyxy >= 0).all()
        assert (scene.boxes.xyxy[:, 2:] <= (640, 384)).all()
