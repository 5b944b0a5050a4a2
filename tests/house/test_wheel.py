"""The wheel is built from the checkout and works outside of it."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.edge.tiny_clips import write_clip

ROOT = Path(__file__).parents[2]
ROOMS = ("sanse", "wire", "edge", "gateway", "models")
STATIC = Path("gateway", "api", "static")


def run(*argv: str, cwd: Path, site: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | ({"PYTHONPATH": str(site)} if site else {})
    return subprocess.run(
        [sys.executable, *argv], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that the checkout's own dashboard is left in peace."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    folder = tmp_path_factory.mktemp("wheel")
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / "copy" / name)
    if (ROOT / STATIC).is_dir():
        shutil.copytree(ROOT / STATIC, folder / "copy" / STATIC, dirs_exist_ok=True)
    built = run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=folder / "copy")
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel: Path) -> Path:
    """A folder into which the wheel was installed, without what it depends on."""
    folder = wheel.parent / "site"
    argv = ("pip", "install", "-q", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    installed = run("-m", *argv, cwd=wheel.parent)
    assert installed.returncode == 0, installed.stderr
    return folder


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("gateway/api/static/index.html", id="the dashboard"),
        pytest.param("gateway/casework/policy.toml", id="the bundled policy"),
        pytest.param("gateway/store/migrations/env.py", id="the migrations"),
        pytest.param("models/zoo/street-n/model.onnx", id="the bundled detector"),
        pytest.param("models/zoo/street-n/model.toml", id="what it can do"),
        pytest.param("sanse/demo/dumping.mp4", id="a demonstration clip"),
        pytest.param("wire/schema.json", id="the schema of the wire"),
        pytest.param("wire/py.typed", id="the word that it is typed"),
        pytest.param("sanse-*.dist-info/licenses/LICENSE", id="the licence"),
    ],
)
def test_holds(wheel: Path, name: str) -> None:
    """What the programs read at run time is in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        assert any(Path(found).match(name) for found in archive.namelist())


def test_holds_our_rooms_alone(wheel: Path) -> None:
    """No test, no cache and no configuration of a district slips in."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
        assert not [name for name in archive.namelist() if "__pycache__" in name]
    assert {top for top in tops if not top.endswith(".dist-info")} == set(ROOMS)


def test_rooms_come_from_the_wheel(site: Path, tmp_path: Path) -> None:
    """From another folder, every room is imported from where the wheel was installed."""
    code = f"import {', '.join(ROOMS)}; print(*(m.__file__ for m in ({', '.join(ROOMS)})))"
    found = run("-P", "-c", code, cwd=tmp_path, site=site)
    assert found.stdout.split() == [str(site / room / "__init__.py") for room in ROOMS]


def replay(clip: Path, cwd: Path, site: Path) -> list[str]:
    """The alerts that the installed program prints."""
    argv = ("-P", "-m", "sanse", "edge", "replay", str(clip), "--set", "dumping.stay_s=10")
    ran = run(*argv, cwd=cwd, site=site)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_works_outside(site: Path, tmp_path: Path) -> None:
    """The installed program looks at a clip, with nothing of the checkout around it."""
    assert replay(write_clip(tmp_path / "clip.mp4"), tmp_path, site) == []


@pytest.mark.slow
def test_sees_the_demonstration(site: Path, tmp_path: Path) -> None:
    """The installed program finds its detector and its clip, and the one dumping in it."""
    lines = replay(site / "sanse" / "demo" / "dumping.mp4", tmp_path, site)
    assert [json.loads(line)["scenario"] for line in lines] == ["dumping"]
