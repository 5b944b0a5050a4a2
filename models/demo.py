"""The bundled demonstration: its scripts become clips."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from models.scenes.film import film
from models.scenes.script import read_script

Progress = Callable[[int, int], None]


def compose(
    scripts: Sequence[Path], into: Path, progress: Progress = lambda done, total: None
) -> list[Path]:
    """Draws each script's clip into a folder, without its truth; the paths, in the same order.

    Raises:
        TomlError: A script cannot be.
        NoRendererError: This machine cannot draw.
    """
    into.mkdir(parents=True, exist_ok=True)
    clips = []
    for number, script in enumerate(scripts):

        def drawn(done: int, total: int, before: int = number) -> None:
            progress(before * total + done, len(scripts) * total)

        with TemporaryDirectory() as made:
            clip = Path(made) / f"{script.stem}.mp4"
            film(read_script(script), clip, drawn)
            clips.append(Path(shutil.copy(clip, into)))
    return clips
