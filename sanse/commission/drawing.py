"""One probe's clip: its script written, read back as any script is, and filmed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import cv2
import tomli_w

from models.scenes.camera import Camera
from models.scenes.film import film, film_looks
from models.scenes.script import read_script
from sanse.commission.footage import Stage, spread
from sanse.commission.places import Place
from sanse.commission.stories import LOOKS_H, Story, Telling, script_of

KBPS: Final = 3000
FIRST_SEED: Final = 1
"""Odd seeds judge; no detector was trained on what they draw."""
PHOTOS: Final = "looks"


def script_text(story: Story, place: Place, stage: Stage, camera: Camera, stays_s: float) -> str:
    """The probe as a script in TOML; its background is named as it lies beside the stage."""
    telling = Telling(place, stays_s, stage.at, FIRST_SEED + 2 * place.number)
    scene: dict[str, Any] = {"wh": list(stage.wh)}
    if story.is_lapse:
        scene |= {"background": [f"{PHOTOS}/{k}.png" for k in range(len(LOOKS_H))]}
    else:
        scene |= {"background": stage.path.name, "fps": stage.fps, "kbps": KBPS}
    own = {
        "position": [round(part, 4) for part in camera.position],
        "heading_deg": round(camera.heading_deg, 4),
        "tilt_deg": round(camera.tilt_deg, 4),
        "fov_deg": round(camera.fov_deg, 4),
        "roll_deg": round(camera.roll_deg, 4),
    }
    return tomli_w.dumps(script_of(story, telling, own, scene))


def draw(story: Story, text: str, stage: Stage, name: str) -> tuple[Path, Path]:
    """Films a script beside its stage.

    Returns:
        The clip, or of a time-lapse the folder of its pictures; and the truth.

    Raises:
        ModelsError, TomlError: It cannot be drawn.
    """
    folder = stage.path.parent
    script = folder / f"{name}.toml"
    script.write_text(text, encoding="utf-8")
    read = read_script(script, folder)
    if story.is_lapse:
        out = folder / name
        return out, film_looks(read, out)
    out = folder / f"{name}.mp4"
    return out, film(read, out)


def take_photos(stage: Stage) -> None:
    """Pictures of the stage's clip, one for each look of a time-lapse, spread over it."""
    folder = stage.path.parent / PHOTOS
    folder.mkdir(exist_ok=True)
    for number, pixels in enumerate(spread(stage.path, len(LOOKS_H))):
        cv2.imwrite(os.fspath(folder / f"{number}.png"), pixels)
