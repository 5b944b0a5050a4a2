"""The hold-out rules: what may be trained on, by construction and checked on the real material."""

import ast
import inspect
from pathlib import Path

import pytest

import models
from models import compose, dataset, sources, stills, train
from models.errors import HeldOutError, MaterialMissingError
from models.heldout import FRAMES_CSV, NEW_PILES, composed, read_rows, things
from models.labels import LABELS
from models.sources import (
    CLIPS,
    HELD_OUT_SPLITS,
    held_out_frames,
    held_out_photo_paths,
    original_of,
    training_frames,
    training_photo,
    training_photo_paths,
)

FORBIDDEN = {"held_out_frames", "held_out_photo_paths", "read_photo", "heldout"}


@pytest.mark.parametrize(
    "module", [dataset, compose, stills, train], ids=lambda module: module.__name__
)
def test_what_builds_and_trains_imports_nothing_that_gives_held_out_material(
    module: object,
) -> None:
    names = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):  # type: ignore[arg-type]
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names} | {(node.module or "").split(".")[-1]}
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[-1] for alias in node.names}
        if isinstance(node, ast.Attribute):
            names.add(node.attr)

    assert not names & FORBIDDEN


def test_the_lines_are_where_the_rules_put_them() -> None:
    assert CLIPS["vtest"].held_out_from == 400
    for name in ("car", "visitors"):
        clip = CLIPS[name]
        assert clip.held_out_from * 3 <= clip.frames * 2 + 1


def test_no_argument_of_training_frames_moves_the_line() -> None:
    assert list(inspect.signature(training_frames).parameters) == ["data", "clip", "step"]


@pytest.mark.parametrize("name", CLIPS)
def test_training_frames_end_before_the_line_and_held_out_ones_begin_on_it(
    shared_data: Path, name: str
) -> None:
    clip = CLIPS[name]

    training = [number for number, _ in training_frames(shared_data, clip, 50)]
    held_out = [number for number, _ in held_out_frames(shared_data, clip, 50)]

    assert training[0] == 0
    assert training[-1] < clip.held_out_from == held_out[0]
    assert held_out[-1] < clip.frames


def test_no_original_photograph_is_on_both_sides(shared_data: Path) -> None:
    training = {original_of(path.name) for path in training_photo_paths(shared_data)}
    held_out = {original_of(path.name) for path in held_out_photo_paths(shared_data)}

    assert training
    assert held_out
    assert not training & held_out
    assert set(NEW_PILES) <= held_out


def test_a_training_photo_whose_original_is_held_out_is_dropped(tmp_path: Path) -> None:
    for split, name in (
        ("train", "a_jpg.rf.1.jpg"),
        ("train", "b_jpg.rf.2.jpg"),
        ("valid", "a_jpg.rf.3.jpg"),
        ("test", "c_jpg.rf.4.jpg"),
    ):
        folder = tmp_path / "waste" / split / "images"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()

    assert [path.name for path in training_photo_paths(tmp_path)] == ["b_jpg.rf.2.jpg"]


@pytest.mark.parametrize("split", HELD_OUT_SPLITS)
def test_a_held_out_photo_is_refused_as_a_training_photo(tmp_path: Path, split: str) -> None:
    with pytest.raises(HeldOutError, match="held out"):
        training_photo(tmp_path / split / "images" / "a_jpg.rf.1.jpg")


def test_absent_material_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MaterialMissingError, match="not found; point --data"):
        list(training_frames(tmp_path, CLIPS["vtest"], 1))


def test_the_corrected_labels_are_all_of_held_out_frames() -> None:
    rows = read_rows(FRAMES_CSV.read_text(encoding="utf-8"))

    assert {row.clip for row in rows} == set(CLIPS)
    assert things(rows, "person") == 11
    assert things(rows, "vehicle") == 3
    assert (things(rows, "car"), things(rows, "truck"), things(rows, "e-bike")) == (2, 1, 0)


@pytest.mark.parametrize(
    ("row", "want"),
    [
        pytest.param("vtest,399,person,a,1,1,2,2", "held out", id="a training frame"),
        pytest.param("park,500,person,a,1,1,2,2", "a clip of", id="an unknown clip"),
        pytest.param("vtest,500,dog,a,1,1,2,2", "known label", id="an unknown label"),
        pytest.param("vtest,500,person,a,3,1,2,2", "left < right", id="a box inside out"),
    ],
)
def test_a_wrong_row_of_corrected_labels_is_refused(row: str, want: str) -> None:
    with pytest.raises(Exception, match=want):
        read_rows(f"clip,frame,label,thing,left,top,right,bottom\n{row}\n")


def test_a_composed_picture_has_one_bag_of_the_stated_size(shared_data: Path) -> None:
    for picture in composed(shared_data, count=4):
        assert [LABELS[label] for label in picture.boxes.label] == ["waste"]
        sides = picture.boxes.xyxy[0, 2:] - picture.boxes.xyxy[0, :2]
        assert 23 <= sides.max() <= 49


def test_importing_the_room_opens_no_heavy_library() -> None:
    tree = ast.parse(Path(str(models.__file__)).read_text(encoding="utf-8"))

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert "torch" not in inspect.getsource(sources)
