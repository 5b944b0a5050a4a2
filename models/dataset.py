"""The training set of street-n: photographs, teacher-labelled frames, and compositions of both.

Only training material is imported from `models.sources`; the hold-out rules live there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

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
from models.drawn import draw_training_street, drawn_scene
from models.errors import MaterialMissingError
from models.labels import LABELS, PERSON, VEHICLE, Boxes, clipped, iou, read_lines, write_lines
from models.sources import (
    CLIPS,
    TEACHER,
    folder_sha256,
    training_frames,
    training_photo,
    training_photo_paths,
)
from models.teacher import Teacher

Pixels = npt.NDArray[np.uint8]
Rng = np.random.Generator
Progress = Callable[[int, int], None]

FRAME_STEP = {"vtest": 4, "car": 2, "visitors": 8}
BAG_PX = {
    "vtest": (20, 62),
    "car": (24, 100),
    "visitors": (40, 170),
    "photo": (40, 200),
    "drawn": (16, 48),
}
PERSON_PX = {
    "vtest": (40, 120),
    "car": (40, 200),
    "visitors": (90, 330),
    "photo": (80, 400),
    "drawn": (40, 110),
}
CAR_PX = {"vtest": (60, 200), "car": (120, 300), "visitors": (100, 300), "photo": (120, 400)}
MOST_STANDING_STILL = 0.8
PICTURES_PER_STREET = 16


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the data set is a function of, together with the material.

    Attributes:
        images: how many training pictures are made from photographs and frames.
        drawn: how many more show drawn streets; they come after the others.
        seed: of everything random.
        input_wh: size of a picture, equal to the network's input.
    """

    images: int = 6000
    drawn: int = 400
    seed: int = 3
    input_wh: tuple[int, int] = (512, 384)


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """What compositions are made from, all of it training material."""

    scenes: dict[str, list[Scene]]
    empty: dict[str, Pixels]
    bags: list[Cutout]
    people: list[Cutout]
    cars: list[Cutout]


def build(
    data: Path, folder: Path, recipe: Recipe, progress: Progress = lambda done, total: None
) -> dict[str, object]:
    """Writes ``images/*.jpg``, ``labels/*.txt`` and ``dataset.json`` into ``folder``; a finished
    one is kept as it is.

    Returns:
        The summary in ``dataset.json``: recipe, objects per label, and the SHA-256 of all pictures
        and labels.
    """
    summary_path = folder / "dataset.json"
    if summary_path.is_file():
        summary: dict[str, object] = json.loads(summary_path.read_text(encoding="utf-8"))
        if summary["recipe"] == json.loads(json.dumps(asdict(recipe))):
            return summary
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    stock = gather(data)
    counts = np.zeros(len(LABELS), np.int64)
    total = recipe.images + recipe.drawn
    for index, scene in enumerate(_scenes(stock, recipe)):
        quality = 70 + index % 26
        cv2.imwrite(
            str(folder / "images" / f"{index:05d}.jpg"),
            scene.pixels,
            [cv2.IMWRITE_JPEG_QUALITY, quality],
        )
        (folder / "labels" / f"{index:05d}.txt").write_text(
            write_lines(scene.boxes, scene.frame_wh), encoding="utf-8"
        )
        counts += np.bincount(scene.boxes.label, minlength=len(LABELS))
        progress(index + 1, total)
    files = [
        path
        for name in ("images", "labels")
        for path in (folder / name).iterdir()
        if path.stem < f"{total:05d}"
    ]
    summary = {
        "recipe": asdict(recipe),
        "objects": dict(zip(LABELS, counts.tolist(), strict=True)),
        "scenes": {name: len(scenes) for name, scenes in stock.scenes.items()},
        "cutouts": {"bags": len(stock.bags), "people": len(stock.people), "cars": len(stock.cars)},
        "sha256": folder_sha256(files, folder),
    }
    summary_path.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def _scenes(stock: Stock, recipe: Recipe) -> Iterator[Scene]:
    for index in range(recipe.images):
        yield compose_one(stock, recipe.input_wh, np.random.default_rng((recipe.seed, index)))
    for index in range(recipe.drawn):
        yield drawn_one(stock, recipe, index)


