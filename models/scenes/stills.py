"""Random pictures with labels: streets, lights, weathers, cameras and casts from seeds.

One stage, a street in a light before a camera, serves several pictures. Seeds keep apart what
trains from what judges, down to the last bag: see ``models.purpose``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from models.errors import ModelsError
from models.purpose import Purpose, check_purpose
from models.scenes.assets.asset import LABELS
from models.scenes.camera import Camera
from models.scenes.contact import save
from models.scenes.crowd import Crowd, Pool
from models.scenes.film import Moment
from models.scenes.lens import Lens
from models.scenes.light import Light
from models.scenes.mesh import Mesh
from models.scenes.render import Body, Renderer
from models.scenes.sensor import Sensor
from models.scenes.sets import SETTLES_S
from models.scenes.sky import Look, Place, Weather, illuminator, light_at
from models.scenes.streets import STREETS, street
from models.scenes.streets.street import Street
from models.scenes.truth import Seen, Witness

Rng = np.random.Generator
Progress = Callable[[int, int], None]
SIZE_WH: Final = (1280, 720)
PER_STAGE: Final = 8
NIGHTS: Final = 0.5
"""Share of stages after dusk."""
K1S: Final = (0.0, -0.03)
HANGS: Final = 4
"""Of so many ways to hang the camera the freest is taken."""
TOO_NEAR_M: Final = 7.0
LEAST_SHARE, LEAST_PX = 0.15, 5.0
"""What shows less of itself, or is smaller, is not labelled."""


class NotEmptyError(ModelsError):
    """The folder holds pictures already, which this run would mix with."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder}: holds pictures already; choose another --out")


@dataclass(frozen=True, slots=True, eq=False)
class Set:
    """A street in a light before a camera: what one stage draws.

    Attributes:
        seed: Of all of it; even or odd as its street and casts are.
    """

    seed: int
    street: Street
    camera: Camera
    at: datetime
    place: Place
    weather: Weather
    look: Look
    night: bool


