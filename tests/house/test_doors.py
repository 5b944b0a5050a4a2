"""Each outside library comes into a room by one or two doors, and can be changed there."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.test_locks import wanted

ROOT = Path(__file__).parents[2]
ROOMS = ("sanse", "wire", "edge", "gateway", "models")

DOORS: dict[str, tuple[str, ...]] = {
    "av": (
        "edge/video/reading.py",
        "edge/video/pictures.py",
        "models/scenes/codec.py",
        "models/scenes/drone.py",
    ),
    "moderngl": ("models/scenes/render.py",),
    "onnxruntime": ("edge/vision/detector.py", "models/runtime.py"),
    "paho": ("edge/uplink/link.py", "gateway/ingest/link.py"),
    "httpx": ("edge/uplink/upload.py", "edge/run.py"),
    "lap": ("edge/vision/tracker.py",),
    "astral": ("edge/scenarios/night.py", "models/scenes/sky.py"),
    "joserfc": ("wire/signing.py",),
    "sqlalchemy": ("gateway/store/",),
    "alembic": ("gateway/store/",),
    "pwdlib": ("gateway/store/users.py",),
    "influxdb_client": ("gateway/telemetry/",),
    "prometheus_client": ("gateway/metrics.py", "gateway/api/operations.py"),
    "uvicorn": ("gateway/serve.py",),
    "torch": ("models/network.py", "models/start.py"),
    "ultralytics": ("models/network.py",),
}
"""Library to the files, one or two in a room, or the one folder, that may import it."""

NOWHERE = ("supervision", "pickle", "requests")
"""Brings a second OpenCV; runs what it reads; waits for ever."""


@cache
def importers() -> dict[str, set[str]]:
    """Library to the files of ours that import it."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for library in _imported(ast.parse(file.read_text(encoding="utf-8"))):
                found.setdefault(library, set()).add(file.relative_to(ROOT).as_posix())
    return found


def _imported(node: ast.AST) -> Iterator[str]:
    """Top names of what is imported at run time; what only the type checker sees is no door."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module.partition(".")[0]
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)


@pytest.mark.parametrize("library", DOORS)
def test_door(library: str) -> None:
    """The library is imported by its doors, and by nobody else."""
    files = importers().get(library, set())
    doors = DOORS[library]
    assert {file for file in files if not file.startswith(doors)} == set()
    assert [door for door in doors if not any(file.startswith(door) for file in files)] == []


@pytest.mark.parametrize("library", NOWHERE)
def test_no_door(library: str) -> None:
    """Some libraries stay outside."""
    assert importers().get(library, set()) == set()


def test_opencv_opens_no_stream_on_the_box() -> None:
    """A box reads by PyAV in a child process: OpenCV's reader can take the program along."""
    captures = {
        file.relative_to(ROOT).as_posix()
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if "VideoCapture(" in file.read_text(encoding="utf-8")
    }
    assert captures <= {"models/sources.py", "models/scenes/plate.py"}


@pytest.mark.parametrize("extra", ["edge", "gateway"])
def test_asks_for_what_it_uses(extra: str) -> None:
    """Every distribution that an extra asks for is imported by some file of ours."""
    tops: dict[str, set[str]] = {}
    for top, distributions in packages_distributions().items():
        for distribution in distributions:
            tops.setdefault(distribution.lower().replace("_", "-"), set()).add(top)
    unused = [
        requirement.name
        for requirement in wanted(extra)
        if not tops[requirement.name.lower()] & importers().keys()
    ]
    assert unused == []
