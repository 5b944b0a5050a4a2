"""Measures a model of the zoo anew and says whether it is still what its model.toml claims."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from models.cards import Card, read, render
from models.dataset import Recipe, gather, picture
from models.detect import MOST_IOU, ZooDetector
from models.evaluate import Figures, best_threshold, judge
from models.heldout import (
    FRAMES_CSV,
    Labelled,
    composed,
    labelled_frames,
    photos,
    quiet_frames,
    read_rows,
    stills,
    things,
)
from models.labels import LABELS, MEANINGS, Boxes, suppressed
from models.sources import material_hashes, sha256_of
from models.stills import read_stills

TOLERANCE = 0.03
JUDGED = ("ap50", "recall", "precision", "false_per_picture")
RECALL_WEIGHT = {"person": 1.5, "vehicle": 1.0, "waste": 0.5}
"""Beta of the F-score that sets a threshold: a person missed is a head not blurred, so recall
weighs more; what is called waste is shown to somebody as a reason, so precision does."""

EDITION = 2
STILLS = "stills of benchmark seeds"
NEVER_IN_FRAMES = ("bicycle", "e-bike", "motorcycle", "tricycle", "bulky", "cable", "scaffold")
"""Classes of which the held-out frames show nothing: whatever is found there is false."""
THRESHOLD_PICTURES = 480

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the verdict: what was claimed, what is so, and whether that holds."""

    name: str
    claimed: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Training:
    """What a finished training left.

    Attributes:
        onnx: the model.
        version: as the card will bear it.
        recipe: of the data set.
        dataset, stills: SHA-256 of the data set, and of the labels of the stills in it.
        start: SHA-256 of the ONNX file whose weights it went on from; empty for none.
    """

    onnx: Path
    version: str
    recipe: Recipe
    dataset: str
    stills: str
    start: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders: the third parties' material, drawn stills of training and of benchmark seeds."""

    data: Path
    stills: Path
    judging: Path


@dataclass(frozen=True, slots=True)
class Scores:
    """Thresholds: of each meaning, and of each of a model's own classes."""

    meaning: Mapping[str, float]
    own: Mapping[str, float]


Found = tuple[Sequence[Labelled], Sequence[Boxes]]


class Gauge:
    """Measures one detector, in what its classes mean and, where it has more, class by class."""

    def __init__(self, detector: ZooDetector, scores: Scores) -> None:
        self._detector, self._scores = detector, scores
        self._is_fine = detector.labels == LABELS

    def real(self, data: Path, progress: Progress) -> dict[str, Figures]:
        """Figures on real held-out frames and photographs."""
        rows = read_rows(FRAMES_CSV.read_text(encoding="utf-8"))
        progress("labelled frames")
        frames = self._look(labelled_frames(data, rows))
        figures = {
            "person, labelled frames": self._of_meaning(frames, "person"),
            "vehicle, labelled frames": self._of_meaning(frames, "vehicle"),
        }
        if self._is_fine:
            for name in ("car", "truck"):
                figures[f"{name} as such, labelled frames"] = self._of_class(frames, name)
        progress("photos")
        for title, only_new in (("photos", False), ("photos of new piles", True)):
            piles = self._look(photos(data, only_new))
            figures[f"waste, {title}"] = self._of_meaning(piles, "waste")
        progress("frames without any")
        quiet = self._look(quiet_frames(data))
        figures["waste, frames without any"] = self._of_meaning(quiet, "waste")
        if self._is_fine:
            for name in NEVER_IN_FRAMES:
                figures[f"{name}, frames without any"] = self._of_class(quiet, name)
        return figures

    def composed(self, data: Path, judging: Path | None, progress: Progress) -> dict[str, Figures]:
        """Figures on composed pictures; drawn stills are left out where ``judging`` is None."""
        progress("composed on street frames")
        pasted = self._look(composed(data))
        figures = {"waste, composed on street frames": self._of_meaning(pasted, "waste")}
        if judging is None:
            return figures
        progress("stills of benchmark seeds")
        drawn = self._look(stills(judging))
        for name in MEANINGS:
            figures[f"{name}, {STILLS}"] = self._of_meaning(drawn, name)
        if self._is_fine:
            for name in LABELS:
                figures[f"{name} as such, {STILLS}"] = self._of_class(drawn, name)
        return figures

    def _look(self, pictures: Sequence[Labelled]) -> Found:
        return pictures, [self._detector(picture.pixels) for picture in pictures]

    def _of_meaning(self, seen: Found, name: str) -> Figures:
        pictures, found = seen
        truths = [picture.boxes.meaning(LABELS) for picture in pictures]
        meant = [suppressed(boxes.meaning(self._detector.labels), MOST_IOU) for boxes in found]
        return judge(truths, meant, MEANINGS.index(name), self._scores.meaning[name])

    def _of_class(self, seen: Found, name: str) -> Figures:
        pictures, found = seen
        truths = [picture.boxes for picture in pictures]
        return judge(truths, found, LABELS.index(name), self._scores.own[name])


