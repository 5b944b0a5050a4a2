"""What ships with Sanse and is handed to the rooms that need it."""

from importlib.resources import files
from pathlib import Path


def street_n() -> Path | None:
    """The bundled detector's ONNX file; None where this installation lacks it."""
    path = Path(str(files("models"))) / "zoo" / "street-n" / "model.onnx"
    return path if path.exists() else None


def demo_clip() -> Path:
    """The bundled demonstration clip, composed by ``sanse models compose-demo``."""
    return Path(str(files("sanse"))) / "demo" / "street.mp4"
