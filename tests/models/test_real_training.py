"""A tiny real training: it learns, survives being cut off, and exports what the edge can read."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("ultralytics", reason="the models environment (torch) is not installed here")

from models.cards import folder
from models.dataset import Recipe, Sources
from models.detect import ZooDetector
from models.errors import DeviceError, StartError, TrainingStateError
from models.labels import LABELS, Boxes, write_lines
from models.network import Network, in_order
from models.runtime import open_session
from models.start import read_start
from models.train import Mark, Plan, metadata, read_batch, rows_of, train

pytestmark = [
    pytest.mark.models,
    pytest.mark.filterwarnings("ignore"),  # torch's exporter warns of its own future
]

RECIPE = Recipe(images=16, mix=(2, 1, 1), seed=1, input_wh=(128, 96))
PLAN = Plan(steps=14, batch=4, warm_steps=4, seed=1, save_every=4, threads=1)


class CutOffError(Exception):
    """Stands for a kill in the middle of a training."""


def write_squares(folder: Path) -> None:
    """A finished data set: one bright square a picture."""
    (folder / "images").mkdir(parents=True)
    (folder / "labels").mkdir()
    rng = np.random.default_rng(5)
    for index in range(RECIPE.images):
        pixels = rng.integers(0, 60, (96, 128, 3)).astype(np.uint8)
        x, y = int(rng.integers(0, 80)), int(rng.integers(0, 50))
        pixels[y : y + 40, x : x + 40] = (40, 200, 240)
        cv2.imwrite(str(folder / "images" / f"{index:05d}.jpg"), pixels)
        boxes = Boxes.of([(index % 11, x, y, x + 40, y + 40)])
        (folder / "labels" / f"{index:05d}.txt").write_text(write_lines(boxes, (128, 96)))
    summary = {"recipe": asdict(RECIPE), "sha256": "squares"}
    (folder / "dataset.json").write_text(json.dumps(summary))


def test_a_training_cut_off_goes_on_from_its_checkpoint_and_exports(tmp_path: Path) -> None:
    write_squares(tmp_path / "dataset")
    losses: list[float] = []

    def cut_off(mark: Mark, plan: Plan) -> None:
        losses.append(mark.loss)
        if mark.step == 10:
            raise CutOffError

    with pytest.raises(CutOffError):
        train(Sources(tmp_path, tmp_path), tmp_path, RECIPE, PLAN, cut_off)
    steps: list[int] = []
    onnx = train(
        Sources(tmp_path, tmp_path),
        tmp_path,
        RECIPE,
        PLAN,
        lambda mark, plan: steps.append(mark.step),
    )

    assert steps == list(range(9, 15)), "it goes on after the checkpoint of step 8"
    assert losses[-1] < losses[0]
    log = json.loads((tmp_path / "training.json").read_text())
    assert (log["mark"]["step"], log["mark"]["starts"]) == (14, 2)
    session = open_session(onnx)
    assert session.get_outputs()[0].shape == [1, 15, 16 * 12 + 8 * 6 + 4 * 3]
    names = session.get_modelmeta().custom_metadata_map["names"]
    assert names == str(dict(enumerate(LABELS)))
    detector = ZooDetector(onnx)
    assert (detector.input_wh, detector.labels) == ((128, 96), LABELS)


def test_pictures_read_ahead_are_the_same_in_the_same_order(tmp_path: Path) -> None:
    write_squares(tmp_path / "dataset")
    read = partial(read_batch, tmp_path / "dataset", RECIPE, PLAN)

    here, ahead = (list(in_order(read, range(3, 8), readers)) for readers in (0, 2))

    assert len(here) == len(ahead) == 5
    for one, other in zip(here, ahead, strict=True):
        assert np.array_equal(one.pixels, other.pixels)
        assert np.array_equal(one.cxcywh, other.cxcywh)


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(DeviceError, match="no device meta9 here; leave --device out"):
        Network(LABELS, 1, 1, "meta9")


def test_the_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    write_squares(tmp_path / "dataset")
    train(Sources(tmp_path, tmp_path), tmp_path, RECIPE, Plan(steps=1, batch=4, seed=1, threads=1))

    with pytest.raises(TrainingStateError, match="start anew"):
        train(
            Sources(tmp_path, tmp_path), tmp_path, RECIPE, Plan(steps=2, batch=4, seed=1, threads=1)
        )


def test_another_edition_is_gone_on_from(tmp_path: Path) -> None:
    """At its start a training answers as the export does that it goes on from, class by class."""
    write_squares(tmp_path / "dataset")
    earlier = folder("street-n") / "model.onnx"
    first = [read_batch(tmp_path / "dataset", RECIPE, PLAN, step).pixels for step in range(2)]
    network, start = Network(LABELS, 1, 1), read_start(earlier)
    network.start_from(start, rows_of(start.labels), np.concatenate(first))
    _, _, height, width = open_session(earlier).get_inputs()[0].shape
    network.export(tmp_path / "start.onnx", (width, height), metadata(RECIPE))

    seen = np.random.default_rng(1).random((1, 3, height, width), np.float32)
    then, now = (
        open_session(path).run(None, {"images": seen})[0]
        for path in (earlier, tmp_path / "start.onnx")
    )
    rows = [4 + row for row in rows_of(start.labels) if row is not None]
    assert np.abs(now[:, :4] - then[:, :4]).max() < 0.01
    assert np.abs(now[:, 4 : 4 + len(rows)] - then[:, rows]).max() < 1e-4


def test_a_start_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    write_squares(tmp_path / "dataset")
    (tmp_path / "torn.onnx").write_bytes(b"\x08\x07torn")
    sources = Sources(tmp_path, tmp_path, tmp_path / "torn.onnx")

    with pytest.raises(StartError, match="leave --start out"):
        train(sources, tmp_path, RECIPE, PLAN)
