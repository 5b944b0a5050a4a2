"""The ONNX door: what a model must be, and that its answers land in frame pixels."""

import hashlib
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from edge.config import Detector as DetectorConfig
from edge.errors import ModelError
from edge.video.replay import Replay
from edge.video.source import parse_source
from edge.vision.boxes import BULKY, PERSON, VEHICLE, WASTE
from edge.vision.detector import OnnxDetector
from edge.vision.heads import cell_count, decode_yolox
from edge.vision.letterbox import Letterbox
from tests.edge.test_detector_boxes import plain_yolox
from tests.edge.tiny_onnx import Dim, write_constant_model

Floats = npt.NDArray[np.float32]
INPUT_WH = (160, 96)
CELLS = cell_count(INPUT_WH)
COCO_START = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck"),
    *(f"other {index}" for index in range(8, 80)),
)


def yolo_answer(*rows: tuple[float, ...], classes: int = 3) -> Floats:
    """The raw output of a YOLO whose first cells say center x, y, width, height, scores."""
    raw = np.zeros((1, 4 + classes, CELLS), np.float32)
    for index, row in enumerate(rows):
        raw[0, :, index] = row
    return raw


def names(*labels: str) -> dict[str, str]:
    return {"names": str(dict(enumerate(labels)))}


OURS = names("person", "vehicle", "waste")


def test_answers_land_in_frame_pixels(tmp_path: Path) -> None:
    """A box in a wide input comes back where it is in a frame of another shape."""
    raw = yolo_answer((80, 48, 32, 24, 0, 0, 0.9), (70, 48, 20, 40, 0.8, 0, 0))
    detector = OnnxDetector(write_constant_model(tmp_path / "m.onnx", raw, metadata=OURS))
    found = detector.detect(np.zeros((480, 640, 3), np.uint8))
    assert found.label.tolist() == [WASTE, PERSON]
    fit = Letterbox.fit((640, 480), INPUT_WH)
    want = fit.to_frame(np.array([[64, 36, 96, 60], [60, 28, 80, 68]], np.float32))
    np.testing.assert_allclose(found.xyxy, want, atol=1e-3)
    assert found.score.tolist() == pytest.approx([0.9, 0.8])


def test_boxes_end_at_the_edge_of_the_frame(tmp_path: Path) -> None:
    """What reaches over the edge is cut there; what lies in the gray is dropped."""
    raw = yolo_answer((80, 4, 60, 20, 0.9, 0, 0), (4, 48, 6, 6, 0.9, 0, 0))
    detector = OnnxDetector(write_constant_model(tmp_path / "m.onnx", raw, metadata=OURS))
    found = detector.detect(np.zeros((480, 640, 3), np.uint8))
    assert len(found) == 1
    left, top, right, bottom = found.xyxy[0].tolist()
    assert (0 <= left < right <= 640, top, bottom) == (True, 0, pytest.approx(70))


def test_one_thing_is_seen_once(tmp_path: Path) -> None:
    """Two classes that count as one label are one thing; two labels are two."""
    raw = yolo_answer(
        (80, 48, 40, 30, 0.9, 0, 0, 0),
        (81, 48, 40, 30, 0, 0.8, 0, 0),
        (80, 48, 40, 30, 0, 0, 0, 0.7),
        classes=4,
    )
    model = write_constant_model(
        tmp_path / "m.onnx", raw, metadata=names("car", "truck", "dog", "person")
    )
    found = OnnxDetector(model).detect(np.zeros((96, 160, 3), np.uint8))
    assert found.label.tolist() == [VEHICLE, PERSON]


@pytest.mark.parametrize(
    ("config", "labels"),
    [
        pytest.param(DetectorConfig(), [PERSON], id="usual names, usual scores"),
        pytest.param(DetectorConfig(scores={"person": 0.95}), [], id="score too low"),
        pytest.param(DetectorConfig(scores={"person": 0.2}), [PERSON, PERSON], id="lower score"),
        pytest.param(DetectorConfig(classes={"bag": "waste"}), [WASTE], id="a map of one's own"),
        pytest.param(
            DetectorConfig(classes={"bag": "waste", "person": "ignore"}), [WASTE], id="ignored"
        ),
        pytest.param(
            DetectorConfig(labels=("bag", "person")), [PERSON], id="labels win over names"
        ),
    ],
)
def test_classes_count_as_configured(
    tmp_path: Path, config: DetectorConfig, labels: list[int]
) -> None:
    """Class map, label list and scores come from the configuration first."""
    raw = yolo_answer(
        (40, 48, 20, 20, 0.9, 0), (80, 48, 20, 20, 0.3, 0), (120, 48, 20, 20, 0, 0.8), classes=2
    )
    model = write_constant_model(tmp_path / "m.onnx", raw, metadata=names("person", "bag"))
    found = OnnxDetector(model, config).detect(np.zeros((96, 160, 3), np.uint8))
    assert found.label.tolist() == labels


