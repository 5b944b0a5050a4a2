"""Measures a model of the zoo anew and says whether it is still what its model.toml claims."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.cards import Card, read, render
from models.dataset import Recipe, compose_one, gather
from models.detect import ZooDetector
from models.evaluate import Figures, best_threshold, judge
from models.heldout import (
    FRAMES_CSV,
    Labelled,
    composed,
    labelled_frames,
    photos,
    quiet_frames,
    read_rows,
    things,
)
from models.labels import LABELS, PERSON, VEHICLE, WASTE
from models.sources import material_hashes, sha256_of

TOLERANCE = 0.03
JUDGED = ("ap50", "recall", "precision", "false_per_picture")
RECALL_WEIGHT = {"person": 1.5, "vehicle": 1.0, "waste": 0.5}
"""Beta of the F-score that sets a threshold: a person missed is a head not blurred, so recall
weighs more; what is called waste is shown to somebody as a reason, so precision does."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the verdict: what was claimed, what is so, and whether that holds."""

    name: str
    claimed: str
    found: str
    holds: bool


def measure(
    data: Path, detector: ZooDetector, scores: Mapping[str, float], progress: Progress
) -> dict[str, Figures]:
    """Every figure of a model.toml, from held-out material only."""
    rows = read_rows(FRAMES_CSV.read_text(encoding="utf-8"))
    frames, piles = labelled_frames(data, rows), photos(data)
    sets: dict[str, tuple[list[Labelled], int]] = {
        "person, labelled frames": (frames, PERSON),
        "vehicle, labelled frames": (frames, VEHICLE),
        "waste, photos": (piles, WASTE),
        "waste, photos of new piles": (photos(data, only_new=True), WASTE),
        "waste, composed on street frames": (composed(data), WASTE),
        "waste, frames without any": (quiet_frames(data), WASTE),
    }
    figures = {}
    for name, (pictures, label) in sets.items():
        progress(name)
        found = [detector(picture.pixels) for picture in pictures]
        truths = [picture.boxes for picture in pictures]
        figures[name] = judge(truths, found, label, scores[LABELS[label]])
    return figures


def calibrated(
    data: Path, detector: ZooDetector, recipe: Recipe, pictures: int = 300
) -> dict[str, float]:
    """Thresholds, from fresh compositions of training material; what is held out has no say."""
    stock = gather(data)
    scenes = [
        compose_one(stock, recipe.input_wh, np.random.default_rng((recipe.seed + 1, index)))
        for index in range(pictures)
    ]
    truths, found = [scene.boxes for scene in scenes], [detector(scene.pixels) for scene in scenes]
    return {
        name: best_threshold(truths, found, label, RECALL_WEIGHT[name])
        for label, name in enumerate(LABELS)
    }


@dataclass(frozen=True, slots=True)
class Training:
    """What a finished training left: ONNX, version, recipe and the data set's SHA-256."""

    onnx: Path
    version: str
    recipe: Recipe
    dataset: str


def write_card(data: Path, training: Training, into: Path, progress: Progress) -> Card:
    """Puts a trained ONNX into the zoo: thresholds, figures, and ``model.toml`` beside
    ``model.onnx``.
    """
    into.mkdir(parents=True, exist_ok=True)
    target = into / "model.onnx"
    if training.onnx != target:
        shutil.copyfile(training.onnx, target)
    detector = ZooDetector(target, threads=2)
    progress("thresholds")
    scores = calibrated(data, detector, training.recipe)
    rows = read_rows(FRAMES_CSV.read_text(encoding="utf-8"))
    new_bags = sum(len(photo.boxes) for photo in photos(data, only_new=True))
    card = Card(
        name=into.name,
        version=training.version,
        sha256=sha256_of(target),
        input_wh=detector.input_wh,
        labels=LABELS,
        scores=scores,
        things={
            "person": things(rows, "person"),
            "vehicle": things(rows, "vehicle"),
            "waste": new_bags,
        },
        material=material_hashes(data),
        dataset=training.dataset,
        figures=measure(data, detector, scores, progress),
    )
    (into / "model.toml").write_text(render(card), encoding="utf-8")
    return card


def verify(data: Path, folder: Path, progress: Progress = lambda name: None) -> list[Check]:
    """Compares ``model.toml`` with the file, the material and the figures of today."""
    card = read((folder / "model.toml").read_text(encoding="utf-8"), str(folder / "model.toml"))
    onnx = folder / "model.onnx"
    progress("hashes")
    checks = hash_checks(
        {"model.onnx": card.sha256, **card.material},
        {"model.onnx": sha256_of(onnx), **material_hashes(data)},
    )
    measured = measure(data, ZooDetector(onnx, threads=2), card.scores, progress)
    return checks + figure_checks(card.figures, measured)


def hash_checks(claimed: Mapping[str, str], found: Mapping[str, str]) -> list[Check]:
    """Every source must be the very bytes that the figures stand on."""
    names = sorted({*claimed, *found})
    return [
        Check(
            f"sha256 {name}",
            claimed.get(name, "none")[:12],
            found.get(name, "none")[:12],
            claimed.get(name) == found.get(name),
        )
        for name in names
    ]


def figure_checks(
    claimed: Mapping[str, Figures], found: Mapping[str, Figures], tolerance: float = TOLERANCE
) -> list[Check]:
    """Every figure must be within ``tolerance`` of the claim, and every count the same."""
    checks = []
    for name in sorted({*claimed, *found}):
        if name not in claimed or name not in found:
            checks.append(Check(name, _given(name in claimed), _given(name in found), holds=False))
            continue
        before, now = asdict(claimed[name]), asdict(found[name])
        for key in ("boxes", "pictures"):
            checks.append(
                Check(f"{name}: {key}", str(before[key]), str(now[key]), before[key] == now[key])
            )
        for key in JUDGED:
            near = abs(before[key] - now[key]) <= tolerance + 1e-9
            checks.append(Check(f"{name}: {key}", f"{before[key]:.3f}", f"{now[key]:.3f}", near))
    return checks


def _given(is_there: bool) -> str:
    return "given" if is_there else "missing"
