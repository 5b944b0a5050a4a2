"""What can go wrong on a box, named for what to do next; each builds its own sentence."""

from pathlib import Path


class EdgeError(Exception):
    """Anything the box can name and report."""


class ConfigError(EdgeError):
    """The configuration cannot be used: mend the file; the old one stays in force."""

    def __init__(self, where: str, key: str, fault: str) -> None:
        super().__init__(f"{where}: {key}: {fault}" if key else f"{where}: {fault}")
        self.key = key


class SiteError(EdgeError):
    """A site file cannot be used: mend it; the sentence names file, line and key."""


class SourceError(EdgeError):
    """A camera, clip or folder cannot be read at all."""

    def __init__(self, source: str, fault: str) -> None:
        super().__init__(f"{source}: {fault}")
        self.source = source


class BrokenOffError(SourceError):
    """The source ended before its time; what came before was looked at."""


class CameraLostError(EdgeError):
    """No frame came in time; reopen the stream."""

    def __init__(self, camera_id: str, silent_s: float) -> None:
        super().__init__(f"camera {camera_id!r} silent for {silent_s:.1f} s; reopening")
        self.camera_id = camera_id
        self.silent_s = silent_s


class ModelError(EdgeError):
    """The ONNX file cannot serve as this box's detector."""

    def __init__(self, onnx: Path, fault: str) -> None:
        super().__init__(f"{onnx}: {fault}")
        self.onnx = onnx
