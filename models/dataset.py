"""The training set of street-n: drawn stills, compositions, and real frames and photographs.

Only training material is imported from `models.sources`; the hold-out rules live there and in
`models.stills`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from models.compose import (
    Cutout,
    Scene,
    cut_moving,
    cut_polygon,
    decoy,
    foreground,
    in_other_light,
    mirrored,
    mosaic,
    pasted,
    varied_bag,
    view,
)
from models.errors import MaterialMissingError
from models.labels import CAR, LABELS, PERSON, Boxes, clipped, iou, read_lines, write_lines
from models.sources import (
    CLIPS,
    TEACHER,
    folder_sha256,
    training_frames,
    training_photo,
    training_photo_paths,
)
from models.stills import Still, labels_sha256, read_stills, repeats
from models.teacher import Teacher

Pixels = npt.NDArray[np.uint8]
Rng = np.random.Generator
Progress = Callable[[int, int], None]

KINDS = ("still", "composed", "real")
FRAME_STEP = {"vtest": 4, "car": 2, "visitors": 8}
BAG_PX = {
    "vtest": (20, 62),
    "car": (24, 100),
    "visitors": (40, 170),
    "photo": (40, 200),
}
PERSON_PX = {
    "vtest": (40, 120),
    "car": (40, 200),
    "visitors": (90, 330),
    "photo": (80, 400),
}
CAR_PX = {"vtest": (60, 200), "car": (120, 300), "visitors": (100, 300), "photo": (120, 400)}
MOST_STANDING_STILL = 0.8
SURE_OF_PHOTO = 0.5
"""Score from which the teacher's persons and vehicles behind the bags of a photo are labelled."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a training is made from.

    Attributes:
        data: folder of the third parties' material.
        stills: folder of drawn stills of training seeds.
        start: ONNX export of the same architecture, perhaps with other classes, whose weights it
            goes on from; None for random ones.
    """

    data: Path
    stills: Path
    start: Path | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the data set is a function of, together with the material.

    Attributes:
        images: how many training pictures are made.
        mix: pictures of each of `KINDS` in every ``sum(mix)`` of them.
        seed: of everything random.
        input_wh: size of a picture, equal to the network's input.
    """

    images: int = 10_000
    mix: tuple[int, int, int] = (4, 2, 2)
    seed: int = 5
    input_wh: tuple[int, int] = (640, 384)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Recipe:
        """As ``dataset.json`` and ``training.json`` keep it."""
        lists = {key: tuple(table[key]) for key in ("mix", "input_wh")}
        return cls(**{**table, **lists})

    def kind(self, index: int) -> str:
        """What a picture of the set is.

        >>> [Recipe().kind(index) for index in range(8)]
        ['still', 'still', 'still', 'still', 'composed', 'composed', 'real', 'real']
        """
        place = index % sum(self.mix)
        return KINDS[int(np.searchsorted(np.cumsum(self.mix), place, side="right"))]

    def numbers(self, kind: str) -> list[int]:
        """The pictures of a kind."""
        place = KINDS.index(kind)
        first, end = sum(self.mix[:place]), sum(self.mix[: place + 1])
        index = np.arange(self.images)
        part = index % sum(self.mix)
        return [int(one) for one in index[(part >= first) & (part < end)]]


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """What pictures are made from, all of it training material."""

    scenes: dict[str, list[Scene]]
    empty: dict[str, Pixels]
    bags: list[Cutout]
    people: list[Cutout]
    cars: list[Cutout]
    stills: list[Still] = field(default_factory=list)