def test_an_open_input_size_is_the_one_of_the_export(tmp_path: Path) -> None:
    """A model exported with dynamic axes says in its metadata what it was trained on."""
    model = write_constant_model(
        tmp_path / "m.onnx",
        yolo_answer(),
        ("batch", 3, "height", "width"),
        {**OURS, "imgsz": "[96, 160]"},
    )
    assert OnnxDetector(model).input_wh == INPUT_WH


def test_the_manifest_names_labels_scores_and_file(tmp_path: Path) -> None:
    """Labels and scores of ``model.toml`` hold for a file that names no classes itself."""
    raw = yolo_answer((40, 48, 20, 20, 0.3, 0, 0), (80, 48, 20, 20, 0, 0, 0.3))
    model = write_constant_model(tmp_path / "model.onnx", raw)
    sha256 = hashlib.sha256(model.read_bytes()).hexdigest()
    (tmp_path / "model.toml").write_text(
        f'name = "street-x"\nsha256 = "{sha256}"\nlabels = ["person", "vehicle", "waste"]\n'
        "[scores]\nwaste = 0.25\n"
    )
    detector = OnnxDetector(model)
    assert (detector.model.name, detector.model.sha256) == ("street-x", sha256)
    assert detector.detect(np.zeros((96, 160, 3), np.uint8)).label.tolist() == [WASTE]


def test_the_second_edition_of_street_n_is_read_as_four_meanings(tmp_path: Path) -> None:
    """Two-wheelers are vehicles, bulky things are bulky; cables and scaffolds are nothing yet."""
    labels = (
        *("person", "bicycle", "e-bike", "motorcycle", "tricycle", "car", "truck"),
        *("waste", "bulky", "cable", "scaffold"),
    )
    rows = [(8 + 14 * n, 48, 10, 20, *(0.9 * (k == n) for k in range(11))) for n in range(11)]
    raw = yolo_answer(*rows, classes=11)
    model = write_constant_model(tmp_path / "model.onnx", raw, metadata=names(*labels))
    sha256 = hashlib.sha256(model.read_bytes()).hexdigest()
    (tmp_path / "model.toml").write_text(
        f'name = "street-n"\nedition = 2\nsha256 = "{sha256}"\nlabels = {list(labels)}\n'
        "[scores]\nvehicle = 0.3\n[class_scores]\ne-bike = 0.95\n"
    )
    found = OnnxDetector(model).detect(np.zeros((96, 160, 3), np.uint8))
    assert found.label[np.argsort(found.xyxy[:, 0])].tolist() == [
        PERSON,
        *[VEHICLE] * 6,
        WASTE,
        BULKY,
    ]


