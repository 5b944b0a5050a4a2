"""What each installation pulls in: one OpenCV on the box, none on the gateway, torch on neither."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = ("edge", "gateway", "up", "dev")
TRAINING = {"torch", "torchvision", "ultralytics"}
WEB_SERVERS = {"fastapi", "starlette", "uvicorn"}
SQL_TOOLKITS = {"sqlalchemy", "alembic", "psycopg"}


def locked(name: str) -> dict[str, list[Version]]:
    """Distribution to the versions that the lock file pins, one or more by Python version."""
    found: dict[str, list[Version]] = {}
    for line in (ROOT / "locks" / f"{name}.txt").read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line):
            distribution = re.sub(r"[-_.]+", "-", match[1]).lower()
            found.setdefault(distribution, []).append(Version(match[2]))
    return found


def wanted(extra: str) -> list[Requirement]:
    """What pyproject.toml asks for, the extras of our own followed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    found = [Requirement(line) for line in project["dependencies"]]
    names = [extra]
    for name in names:
        for requirement in map(Requirement, extras[name]):
            if requirement.name == "sanse":
                names.extend(requirement.extras)
            else:
                found.append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_lock_is_current(name: str) -> None:
    """Each lock file pins a fitting version of all that pyproject.toml asks for: `make lock`."""
    pins = locked(name)
    for requirement in wanted(name):
        versions = pins.get(requirement.name.lower().replace("_", "-"), [])
        assert versions, f"{requirement} is not in locks/{name}.txt"
        assert all(version in requirement.specifier for version in versions), requirement


@pytest.mark.parametrize(
    ("name", "count"),
    [("edge", 1), ("gateway", 0), ("up", 1), ("dev", 1)],
    ids=str,
)
def test_one_opencv(name: str, count: int) -> None:
    """Two OpenCV wheels would overwrite each other; the gateway needs none."""
    assert sum(found.startswith("opencv") for found in locked(name)) == count


@pytest.mark.parametrize(
    ("name", "unwanted"),
    [
        pytest.param("edge", TRAINING | WEB_SERVERS | SQL_TOOLKITS, id="edge"),
        pytest.param("gateway", TRAINING | {"onnxruntime", "av", "numpy"}, id="gateway"),
        pytest.param("up", TRAINING, id="up"),
        pytest.param("dev", TRAINING, id="dev"),
    ],
)
def test_pulls_in_nothing_else(name: str, unwanted: set[str]) -> None:
    """No installation carries what only another one needs."""
    assert not unwanted & locked(name).keys()


@pytest.mark.parametrize("name", LOCKS)
def test_names_no_index(name: str) -> None:
    """A lock file says what, and leaves from where to the machine."""
    assert "://" not in (ROOT / "locks" / f"{name}.txt").read_text()
