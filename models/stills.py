"""Drawn stills as training and judging material: drawing them piece by piece, and reading them.

A piece is a folder that the scene maker wrote: pictures, labels, ``classes.txt`` and, last of all,
``coco.json``. So a piece without the last was cut off, and is drawn again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from models.errors import HeldOutError, LabelError, StillsMissingError, ToolMissingError
from models.labels import LABELS, Boxes, read_lines
from models.purpose import Purpose, purpose_of
from models.sources import folder_sha256

Pixels = npt.NDArray[np.uint8]
Progress = Callable[[int, int], None]

PER_PIECE = 40
"""Five stages of eight; what a kill costs at most."""
KEPT_BACK_EVERY = 20
"""Of so many stages of training seeds one is for thresholds, and never trained on."""


@dataclass(frozen=True, slots=True)
class Still:
    """One drawn picture on disk.

    Attributes:
        image, labels: its files.
        seed: of its stage; even seeds train, odd ones judge.
        classes: label of each thing in it.
    """

    image: Path
    labels: Path
    seed: int
    classes: tuple[int, ...]

    @property
    def is_kept_back(self) -> bool:
        """Whether thresholds are set on it."""
        return self.seed // 2 % KEPT_BACK_EVERY == KEPT_BACK_EVERY - 1

    def read(self) -> tuple[Pixels, Boxes]:
        """BGR pixels ``(h, w, 3)`` and boxes in them."""
        pixels = cv2.imread(str(self.image), cv2.IMREAD_COLOR)
        if pixels is None:
            raise StillsMissingError(self.image)
        wh = pixels.shape[1], pixels.shape[0]
        text = self.labels.read_text(encoding="utf-8")
        return np.asarray(pixels, np.uint8), read_lines(text, wh, self.labels.name)


def draw(
    folder: Path,
    count: int,
    purpose: Purpose,
    progress: Progress = lambda done, total: None,
    jobs: int = 1,
) -> None:
    """Draws what is missing of ``count`` stills in ``jobs`` processes; killed, it goes on with the
    pieces it was at.

    Raises:
        ToolMissingError: the scene maker's libraries are not installed here.
    """
    first = 0 if purpose == "training" else 1
    wanted = [
        (folder / f"{start:06d}", min(PER_PIECE, count - start), first + start // 4, purpose)
        for start in range(0, count, PER_PIECE)
    ]
    done = 0
    with ExitStack() as stack:
        each: Callable[..., Iterable[int]] = map
        if jobs > 1:
            pool = ProcessPoolExecutor(jobs, get_context("spawn"))
            each = stack.enter_context(pool).map
        for size in each(_drawn_piece, *zip(*wanted, strict=True)):
            done += size
            progress(done, count)


def _drawn_piece(piece: Path, size: int, seed: int, purpose: Purpose) -> int:
    """How many stills the piece has, once it is whole."""
    if _is_whole(piece, size):
        return size
    try:
        from models.scenes.stills import write_stills  # noqa: PLC0415  # moderngl
    except ImportError as cause:
        raise ToolMissingError("moderngl, which draws stills,") from cause
    if piece.exists():
        shutil.rmtree(piece)
    write_stills(piece, size, seed, purpose)
    return size


def _is_whole(piece: Path, size: int) -> bool:
    coco = piece / "coco.json"
    if not coco.is_file():
        return False
    return len(json.loads(coco.read_text(encoding="utf-8"))["images"]) >= size


def read_stills(folder: Path, purpose: Purpose) -> list[Still]:
    """Every still below ``folder``, by seed.

    Raises:
        StillsMissingError: there is none.
        HeldOutError: one was drawn for the other purpose.
        LabelError: the folder's classes are not street-n's.
    """
    stills = [
        still for coco in sorted(folder.rglob("coco.json")) for still in _of_piece(coco, purpose)
    ]
    if not stills:
        raise StillsMissingError(folder)
    return sorted(stills, key=lambda still: (still.seed, still.image.name))


def _of_piece(coco: Path, purpose: Purpose) -> list[Still]:
    told = json.loads(coco.read_text(encoding="utf-8"))
    classes = tuple((coco.parent / "classes.txt").read_text(encoding="utf-8").split())
    if classes != LABELS:
        raise LabelError("classes.txt", " ".join(classes), f"exactly {' '.join(LABELS)}")
    stills = []
    for picture in told["images"]:
        seed, image = int(picture["seed"]), coco.parent / picture["file_name"]
        if told["info"]["purpose"] != purpose or purpose_of(seed) != purpose:
            raise HeldOutError(f"{image.name}, drawn for {told['info']['purpose']},")
        labels = coco.parent / "labels" / f"{image.stem}.txt"
        lines = labels.read_text(encoding="utf-8").splitlines()
        stills.append(Still(image, labels, seed, tuple(int(line.split()[0]) for line in lines)))
    return stills


def labels_sha256(stills: Sequence[Still], folder: Path) -> str:
    """One SHA-256 over names and contents of all label files."""
    return folder_sha256([still.labels for still in stills], folder)


def repeats(stills: Sequence[Still], common: float = 0.25) -> npt.NDArray[np.float64]:
    """How often ``(n,)`` each still is wanted in a balanced set: one with a class that fewer than
    ``common`` of all pictures show counts for more (repeat-factor sampling, as LVIS is trained on).

    >>> usual, rare = Still(Path(), Path(), 0, (0,)), Still(Path(), Path(), 0, (0, 9))
    >>> repeats([usual] * 99 + [rare])[-2:].tolist()
    [1.0, 5.0]
    """
    shows = np.zeros((len(stills), len(LABELS)), np.bool_)
    for row, still in zip(shows, stills, strict=True):
        row[list(still.classes)] = True
    share = np.maximum(shows.mean(axis=0), 1e-9)
    wanted = np.maximum(1.0, np.sqrt(common / share))
    most: npt.NDArray[np.float64] = np.where(shows, wanted, 1.0).max(axis=1, initial=1.0)
    return most