def drawn_one(stock: Stock, recipe: Recipe, index: int) -> Scene:
    """A drawn street with its people, at times with photographed things put in as well."""
    rng = np.random.default_rng((recipe.seed, 2, index))
    scene = drawn_scene(draw_training_street(index // PICTURES_PER_STREET), rng)
    if rng.random() < 0.5:
        bag = varied_bag(stock.bags[int(rng.integers(len(stock.bags)))], rng)
        scene = _put(scene, bag, BAG_PX["drawn"], rng)
    if rng.random() < 0.5:
        person = stock.people[int(rng.integers(len(stock.people)))]
        scene = _put(scene, person, PERSON_PX["drawn"], rng)
    zoom = 1.0 if rng.random() < 0.5 else float(np.exp(rng.uniform(np.log(0.7), np.log(1.8))))
    scene = view(scene, recipe.input_wh, zoom, (float(rng.random()), float(rng.random())))
    if rng.random() < 0.5:
        scene = _mirrored_scene(scene)
    return replace(scene, pixels=in_other_light(scene.pixels, rng))


def read_sample(folder: Path, index: int, input_wh: tuple[int, int]) -> Scene:
    """One picture of a built set."""
    path = folder / "images" / f"{index:05d}.jpg"
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise MaterialMissingError(path)
    label_path = folder / "labels" / f"{index:05d}.txt"
    return Scene(
        np.asarray(pixels, np.uint8),
        read_lines(label_path.read_text(encoding="utf-8"), input_wh, label_path.name),
    )


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
    scenes["photo"] = [Scene(photo.pixels, photo.boxes) for photo in photos]
    bags = [cut_polygon(photo.pixels, outline) for photo in photos for outline in photo.outlines]
    people = [
        cutout
        for name in ("vtest", "visitors")
        for scene in scenes[name]
        for cutout in cut_moving(scene, empty[name], PERSON)
    ]
    cars = [
        cutout for scene in scenes["car"] for cutout in cut_moving(scene, empty["car"], VEHICLE)
    ]
    return Stock(scenes, empty, [bag for bag in bags if bag], people, cars)


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
        (VEHICLE, x, y, x + w, y + h)
        for x, y, w, h, area in stats[1:].tolist()
        if area >= least_area_px and area > 0.45 * w * h
    ]
    return Boxes.of(rows)


def compose_one(stock: Stock, out_wh: tuple[int, int], rng: Rng) -> Scene:
    """One training picture: a scene with things put in, from nearer or farther, in some light."""
    if rng.random() < 0.2:
        scene = mosaic([_furnished(stock, rng) for _ in range(4)], out_wh, rng)
    else:
        whole = rng.random() < 0.4
        zoom = 1.0 if whole else float(np.exp(rng.uniform(np.log(0.5), np.log(2.2))))
        scene = view(
            _furnished(stock, rng), out_wh, zoom, (float(rng.random()), float(rng.random()))
        )
    if rng.random() < 0.5:
        scene = _mirrored_scene(scene)
    return replace(scene, pixels=in_other_light(scene.pixels, rng))


def _furnished(stock: Stock, rng: Rng) -> Scene:
    """A scene of the stock with bags, people, cars and decoys put in at sizes that its camera could
    see.
    """
    name = str(rng.choice(["vtest", "car", "visitors", "photo"], p=[0.45, 0.13, 0.17, 0.25]))
    scenes = stock.scenes[name]
    scene = scenes[int(rng.integers(len(scenes)))]
    if name == "photo" and rng.random() < 0.75:
        return scene
    if name != "photo" and rng.random() < 0.1:
        return scene
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
