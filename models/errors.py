"""Errors of the models room, named for what must be done next."""

from __future__ import annotations

from pathlib import Path


class ModelsError(Exception):
    """Anything this room can name in one sentence."""


class MaterialMissingError(ModelsError):
    """A source of training or held-out material is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: not found; point --data at the folder with waste/, video/ and detectors/"
        )
        self.path = path


class StillsMissingError(ModelsError):
    """Drawn stills that are not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no stills; draw them with `sanse models prepare`")


class HeldOutError(ModelsError):
    """Somebody asked for held-out material where only training material may go, or the reverse."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is held out: what judges is never trained on, and what trains never judges"
        )


class LabelError(ModelsError):
    """A label line that cannot be read."""

    def __init__(self, where: str, line: str, want: str) -> None:
        super().__init__(f"{where}: {line[:60]!r}: want {want}")


class TrainingStateError(ModelsError):
    """A checkpoint belongs to another recipe or data set."""

    def __init__(self, field: str, wanted: object, got: object) -> None:
        super().__init__(
            f"the checkpoint has {field} {got}, this run {wanted}; "
            "choose another --work folder to start anew"
        )


class DeviceError(ModelsError):
    """Something to compute on that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no device {name} here; leave --device out to compute on the processor")


class StartError(ModelsError):
    """Weights to go on from that do not fit."""

    def __init__(self, what: object, fault: str) -> None:
        super().__init__(f"{what}: {fault}; start from a street-n, or leave --start out")


class ToolMissingError(ModelsError):
    """A library of the `models` environment is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not installed here; see locks/models.txt for the environment")


class ManifestError(ModelsError):
    """A model.toml that cannot be used."""
