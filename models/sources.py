"""The third-party material, and the one place that decides what may be trained on.

Rules kept here, by construction and not by care of the caller:

- A `TrainingClip` gives frames before its hold-out line only; there is no argument that moves the
  line.
- `training_photos` reads the `train` split only, and drops a photo whose original also lies in
  `valid` or `test`.
- Held-out material comes from `held_out_photos` and `held_out_frames`, which the data-set builder
  does not import
  (a test reads its source for that).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from models.errors import HeldOutError, MaterialMissingError
from models.labels import WASTE, Boxes, polygon_box, read_polygons

Pixels = npt.NDArray[np.uint8]

TEACHER = "detectors/yolox_nano_coco.onnx"
HELD_OUT_SPLITS = ("valid", "test")


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of the material.

    Attributes:
        name: path below the data folder.
        frames: frames in the clip.
        held_out_from: first frame that is never trained on.
    """

    name: str
    frames: int
    held_out_from: int


CLIPS = {
    "vtest": Clip("video/vtest.avi", 795, 400),
    "car": Clip("video/car-detection.mp4", 377, 251),
    "visitors": Clip("video/one-by-one-person-detection.mp4", 1394, 929),
}


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A labelled photograph: BGR pixels ``(h, w, 3)`` and the bags' outlines in pixels, each ``(k,
    2)``.
    """

    name: str
    pixels: Pixels
    outlines: tuple[npt.NDArray[np.float64], ...]

    @property
    def boxes(self) -> Boxes:
        height, width = self.pixels.shape[:2]
        return Boxes.of(
            (WASTE, *polygon_box((outline / (width, height)).ravel().tolist(), (width, height)))
            for outline in self.outlines
        )


def original_of(file_name: str) -> str:
    """The original photograph that an augmented file came from.

    >>> original_of("20231005_163503_jpg.rf.27a7776e.jpg")
    '20231005_163503_jpg'
    """
    return file_name.partition(".rf.")[0]


def training_photo_paths(data: Path) -> list[Path]:
    """Photos that may be trained on: the train split without originals that are also held out."""
    held_out = {
        original_of(path.name) for split in HELD_OUT_SPLITS for path in _photo_paths(data, split)
    }
    return [path for path in _photo_paths(data, "train") if original_of(path.name) not in held_out]


def held_out_photo_paths(data: Path) -> list[Path]:
    return [path for split in HELD_OUT_SPLITS for path in _photo_paths(data, split)]


def _photo_paths(data: Path, split: str) -> list[Path]:
    folder = data / "waste" / split / "images"
    if not folder.is_dir():
        raise MaterialMissingError(folder)
    return sorted(folder.glob("*.jpg"))


def training_photo(path: Path) -> Photo:
    """One photo of the train split.

    Raises:
        HeldOutError: the path lies in a held-out split.
    """
    if path.parents[1].name != "train":
        raise HeldOutError(f"photo {path.name}")
    return read_photo(path)


def read_photo(path: Path) -> Photo:
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise MaterialMissingError(path)
    height, width = pixels.shape[:2]
    label_path = path.parents[1] / "labels" / f"{path.stem}.txt"
    polygons = read_polygons(label_path.read_text(encoding="utf-8"), label_path.name)
    outlines = tuple(np.array(polygon).reshape(-1, 2) * (width, height) for polygon in polygons)
    return Photo(path.stem, np.asarray(pixels, np.uint8), outlines)


def training_frames(data: Path, clip: Clip, step: int) -> Iterator[tuple[int, Pixels]]:
    """Every ``step``-th frame before the clip's hold-out line, with its number, BGR."""
    yield from _frames(data, clip, 0, clip.held_out_from, step)


def held_out_frames(data: Path, clip: Clip, step: int) -> Iterator[tuple[int, Pixels]]:
    """Every ``step``-th frame from the clip's hold-out line on, with its number, BGR."""
    yield from _frames(data, clip, clip.held_out_from, clip.frames, step)


def _frames(
    data: Path, clip: Clip, first: int, end: int, step: int
) -> Iterator[tuple[int, Pixels]]:
    path = data / clip.name
    if not path.is_file():
        raise MaterialMissingError(path)
    capture = cv2.VideoCapture(str(path))
    try:
        for number in range(end):
            if not capture.grab():
                return
            if number >= first and (number - first) % step == 0:
                ok, frame = capture.retrieve()
                if ok:
                    yield number, np.asarray(frame, np.uint8)
    finally:
        capture.release()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    if not path.is_file():
        raise MaterialMissingError(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_sha256(paths: list[Path], root: Path) -> str:
    """One SHA-256 over names (relative to ``root``) and contents of files, whatever their order."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(root).as_posix()} {sha256_of(path)}\n".encode())
    return total.hexdigest()


def material_hashes(data: Path) -> dict[str, str]:
    """What the figures of a model stand on: a hash for every source of training and held-out
    material.
    """
    hashes = {clip.name: sha256_of(data / clip.name) for clip in CLIPS.values()}
    hashes[TEACHER] = sha256_of(data / TEACHER)
    for split in ("train", *HELD_OUT_SPLITS):
        folder = data / "waste" / split
        files = [path for path in folder.rglob("*") if path.suffix in {".jpg", ".txt"}]
        hashes[f"waste/{split}"] = folder_sha256(files, data)
    return hashes
