"""Who may import whom is checked, and the checker is checked: a planted import is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("sanse", "wire", "edge", "gateway", "models")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> tuple[int, str]:
    ran = subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The five rooms' Python and the contracts, to plant something in."""
    for room in ROOMS:
        shutil.copytree(
            ROOT / room,
            tmp_path / room,
            ignore=lambda folder, names: {
                name
                for name in names
                if not (Path(folder, name).is_dir() or name.endswith(".py"))
                or name in ("static", "__pycache__")
            },
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_directions_hold() -> None:
    """sanse imports edge, gateway and models; these import wire, and never each other."""
    code, said = lint(ROOT)
    assert code == 0, said


@pytest.mark.parametrize(
    ("where", "planted", "broken"),
    [
        pytest.param(
            "edge/care", "import gateway.settings", "edge", id="the box knows the gateway"
        ),
        pytest.param("gateway/ingest", "import edge.config", "gateway", id="and the other way"),
        pytest.param("models", "import edge.config", "models", id="training knows the box"),
        pytest.param("edge/care", "import models", "edge", id="the box knows training"),
        pytest.param("wire", "import edge.errors", "wire", id="the wire knows the box"),
        pytest.param(
            "edge/care", "import sanse.defaults", "edge", id="the box knows who starts it"
        ),
        pytest.param("edge/vision", "import torch", "torch", id="torch on the box"),
        pytest.param(
            "sanse", "import ultralytics", "ultralytics", id="training in the command line"
        ),
        pytest.param(
            "gateway/casework", "import sqlalchemy", "sqlalchemy", id="casework reads rows"
        ),
        pytest.param("edge/scenarios", "import time", "time", id="a scenario has its own clock"),
        pytest.param(
            "gateway/casework",
            "import gateway.store.database",
            "casework",
            id="casework opens files",
        ),
    ],
)
def test_planted_import_is_refused(copy: Path, where: str, planted: str, broken: str) -> None:
    """Each forbidden import, planted in a copy, is found and named."""
    (copy / where / "planted.py").write_text(f'"""Planted."""\n\n{planted}\n')
    code, said = lint(copy)
    assert code == 1, said
    assert "planted" in said
    assert broken in said


def test_copy_holds(copy: Path) -> None:
    """The copy breaks nothing by itself, so what the planted imports break is theirs."""
    code, said = lint(copy)
    assert code == 0, said
