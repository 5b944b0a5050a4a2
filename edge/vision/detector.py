"""The one ONNX door: a picture in, boxes of persons, vehicles and waste out."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as ort

from edge.config import Detector as DetectorConfig
from edge.errors import ModelError
from edge.video.frame import Pixels
from edge.vision.boxes import Detections, Floats, nms
from edge.vision.classes import ClassMap, map_classes, names_in, read_manifest
from edge.vision.heads import HEADS, STRIDES, Candidates, Head, Size
from edge.vision.letterbox import Letterbox
from wire import Model

MOST_IOU: Final = 0.5
"""Two boxes of one label that overlap by more are one thing seen twice."""
MOST_BOXES: Final = 300
"""The surest so many go on; a street corner never holds more."""
USUAL_INPUT_WH: Final = (640, 640)
ONNX_ERRORS: Final = (
    ort.Fail,
    ort.InvalidArgument,
    ort.InvalidGraph,
    ort.InvalidProtobuf,
    ort.NoModel,
    ort.NotImplemented,
    ort.RuntimeException,
)
"""onnxruntime's errors have no common base of their own."""


class OnnxDetector:
    """A YOLO 8, YOLO 11 or YOLOX model in ONNX form, its classes mapped to ``LABELS``.

    Attributes:
        model: Name and SHA-256, as alerts bear them.
        input_wh: Size of the picture that the model looks at.
    """

    def __init__(self, onnx: Path, config: DetectorConfig | None = None) -> None:
        """Opens the model, looks at one gray picture, and settles what its output means.

        Raises:
            ModelError: Missing, no ONNX, of a shape that no head knows, or of unusable classes.
        """
        config = config or DetectorConfig()
        manifest = read_manifest(onnx)
        self.model = Model(name=manifest.name if manifest else onnx.stem, sha256=_sha256(onnx))
        if manifest and manifest.sha256 != self.model.sha256:
            raise ModelError(onnx, "is not the file that its manifest's sha256 names")
        self._session = _open_session(onnx, config.threads)
        metadata = self._session.get_modelmeta().custom_metadata_map
        self._input, self.input_wh = _input_of(onnx, self._session, metadata)
        head = _settle_head(onnx, config.head, self._probe(onnx), self.input_wh)
        self._head = head.head
        self._classes = map_classes(
            onnx, head.class_count, names_in(onnx, metadata), manifest, config
        )

    @property
    def knows_bikes(self) -> bool:
        """Whether some of its classes are two-wheelers, so that it tells them from cars."""
        return bool((self._classes.kind >= 0).any())

    def detect(self, pixels: Pixels) -> Detections:
        """``(height, width, 3)`` BGR in, boxes in its pixels out, surest first."""
        fit = self.fit((pixels.shape[1], pixels.shape[0]))
        return self.conclude(self.infer(self.prepare(pixels, fit)), fit)

    def fit(self, frame_wh: Size) -> Letterbox:
        return Letterbox.fit(frame_wh, self.input_wh, self._head.centered)

    def prepare(self, pixels: Pixels, fit: Letterbox) -> Floats:
        """``(1, 3, height, width)`` as the model was trained to see it."""
        blob = cv2.dnn.blobFromImage(
            fit.apply(pixels), scalefactor=self._head.scale, swapRB=self._head.rgb
        )
        return blob.astype(np.float32, copy=False)

    def infer(self, blob: Floats) -> Floats:
        """The model alone: its raw first output."""
        raw: Floats = self._session.run(None, {self._input: blob})[0]
        return raw

    def conclude(self, raw: Floats, fit: Letterbox) -> Detections:
        """What the raw output says, in frame pixels."""
        return select(self._head.decode(raw, self.input_wh), self._classes, fit)

    def _probe(self, onnx: Path) -> tuple[int, ...]:
        """The shape of the output, which the file itself may leave open."""
        width, height = self.input_wh
        try:
            return self.infer(np.zeros((1, 3, height, width), np.float32)).shape
        except ONNX_ERRORS as error:
            raise ModelError(onnx, f"fails on a {width}x{height} picture") from error


def select(candidates: Candidates, classes: ClassMap, fit: Letterbox) -> Detections:
    """Believes what is sure enough, in frame pixels, each thing once."""
    best = candidates.scores.argmax(axis=1)
    score = candidates.scores[np.arange(len(best)), best]
    label = classes.label[best]
    rows = np.flatnonzero((label >= 0) & (score >= classes.least_score[label]))
    rows = rows[np.argsort(-score[rows], kind="stable")[:MOST_BOXES]]
    xyxy = fit.to_frame(candidates.xyxy[rows])
    width, height = fit.frame_wh
    xyxy[:, 0::2] = xyxy[:, 0::2].clip(0, width)
    xyxy[:, 1::2] = xyxy[:, 1::2].clip(0, height)
    found = Detections(xyxy, score[rows], label[rows], classes.kind[best][rows])
    return nms(found.where((xyxy[:, 2:] - xyxy[:, :2]).min(axis=1, initial=np.inf) >= 1), MOST_IOU)


@dataclass(frozen=True, slots=True)
class _Settled:
    head: Head
    class_count: int


def _settle_head(onnx: Path, wanted: str, shape: tuple[int, ...], input_wh: Size) -> _Settled:
    names = list(HEADS) if wanted == "auto" else [wanted]
    for name in names:
        class_count = HEADS[name].classes_of(shape, input_wh)
        if class_count is not None:
            return _Settled(HEADS[name], class_count)
    raise ModelError(
        onnx,
        f"gives {'x'.join(map(str, shape))} for a {input_wh[0]}x{input_wh[1]} picture, "
        f"which is no output of {' or '.join(names)}; export it without built-in NMS",
    )


def _open_session(onnx: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Waiting threads would spin, at the cost of decoders and other cameras: YOLOX-nano on two
    # threads of a busy two-core machine took 43 ms of processor time a picture, 21 ms without.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])
    except ONNX_ERRORS as error:
        raise ModelError(onnx, "is not an ONNX model that onnxruntime can open") from error


def _input_of(
    onnx: Path, session: onnxruntime.InferenceSession, metadata: dict[str, str]
) -> tuple[str, Size]:
    """Name and size of the picture that goes in; an open size is the one of the export."""
    inputs = session.get_inputs()
    shape = inputs[0].shape
    if len(inputs) != 1 or len(shape) != 4 or shape[1] != 3 or inputs[0].type != "tensor(float)":
        got = ", ".join(f"{i.type} {'x'.join(map(str, i.shape))}" for i in inputs)
        raise ModelError(onnx, f"takes {got}: want one float picture 1x3xHEIGHTxWIDTH")
    if shape[0] not in (1, None) and not isinstance(shape[0], str):
        raise ModelError(onnx, f"takes {shape[0]} pictures at once: want 1")
    if isinstance(shape[2], int) and isinstance(shape[3], int):
        size = (shape[3], shape[2])
    else:
        size = _exported_wh(metadata)
    if size[0] % STRIDES[-1] or size[1] % STRIDES[-1]:
        raise ModelError(onnx, f"looks at {size[0]}x{size[1]} pixels: want multiples of 32")
    return inputs[0].name, size


def _exported_wh(metadata: dict[str, str]) -> Size:
    """The ``imgsz`` that an ultralytics export notes, height first."""
    try:
        height, width = ast.literal_eval(metadata["imgsz"])
        return int(width), int(height)
    except (KeyError, ValueError, SyntaxError, TypeError):
        return USUAL_INPUT_WH


def _sha256(onnx: Path) -> str:
    try:
        with onnx.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(onnx, f"cannot be read: {error.strerror}") from error