def calibrated(places: Places, detector: ZooDetector, recipe: Recipe) -> Scores:
    """Thresholds, from compositions and frames of training material made afresh, and from stills
    of training seeds kept back; what is held out has no say.
    """
    drawn = read_stills(places.stills, "training")
    stock = replace(gather(places.data), stills=drawn)
    back = [still for still in drawn if still.is_kept_back] or drawn
    fresh = replace(recipe, seed=recipe.seed + 1)
    scenes = [picture(stock, back, fresh, index) for index in range(THRESHOLD_PICTURES)]
    truths, found = [scene.boxes for scene in scenes], [detector(scene.pixels) for scene in scenes]
    meant = [suppressed(boxes.meaning(detector.labels), MOST_IOU) for boxes in found]
    meanings = [boxes.meaning(LABELS) for boxes in truths]
    return Scores(
        {
            name: best_threshold(meanings, meant, place, RECALL_WEIGHT[name])
            for place, name in enumerate(MEANINGS)
        },
        {name: best_threshold(truths, found, label, 1.0) for label, name in enumerate(LABELS)},
    )


def write_card(places: Places, training: Training, into: Path, progress: Progress) -> Card:
    """Puts a trained ONNX into the zoo: thresholds, figures of it and of the edition that was
    there, and ``model.toml`` beside ``model.onnx``.
    """
    into.mkdir(parents=True, exist_ok=True)
    before, before_composed = _edition_before(places, into, training, progress)
    detector = ZooDetector(training.onnx, threads=2)
    progress("thresholds")
    scores = calibrated(places, detector, training.recipe)
    gauge = Gauge(detector, scores)
    card = Card(
        name=into.name,
        version=training.version,
        sha256=sha256_of(training.onnx),
        input_wh=detector.input_wh,
        labels=LABELS,
        scores=dict(scores.meaning),
        things=held_out_things(places.data),
        material=material_hashes(places.data),
        dataset=training.dataset,
        figures=gauge.real(places.data, progress),
        edition=EDITION,
        class_scores=dict(scores.own),
        composed=gauge.composed(places.data, places.judging, progress),
        before=before,
        before_composed=before_composed,
        stills=training.stills,
        start=training.start,
    )
    if training.onnx != into / "model.onnx":
        shutil.copyfile(training.onnx, into / "model.onnx")
    (into / "model.toml").write_text(render(card), encoding="utf-8")
    return card


def held_out_things(data: Path) -> dict[str, int]:
    """Real physical things per class that figures stand on; one thing is one, in however many
    frames.
    """
    rows = read_rows(FRAMES_CSV.read_text(encoding="utf-8"))
    new_bags = sum(len(photo.boxes) for photo in photos(data, only_new=True))
    return {name: new_bags if name == "waste" else things(rows, name) for name in LABELS}


def _edition_before(
    places: Places, into: Path, training: Training, progress: Progress
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Figures of the model that is in the zoo now, on the same pictures; where that is this very
    training, of the one that was there before it.
    """
    if not (into / "model.toml").is_file():
        return {}, {}
    card = read((into / "model.toml").read_text(encoding="utf-8"), str(into / "model.toml"))
    if card.sha256 == sha256_of(training.onnx):
        return card.before, card.before_composed
    progress(f"edition {card.edition}, for comparison")
    gauge = Gauge(ZooDetector(into / "model.onnx", threads=2), _scores_of(card))
    return gauge.real(places.data, progress), gauge.composed(places.data, places.judging, progress)


def _scores_of(card: Card) -> Scores:
    return Scores(card.scores, card.class_scores)


def verify(
    data: Path, folder: Path, judging: Path | None = None, progress: Progress = lambda name: None
) -> list[Check]:
    """Compares ``model.toml`` with the file, the material and the figures of today.

    Args:
        data: the third parties' material.
        folder: of the model.
        judging: drawn stills of benchmark seeds, see `wants_stills`.
        progress: told what is being measured.
    """
    card = read((folder / "model.toml").read_text(encoding="utf-8"), str(folder / "model.toml"))
    onnx = folder / "model.onnx"
    progress("hashes")
    checks = hash_checks(
        {"model.onnx": card.sha256, **card.material},
        {"model.onnx": sha256_of(onnx), **material_hashes(data)},
    )
    gauge = Gauge(ZooDetector(onnx, threads=2), _scores_of(card))
    measured = {**gauge.real(data, progress), **gauge.composed(data, judging, progress)}
    return checks + figure_checks({**card.figures, **card.composed}, measured)


def wants_stills(card: Card) -> bool:
    """Whether a card claims figures on drawn stills."""
    return any(name.endswith(STILLS) for name in card.composed)


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
