"""A room works with what its own extra installs, and with nothing else of this environment."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_locks import locked

ROOT = Path(__file__).parents[2]

ONLY = """
import importlib, importlib.metadata, re, sys

installed = set(sys.argv[1].split())
owners = importlib.metadata.packages_distributions()
foreign = {
    top for top, names in owners.items()
    if top not in ("sanse", "wire", "edge", "gateway", "models")
    and not {re.sub("[-_.]+", "-", name).lower() for name in names} & installed
}

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in foreign:
            raise ModuleNotFoundError("not among what this extra installs", name=name)

sys.meta_path.insert(0, NotInstalled())
"""
IMPORT_ALL = """
for module in sys.argv[2].split():
    importlib.import_module(module)
"""
CALL = """
sys.argv = ["sanse", *sys.argv[2].split()]
importlib.import_module("sanse.cli").main()
"""


def modules(room: str) -> list[str]:
    files = sorted((ROOT / room).rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    run = (".migrations.", ".__main__")  # these do their work when they are imported
    return [name.removesuffix(".__init__") for name in names if not any(r in name for r in run)]


ALL_BUT_DRAWING = [name for name in modules("sanse") if not name.startswith("sanse.commission")]
"""Commissioning draws, and needs the scene maker's extra too."""


@pytest.mark.parametrize(
    ("extra", "wanted"),
    [
        pytest.param("edge", [*modules("wire"), *modules("edge"), "sanse.cli"], id="a box"),
        pytest.param(
            "gateway", [*modules("wire"), *modules("gateway"), "sanse.cli"], id="a gateway"
        ),
        pytest.param(
            "up", [*ALL_BUT_DRAWING, "gateway.serve", "edge.run"], id="all on one machine"
        ),
    ],
)
def test_imports_with_its_extra_alone(extra: str, wanted: list[str]) -> None:
    """Every module of the room can be imported where only the room's lock file was installed."""
    ran = run(IMPORT_ALL, extra, wanted)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("extra", "words", "said"),
    [
        pytest.param(
            "edge",
            ["gateway", "public-key"],
            " is not installed here: pip install 'sanse[gateway]'\n",
            id="the gateway's word on a box",
        ),
        pytest.param(
            "gateway",
            ["edge", "replay", __file__],
            " is not installed here: pip install 'sanse[edge]'\n",
            id="the box's word on a gateway",
        ),
    ],
)
def test_says_what_to_install(extra: str, words: list[str], said: str) -> None:
    """A word whose room was not installed is answered in one sentence."""
    ran = run(CALL, extra, words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.endswith(said)
    assert ran.stderr.count("\n") == 1


def run(what: str, extra: str, words: list[str]) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-c", ONLY + what, " ".join(locked(extra)), " ".join(words)]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
