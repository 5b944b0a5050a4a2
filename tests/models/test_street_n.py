"""The committed model is the one that its card speaks of."""

import ast
from pathlib import Path

import av
import numpy as np
import pytest

from models.cards import folder, read
from models.detect import ZooDetector
from models.errors import ManifestError
from models.labels import LABELS, MEANINGS, PERSON
from models.runtime import open_session
from models.sources import sha256_of
from models.stills import draw
from models.verify import verify

STREET_N = folder("street-n")
CARD = read((STREET_N / "model.toml").read_text(encoding="utf-8"))
CLIP = Path(__file__).resolve().parents[2] / "sanse" / "demo" / "dumping.mp4"
CARRIER_XY = (475, 315)


def test_the_file_is_the_one_that_the_card_names_and_is_small() -> None:
    onnx = STREET_N / "model.onnx"

    assert sha256_of(onnx) == CARD.sha256
    assert onnx.stat().st_size <= 12_000_000


def test_the_file_itself_names_its_labels_and_size() -> None:
    session = open_session(STREET_N / "model.onnx")
    metadata = session.get_modelmeta().custom_metadata_map
    width, height = CARD.input_wh

    assert tuple(ast.literal_eval(metadata["names"]).values()) == CARD.labels
    assert ast.literal_eval(metadata["imgsz"]) == [height, width]
    assert session.get_inputs()[0].shape == [1, 3, height, width]
    assert session.get_outputs()[0].shape[:2] == [1, 4 + len(CARD.labels)]


def test_every_label_has_a_threshold_and_every_unproven_one_says_so_in_the_readme() -> None:
    readme = (STREET_N / "README.md").read_text(encoding="utf-8")

    assert CARD.labels in (MEANINGS, LABELS)
    assert set(CARD.scores) == set(MEANINGS)
    assert "unproven" in readme
    assert all(f"`{label}`" in readme for label in CARD.unproven)


def test_it_sees_the_carrier_of_the_demonstration() -> None:
    detector = ZooDetector(STREET_N / "model.onnx")
    with av.open(str(CLIP)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]

    before, during, after = (detector(np.asarray(frames[n], np.uint8)) for n in (12, 136, 290))

    for found, expected in ((before, False), (during, True), (after, False)):
        sure = found.where((found.label == PERSON) & (found.score >= CARD.scores["person"]))
        middle = sure.xyxy.reshape(-1, 2, 2).mean(axis=1)
        here = np.all(np.abs(middle - CARRIER_XY) < 40, axis=1)
        assert here.any() == expected


def test_a_model_that_is_not_in_the_zoo_is_named() -> None:
    with pytest.raises(ManifestError, match="no model 'street-x' in the zoo; there is street-n"):
        folder("street-x")


@pytest.mark.slow
def test_the_figures_hold(shared_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("moderngl", reason="drawn stills want the extra scenes")
    draw(tmp_path, 160, "benchmark", jobs=2)

    failed = [check for check in verify(shared_data, STREET_N, tmp_path) if not check.holds]

    assert not failed