def write_stills(
    out: Path,
    count: int,
    seed: int,
    purpose: Purpose,
    progress: Progress = lambda done, total: None,
) -> Path:
    """Writes ``images/``, ``labels/`` as YOLO reads them, ``classes.txt`` and ``coco.json``.

    Returns:
        The COCO file.

    Raises:
        PurposeError: The seed is not for this purpose.
        NotEmptyError: The folder has been written to before.
    """
    check_purpose(seed, purpose)
    images, labels = out / "images", out / "labels"
    if images.exists() and any(images.iterdir()):
        raise NotEmptyError(images)
    labels.mkdir(parents=True, exist_ok=True)
    (out / "classes.txt").write_text("\n".join(LABELS) + "\n", encoding="utf-8")
    pictures: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    stages = range(seed, seed + 2 * -(-count // PER_STAGE), 2)
    drawn = moments(drawn_set(one) for one in stages)
    for number, (made, moment) in enumerate(islice(drawn, count)):
        name = f"{made.seed:08d}-{number % PER_STAGE}"
        save(images / f"{name}.jpg", moment.bgr)
        kept = [thing for thing in moment.things if is_labelled(thing)]
        (labels / f"{name}.txt").write_text(yolo_lines(kept, SIZE_WH), encoding="utf-8")
        pictures.append(_picture(number, name, made))
        annotations += [_annotation(len(annotations) + k, number, t) for k, t in enumerate(kept)]
        progress(number + 1, count)
    coco = out / "coco.json"
    coco.write_text(json.dumps(_coco(pictures, annotations, purpose)), encoding="utf-8")
    return coco


def is_labelled(thing: Seen) -> bool:
    """Whether enough of it shows, and a class names it."""
    if not thing.label or thing.visible_xyxy is None or thing.visible_share < LEAST_SHARE:
        return False
    left, top, right, bottom = thing.visible_xyxy
    return max(right - left, bottom - top) >= LEAST_PX


def yolo_lines(things: Sequence[Seen], wh: tuple[int, int]) -> str:
    """``label cx cy w h`` a line, as fractions of the picture.

    >>> yolo_lines([], (4, 4))
    ''
    """
    lines = []
    for thing in things:
        assert thing.visible_xyxy is not None
        box = np.array(thing.visible_xyxy) / [*wh, *wh]
        cx, cy = (box[:2] + box[2:]) / 2
        w, h = box[2:] - box[:2]
        lines.append(f"{LABELS.index(thing.label)} {cx:.6f} {cy:.6f} {w:.6f} {h:.6f}\n")
    return "".join(lines)


def drawn_set(seed: int) -> Set:
    """A street, an hour, a weather and a camera at random."""
    rng = np.random.default_rng((seed, 77))
    name = sorted(STREETS)[int(rng.integers(len(STREETS)))]
    at, night = _hour(rng)
    weather = _weather(rng)
    place = Place((float(rng.uniform(22, 40)), float(rng.uniform(104, 121))), rng.uniform(0, 360))
    infrared = night and rng.random() < 0.3
    night = light_at(place, at, weather, (), "color").glow > 0  # mornings of winter are dark too
    look: Look = "infrared" if infrared and night else "color"
    made = street(name, seed, night=night)
    named = sorted(made.cameras)[int(rng.integers(len(made.cameras)))]
    hung = [_hung(made.cameras[named], rng) for _ in range(HANGS)]
    camera = min(hung, key=lambda one: round(hidden_share(made.mesh, one), 1))
    return Set(seed, made, camera, at, place, weather, look, night)


def moments(sets: Iterable[Set], each: int = PER_STAGE) -> Iterator[tuple[Set, Moment]]:
    """So many pictures of each stage, each with a cast of its own."""
    with ExitStack() as opened:
        renderers: dict[tuple[int, int], Renderer] = {}
        for made in sets:
            lens = Lens(made.camera, SIZE_WH)
            if lens.drawn_wh not in renderers:
                renderers[lens.drawn_wh] = opened.enter_context(Renderer(lens.drawn_wh))
            renderer = renderers[lens.drawn_wh]
            renderer.stage([Body(made.street.mesh)], _light(made), lens.drawn)
            pool = Pool.drawn(np.random.default_rng((made.seed, 78)), made.seed % 2)
            for number in range(each):
                yield made, _taken(made, renderer, lens, pool, number)


def _taken(made: Set, renderer: Renderer, lens: Lens, pool: Pool, number: int) -> Moment:
    """One picture of a stage, with a cast of its own."""
    rng = np.random.default_rng((made.seed, 79, number))
    cast = Crowd(made.street, made.camera, SIZE_WH, pool, rng, made.night).cast()
    seen = lens.seen(renderer.draw(cast.bodies, cast.beams))
    sensor = Sensor(made.seed + 2 * number, SIZE_WH, made.weather, made.look)
    bgr = sensor.frame(seen.light, SETTLES_S)
    return Moment(bgr, Witness(made.camera, SIZE_WH).see(cast, seen.instance))


def _light(made: Set) -> Light:
    lamps = made.street.lamps
    if made.look == "infrared":
        lamps = (illuminator(made.camera), *lamps)
    return light_at(made.place, made.at, made.weather, lamps, made.look)


def _hour(rng: Rng) -> tuple[datetime, bool]:
    """Any day of 2026; at night, or between breakfast and dusk."""
    night = bool(rng.random() < NIGHTS)
    hour = float(rng.uniform(20.5, 28.5) if night else rng.uniform(7.5, 16.5))
    day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=int(rng.integers(365)))
    return day + timedelta(hours=hour - 8), night


def _weather(rng: Rng) -> Weather:
    kind = str(rng.choice(["fair", "gray", "rain", "fog"], p=(0.45, 0.3, 0.17, 0.08)))
    return Weather(
        cloud=float(rng.uniform(0, 0.5) if kind == "fair" else rng.uniform(0.6, 1)),
        rain=float(rng.uniform(0.15, 1)) if kind == "rain" else 0.0,
        fog=float(rng.uniform(0.2, 0.7)) if kind == "fog" else 0.0,
        wind_mps=float(rng.uniform(0, 7)),
    )


def _hung(camera: Camera, rng: Rng) -> Camera:
    """A camera hung somewhat otherwise."""
    x, y, z = (np.array(camera.position) + rng.normal(0, (0.5, 0.5, 0.35))).tolist()
    return replace(
        camera,
        position=(x, y, max(z, 2.6)),
        heading_deg=camera.heading_deg + float(rng.normal(0, 5)),
        tilt_deg=camera.tilt_deg + float(rng.normal(0, 2.5)),
        fov_deg=float(np.clip(camera.fov_deg * rng.uniform(0.65, 1.1), 35, 95)),
        roll_deg=float(rng.normal(0, 1.2)),
        k1=float(K1S[int(rng.integers(len(K1S)))]),
    )


def hidden_share(mesh: Mesh, camera: Camera) -> float:
    """How much of the picture is full of what stands too near, as a post or a tree, 0 to 1."""
    corners = mesh.position[mesh.faces]
    far_m = np.linalg.norm(corners - np.array(camera.position, np.float32), axis=2).min(axis=1)
    near = corners[(far_m < TOO_NEAR_M) & (corners[..., 2].max(axis=1) > 0.8)]
    canvas = np.zeros((36, 64), np.uint8)
    pixels = camera.project(near, (64, 36)).reshape(-1, 3, 2)
    seen = pixels[np.isfinite(pixels).all(axis=(1, 2)) & (np.abs(pixels) < 1000).all(axis=(1, 2))]
    for triangle in np.round(seen * 16).astype(np.int32):
        cv2.fillConvexPoly(canvas, triangle, 1, shift=4)
    return float(canvas.mean())


def _picture(number: int, name: str, made: Set) -> dict[str, Any]:
    return {
        "id": number,
        "file_name": f"images/{name}.jpg",
        "width": SIZE_WH[0],
        "height": SIZE_WH[1],
        "street": made.street.name,
        "at": made.at.isoformat(),
        "look": made.look,
        "night": made.night,
        "seed": made.seed,
    }


def _annotation(number: int, picture: int, thing: Seen) -> dict[str, Any]:
    assert thing.visible_xyxy is not None
    left, top, right, bottom = thing.visible_xyxy
    return {
        "id": number + 1,
        "image_id": picture,
        "category_id": LABELS.index(thing.label),
        "bbox": [left, top, right - left, bottom - top],
        "area": sum(thing.rle["counts"][1::2]),
        "segmentation": thing.rle,
        "iscrowd": 0,
        "kind": thing.kind,
        "does": thing.does,
        "visible_share": thing.visible_share,
    }


def _coco(
    pictures: list[dict[str, Any]], annotations: list[dict[str, Any]], purpose: Purpose
) -> dict[str, Any]:
    return {
        "info": {"description": "composed", "purpose": purpose},
        "categories": [{"id": k, "name": label} for k, label in enumerate(LABELS)],
        "images": pictures,
        "annotations": annotations,
    }
