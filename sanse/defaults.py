"""What ships with Sanse and is handed to the rooms that need it."""

from importlib.resources import files
from pathlib import Path


def street_n() -> Path | None:
    """The bundled detector's ONNX file; None where this installation lacks it."""
    path = Path(str(files("models"))) / "zoo" / "street-n" / "model.onnx"
    return path if path.exists() else None


def demo_scripts() -> tuple[Path, ...]:
    """What ``sanse models compose-demo`` draws: one script for each offence."""
    folder = Path(str(files("sanse"))) / "demo"
    return tuple(folder / f"{name}.toml" for name in ("dumping", "charging", "construction"))


def demo_clips() -> tuple[Path, ...]:
    """The bundled demonstration clips, in the order of the scripts."""
    return tuple(script.with_suffix(".mp4") for script in demo_scripts())


def demo_clip() -> Path:
    """The one of them in which somebody leaves bags."""
    return demo_clips()[0]