@pytest.mark.parametrize(
    ("output", "input_shape", "metadata", "said"),
    [
        pytest.param(
            yolo_answer(), (1, 3, 96, 160), {}, "names none of its 3 classes", id="no names"
        ),
        pytest.param(
            yolo_answer(),
            (1, 3, 96, 160),
            names("person"),
            "3 classes, but 1 labels",
            id="names short",
        ),
        pytest.param(
            yolo_answer(),
            (1, 3, 96, 160),
            names("cat", "dog", "cow"),
            "none of its classes cat, dog, cow is known",
            id="classes of another world",
        ),
        pytest.param(
            yolo_answer(), (1, 3, 96, 160), {"names": "{0: "}, "metadata 'names'", id="torn names"
        ),
        pytest.param(
            np.zeros((1, 300, 6), np.float32),
            (1, 3, 96, 160),
            OURS,
            "gives 1x300x6",
            id="built-in NMS",
        ),
        pytest.param(
            yolo_answer(), (1, 1, 96, 160), OURS, "takes tensor.float. 1x1x96x160", id="gray"
        ),
        pytest.param(
            yolo_answer(), (4, 3, 96, 160), OURS, "4 pictures at once", id="batch of four"
        ),
        pytest.param(yolo_answer(), (1, 3, 100, 160), OURS, "want multiples of 32", id="odd size"),
    ],
)
def test_refuses_another_shape_or_class_list(
    tmp_path: Path,
    output: Floats,
    input_shape: tuple[Dim, ...],
    metadata: dict[str, str],
    said: str,
) -> None:
    """A model that cannot serve is refused in one sentence that names the file."""
    model = write_constant_model(tmp_path / "m.onnx", output, input_shape, metadata)
    with pytest.raises(ModelError, match=said) as caught:
        OnnxDetector(model)
    assert str(caught.value).startswith(str(model))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param(
            DetectorConfig(classes={"bags": "waste"}), "no class 'bags'", id="typo in map"
        ),
        pytest.param(DetectorConfig(head="yolox"), "no output of yolox", id="the other head"),
        pytest.param(
            DetectorConfig(labels=("a", "b")), "but 2 labels are given", id="labels short"
        ),
    ],
)
def test_refuses_a_configuration_that_does_not_fit(
    tmp_path: Path, config: DetectorConfig, said: str
) -> None:
    """What is configured must fit the file."""
    model = write_constant_model(tmp_path / "m.onnx", yolo_answer(), metadata=OURS)
    with pytest.raises(ModelError, match=said):
        OnnxDetector(model, config)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        pytest.param('name = "x"', "sha256: Field required", id="no hash"),
        pytest.param("name = ", "is not TOML", id="torn"),
        pytest.param(
            f'name = "x"\nsha256 = "{"0" * 64}"\nlabels = []', "is not the file", id="another file"
        ),
    ],
)
def test_refuses_a_manifest_that_does_not_fit(tmp_path: Path, manifest: str, said: str) -> None:
    """A manifest beside the model must be readable and of this very file."""
    model = write_constant_model(tmp_path / "model.onnx", yolo_answer(), metadata=OURS)
    (tmp_path / "model.toml").write_text(manifest)
    with pytest.raises(ModelError, match=said):
        OnnxDetector(model)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "cannot be read: No such file", id="missing"),
        pytest.param(b"", "is not an ONNX model", id="empty"),
        pytest.param(b"hello\n", "is not an ONNX model", id="text"),
    ],
)
def test_refuses_what_is_no_model(tmp_path: Path, content: bytes | None, said: str) -> None:
    """A file that is no ONNX is one sentence, not a stack."""
    model = tmp_path / "m.onnx"
    if content is not None:
        model.write_bytes(content)
    with pytest.raises(ModelError, match=said):
        OnnxDetector(model)


def test_yolox_on_real_frames(shared_data: Path) -> None:
    """A model that nobody here trained: decoded as the plain reference does, and people found."""
    onnx = shared_data / "detectors" / "yolox_nano_coco.onnx"
    detector = OnnxDetector(onnx, DetectorConfig(labels=COCO_START, threads=1))
    fit = detector.fit((768, 576))
    with Replay(parse_source(str(shared_data / "video" / "vtest.avi"))) as replay:
        pictures = [frame.pixels for frame in islice(replay.frames(), 0, 81, 40)]
    for pixels in pictures:
        raw = detector.infer(detector.prepare(pixels, fit))
        want = np.array(plain_yolox(raw, detector.input_wh))
        got = decode_yolox(raw, detector.input_wh)
        np.testing.assert_allclose(got.xyxy, want[:, :4], atol=1e-4, rtol=1e-6)
        np.testing.assert_allclose(got.scores, want[:, 4:], atol=1e-4)
        found = detector.detect(pixels)
        people = found.xyxy[found.label == PERSON]
        assert len(people) >= 4
        assert (people[:, 3] - people[:, 1] > people[:, 2] - people[:, 0]).mean() > 0.7


def test_a_face_finder_is_refused(shared_data: Path) -> None:
    """A real model of another family and class list: faces are not what this box looks for."""
    with pytest.raises(ModelError, match="no output of yolo or yolox"):
        OnnxDetector(shared_data / "detectors" / "yunet_n_640.onnx")