def build(
    sources: Sources,
    folder: Path,
    recipe: Recipe,
    progress: Progress = lambda done, total: None,
    jobs: int = 1,
) -> dict[str, object]:
    """Writes ``images/*.jpg``, ``labels/*.txt`` and ``dataset.json`` into ``folder`` in ``jobs``
    threads; a finished one is kept as it is, and one cut off goes on.

    Returns:
        The summary in ``dataset.json``: recipe, objects per kind and label, and the SHA-256 of the
        stills' labels and of all pictures and labels made.
    """
    summary = _finished(folder, recipe)
    if summary:
        return summary
    drawn = read_stills(sources.stills, "training")
    told = {"pictures": len(drawn), "labels_sha256": labels_sha256(drawn, sources.stills)}
    missing = _begin(folder, {"recipe": asdict(recipe), "stills": told}, recipe.images)
    stock = replace(gather(sources.data), stills=drawn)
    order = balanced([still for still in drawn if not still.is_kept_back], recipe)

    def make(index: int) -> None:
        _write(folder, index, picture(stock, order, recipe, index))

    with ThreadPoolExecutor(jobs) as pool:
        for done, _ in enumerate(pool.map(make, missing), recipe.images - len(missing) + 1):
            progress(done, recipe.images)
    summary = {**_summary(folder, recipe, stock), "stills": told}
    (folder / "dataset.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def _finished(folder: Path, recipe: Recipe) -> dict[str, object]:
    path = folder / "dataset.json"
    if not path.is_file():
        return {}
    summary: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return summary if summary["recipe"] == json.loads(json.dumps(asdict(recipe))) else {}


def _begin(folder: Path, told: dict[str, object], images: int) -> list[int]:
    """Makes the folder ready; the pictures that are not there, of a set begun as ``told``."""
    begun, text = folder / "begun.json", json.dumps(told, indent=1) + "\n"
    if begun.is_file() and begun.read_text(encoding="utf-8") == text:
        return [index for index in range(images) if not (folder / _parts(index)[1]).is_file()]
    if folder.exists():
        shutil.rmtree(folder)
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    begun.write_text(text, encoding="utf-8")
    return list(range(images))


def _write(folder: Path, index: int, scene: Scene) -> None:
    """The label comes last and at once: where it stands, the picture is whole."""
    image, label = (folder / part for part in _parts(index))
    cv2.imwrite(str(image), scene.pixels, [cv2.IMWRITE_JPEG_QUALITY, 70 + index % 26])
    fresh = label.with_suffix(".fresh")
    fresh.write_text(write_lines(scene.boxes, scene.frame_wh), encoding="utf-8")
    fresh.replace(label)


def _summary(folder: Path, recipe: Recipe, stock: Stock) -> dict[str, object]:
    counts = {kind: np.zeros(len(LABELS), np.int64) for kind in KINDS}
    files = []
    for index in range(recipe.images):
        image, label = (folder / part for part in _parts(index))
        text = label.read_text(encoding="utf-8")
        found = read_lines(text, recipe.input_wh, label.name).label
        counts[recipe.kind(index)] += np.bincount(found, minlength=len(LABELS))
        files += [image, label]
    return {
        "recipe": asdict(recipe),
        "objects": {
            kind: dict(zip(LABELS, count.tolist(), strict=True)) for kind, count in counts.items()
        },
        "scenes": {name: len(scenes) for name, scenes in stock.scenes.items()},
        "cutouts": {"bags": len(stock.bags), "people": len(stock.people), "cars": len(stock.cars)},
        "sha256": folder_sha256(files, folder),
    }


def _parts(index: int) -> tuple[str, str]:
    return f"images/{index:05d}.jpg", f"labels/{index:05d}.txt"


def read_sample(folder: Path, index: int, input_wh: tuple[int, int]) -> Scene:
    """One picture of a built set."""
    path, label_path = (folder / part for part in _parts(index))
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise MaterialMissingError(path)
    return Scene(
        np.asarray(pixels, np.uint8),
        read_lines(label_path.read_text(encoding="utf-8"), input_wh, label_path.name),
    )


def balanced(stills: Sequence[Still], recipe: Recipe) -> list[Still]:
    """As many stills as the recipe wants, those with rare classes more often."""
    wanted = len(recipe.numbers("still"))
    weight = repeats(stills)
    edges = np.cumsum(weight) / weight.sum()
    places = np.searchsorted(edges, (np.arange(wanted) + 0.5) / max(wanted, 1))
    order = np.random.default_rng((recipe.seed, 6)).permutation(wanted)
    return [stills[int(places[number])] for number in order]


def picture(stock: Stock, order: Sequence[Still], recipe: Recipe, index: int) -> Scene:
    """One picture of the set; a function of the recipe's seed and its number."""
    rng = np.random.default_rng((recipe.seed, index))
    kind = recipe.kind(index)
    if kind == "composed":
        return compose_one(stock, recipe.input_wh, rng)
    if kind == "real":
        return real_one(stock, recipe.input_wh, rng)
    place = index // sum(recipe.mix) * recipe.mix[0] + index % sum(recipe.mix)
    return still_one(order[place % len(order)], recipe.input_wh, rng)


def still_one(still: Still, out_wh: tuple[int, int], rng: Rng) -> Scene:
    """A drawn still, whole or looked at more closely; then mostly at one of its rarer things."""
    scene = Scene(*still.read())
    if rng.random() < 0.5:
        scene = view(scene, out_wh, 1.0, (0.5, 0.5))
    else:
        zoom = float(np.exp(rng.uniform(np.log(0.8), np.log(2.2))))
        at = _at_a_thing(scene, out_wh, zoom, rng)
        scene = view(scene, out_wh, zoom, at)
    return _mirrored_scene(scene) if rng.random() < 0.5 else scene


def _at_a_thing(
    scene: Scene, out_wh: tuple[int, int], zoom: float, rng: Rng
) -> tuple[float, float]:
    """Where `view` must look to have one of the things near its middle, each class as likely."""
    if not len(scene.boxes) or rng.random() < 0.3:
        return float(rng.random()), float(rng.random())
    label = int(rng.choice(np.unique(scene.boxes.label)))
    row = int(rng.choice(np.flatnonzero(scene.boxes.label == label)))
    left, top, right, bottom = scene.boxes.xyxy[row].tolist()
    scale = min(out_wh[0] / scene.frame_wh[0], out_wh[1] / scene.frame_wh[1]) * zoom
    parts = []
    for middle, out, side in zip(
        ((left + right) / 2, (top + bottom) / 2), out_wh, scene.frame_wh, strict=True
    ):
        spare = out - side * scale
        part = (out / 2 - middle * scale) / spare if spare < 0 else 0.5
        parts.append(float(np.clip(part + rng.normal(0, 0.1), 0, 1)))
    return parts[0], parts[1]


def real_one(stock: Stock, out_wh: tuple[int, int], rng: Rng) -> Scene:
    """A real frame or photograph with nothing put in, from nearer or farther, in some light."""
    return _developed(_real(stock, rng)[1], out_wh, rng)


def _real(stock: Stock, rng: Rng) -> tuple[str, Scene]:
    name = str(rng.choice(["vtest", "car", "visitors", "photo"], p=[0.38, 0.1, 0.12, 0.4]))
    scenes = stock.scenes[name]
    return name, scenes[int(rng.integers(len(scenes)))]


def _developed(scene: Scene, out_wh: tuple[int, int], rng: Rng) -> Scene:
    whole = rng.random() < 0.4
    zoom = 1.0 if whole else float(np.exp(rng.uniform(np.log(0.5), np.log(2.2))))
    seen = view(scene, out_wh, zoom, (float(rng.random()), float(rng.random())))
    if rng.random() < 0.5:
        seen = _mirrored_scene(seen)
    return replace(seen, pixels=in_other_light(seen.pixels, rng))


def gather(data: Path) -> Stock:
    """Labels the training frames, reads the training photos, and cuts out bags, people and cars."""
    teacher = Teacher(data / TEACHER, threads=2)
    scenes: dict[str, list[Scene]] = {}
    empty: dict[str, Pixels] = {}
    for name, clip in CLIPS.items():
        frames = [frame for _, frame in training_frames(data, clip, FRAME_STEP[name])]
        empty[name] = frames[0] if name == "visitors" else _median(frames)
        labelled = [Scene(frame, teacher.labels(frame)) for frame in frames]
        scenes[name] = without_fixtures(labelled)
    scenes["car"] = [
        Scene(scene.pixels, moving_cars(scene.pixels, empty["car"])) for scene in scenes["car"]
    ]
    photos = [training_photo(path) for path in training_photo_paths(data)]
    scenes["photo"] = [
        Scene(photo.pixels, _with_others(photo.boxes, teacher.labels(photo.pixels, SURE_OF_PHOTO)))
        for photo in photos
    ]
    bags = [cut_polygon(photo.pixels, outline) for photo in photos for outline in photo.outlines]
    people = [
        cutout
        for name in ("vtest", "visitors")
        for scene in scenes[name]
        for cutout in cut_moving(scene, empty[name], PERSON)
    ]
    cars = [cutout for scene in scenes["car"] for cutout in cut_moving(scene, empty["car"], CAR)]
    return Stock(scenes, empty, [bag for bag in bags if bag], people, cars)


def _with_others(bags: Boxes, others: Boxes) -> Boxes:
    """The bags of a photo, and what else the teacher sees in it where no bag is."""
    if not len(bags) or not len(others):
        return bags.joined(others)
    return bags.joined(others.where(iou(others.xyxy, bags.xyxy).max(axis=1) < 0.3))


def without_fixtures(scenes: list[Scene]) -> list[Scene]:
    """Scenes without "persons" that the teacher sees at one place in nearly every frame: signs and
    posts.
    """
    people = [scene.boxes.where(scene.boxes.label == PERSON) for scene in scenes]
    cleaned = []
    for scene in scenes:
        keep = np.ones(len(scene.boxes), np.bool_)
        for index in np.flatnonzero(scene.boxes.label == PERSON):
            corners = scene.boxes.xyxy[[index]]
            seen = [
                bool(len(other)) and bool(iou(corners, other.xyxy).max() > 0.55) for other in people
            ]
            keep[index] = np.mean(seen) < MOST_STANDING_STILL
        cleaned.append(Scene(scene.pixels, scene.boxes.where(keep)))
    return cleaned


def moving_cars(frame: Pixels, background: Pixels, least_area_px: int = 3500) -> Boxes:
    """What differs from the empty road, where only cars pass; the teacher misses most cars seen
    from straight above.
    """
    mask = cv2.morphologyEx(
        foreground(frame, background, least=45), cv2.MORPH_CLOSE, np.ones((21, 21), np.uint8)
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    rows = [
        (CAR, x, y, x + w, y + h)
        for x, y, w, h, area in stats[1:].tolist()
        if area >= least_area_px and area > 0.45 * w * h
    ]
    return Boxes.of(rows)


def compose_one(stock: Stock, out_wh: tuple[int, int], rng: Rng) -> Scene:
    """A real scene with things put in, from nearer or farther, in some light; or four of them."""
    if rng.random() >= 0.2:
        return _developed(_furnished(stock, rng), out_wh, rng)
    scene = mosaic([_furnished(stock, rng) for _ in range(4)], out_wh, rng)
    if rng.random() < 0.5:
        scene = _mirrored_scene(scene)
    return replace(scene, pixels=in_other_light(scene.pixels, rng))


def _furnished(stock: Stock, rng: Rng) -> Scene:
    """A scene of the stock with bags, people, cars and decoys put in at sizes that its camera could
    see.
    """
    name, scene = _real(stock, rng)
    for _ in range(int(rng.choice(4, p=[0.78, 0.14, 0.05, 0.03])) if stock.cars else 0):
        car = stock.cars[int(rng.integers(len(stock.cars)))].turned(
            float(rng.choice([0, 90, 180, 270]) + rng.normal(0, 12))
        )
        scene = _put(scene, car, CAR_PX[name], rng)
    for _ in range(int(rng.choice(4, p=[0.55, 0.2, 0.15, 0.1])) if stock.people else 0):
        person = stock.people[int(rng.integers(len(stock.people)))]
        scene = _put(
            scene, mirrored(person) if rng.random() < 0.5 else person, PERSON_PX[name], rng
        )
    for _ in range(int(rng.integers(0, 3))):
        other = stock.scenes[str(rng.choice(["vtest", "car", "visitors"]))]
        texture = other[int(rng.integers(len(other)))].pixels
        shape = stock.bags[int(rng.integers(len(stock.bags)))].turned(float(rng.normal(0, 20)))
        scene = _put(scene, decoy(shape, texture, rng), BAG_PX[name], rng)
    for _ in range(int(rng.integers(0, 5))):
        bag = varied_bag(stock.bags[int(rng.integers(len(stock.bags)))], rng)
        scene = _put(scene, bag, BAG_PX[name], rng)
    return scene


def _put(scene: Scene, cutout: Cutout, longest_px: tuple[int, int], rng: Rng) -> Scene:
    """The cut-out at a free place, often beside a person's feet; shrunk before it is blended, as a
    lens would.
    """
    width, height = scene.frame_wh
    sized = cutout.resized(float(np.exp(rng.uniform(*np.log(longest_px)))))
    h, w = sized.mask.shape
    people = scene.boxes.xyxy[scene.boxes.label == PERSON]
    for _ in range(6):
        if len(people) and rng.random() < 0.35:
            x1, _, x2, y2 = people[int(rng.integers(len(people)))]
            left = round(
                float(
                    (x1 + x2) / 2
                    + rng.choice([-1, 1]) * ((x2 - x1) / 2 + w / 2) * rng.uniform(0.7, 1.5)
                    - w / 2
                )
            )
            top = round(float(y2 - h + rng.normal(0, 4)))
        else:
            left, top = (
                int(rng.integers(-w // 4, width - w * 3 // 4)),
                int(rng.integers(height // 8, max(height // 8 + 1, height - h * 3 // 4))),
            )
        box = clipped(Boxes.of([(0, left, top, left + w, top + h)]), scene.frame_wh, least_part=0.5)
        if len(box) and (not len(scene.boxes) or iou(box.xyxy, scene.boxes.xyxy).max() < 0.15):
            return pasted(scene, sized, left, top, rng)
    return scene


def _mirrored_scene(scene: Scene) -> Scene:
    width = scene.frame_wh[0]
    xyxy = scene.boxes.xyxy.copy()
    xyxy[:, [0, 2]] = width - xyxy[:, [2, 0]]
    return Scene(scene.pixels[:, ::-1].copy(), Boxes(xyxy, scene.boxes.label, scene.boxes.score))


def _median(frames: Sequence[Pixels]) -> Pixels:
    middle = np.median(np.stack(frames[:: max(1, len(frames) // 60)]), axis=0)
    return np.asarray(middle, np.uint8)
