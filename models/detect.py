"""A detector of the zoo as figures need it: letterbox, YOLO 8/11 head, suppression."""

from __future__ import annotations

import ast
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from models.errors import ManifestError, MaterialMissingError
from models.labels import Boxes, suppressed
from models.runtime import open_session

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

PAD = 114
MOST_IOU = 0.5
LEAST_SCORE = 0.01


class ZooDetector:
    """Sees a frame as the box at the street does, but keeps unsure boxes too.

    Attributes:
        labels: the model's own classes; boxes it finds have an index into them.
        input_wh: size of the picture that it looks at.
    """

    def __init__(self, onnx: Path, threads: int = 1) -> None:
        if not onnx.is_file():
            raise MaterialMissingError(onnx)
        self._session = open_session(onnx, threads)
        self._input = self._session.get_inputs()[0].name
        _, _, height, width = self._session.get_inputs()[0].shape
        self.input_wh = int(width), int(height)
        self.labels = _names(onnx, self._session.get_modelmeta().custom_metadata_map)

    def __call__(self, frame: Pixels, least_score: float = LEAST_SCORE) -> Boxes:
        """Boxes in pixels of a BGR frame, surest first."""
        blob, scale, shift = letterboxed(frame, self.input_wh)
        raw = np.asarray(self._session.run(None, {self._input: blob})[0], np.float32)[0]
        if raw.shape[0] != 4 + len(self.labels):
            raise ValueError(f"output {raw.shape}: want ({4 + len(self.labels)}, n)")
        return decoded(raw, scale, shift, least_score)


def letterboxed(frame: Pixels, input_wh: tuple[int, int]) -> tuple[Floats, float, Floats]:
    """The network's input ``(1, 3, h, w)`` RGB 0..1, the scale, and the offset ``(2,)`` in it."""
    height, width = frame.shape[:2]
    scale = min(input_wh[0] / width, input_wh[1] / height)
    inner_wh = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (input_wh[0] - inner_wh[0]) // 2, (input_wh[1] - inner_wh[1]) // 2
    canvas = np.full((input_wh[1], input_wh[0], 3), PAD, np.uint8)
    small = cv2.resize(frame, inner_wh, interpolation=cv2.INTER_LINEAR)
    canvas[top : top + inner_wh[1], left : left + inner_wh[0]] = small
    blob = canvas[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 255
    return np.ascontiguousarray(blob), scale, np.array([left, top], np.float32)


def decoded(raw: Floats, scale: float, shift: Floats, least_score: float) -> Boxes:
    """Boxes of a raw YOLO 8/11 output ``(4 + labels, n)``, back in frame pixels."""
    score, label = raw[4:].max(axis=0), raw[4:].argmax(axis=0)
    keep = score >= least_score
    center, half = raw[:2, keep].T, raw[2:4, keep].T / 2
    xyxy = (np.concatenate([center - half, center + half], axis=1) - np.tile(shift, 2)) / scale
    return suppressed(
        Boxes(xyxy.astype(np.float32), label[keep].astype(np.int64), score[keep]), MOST_IOU
    )


def _names(onnx: Path, metadata: dict[str, str]) -> tuple[str, ...]:
    try:
        return tuple(str(name) for name in ast.literal_eval(metadata["names"]).values())
    except (KeyError, ValueError, SyntaxError, AttributeError) as cause:
        raise ManifestError(f"{onnx}: does not name its classes") from cause
