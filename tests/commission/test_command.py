"""``sanse edge commission``: plain refusals, and one tiny camera commissioned for real."""

import json
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.scenes.camera import Camera
from models.scenes.codec import ClipWriter, Coding
from sanse.commands.edge import app

WH = (320, 240)
CAMERA = Camera((0.0, 0.0, 5.0), 0.0, 24.0, 60.0)
SPOTS = ((-3.0, 8.0), (3.0, 8.0), (4.0, 16.0), (-4.0, 16.0))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A yard that is watched between 8 and 16 m, its ground measured."""
    pixels = CAMERA.project([(*spot, 0.0) for spot in SPOTS], WH).round(1).tolist()
    lines = ['site_id = "yard"', 'name = "yard"', f"frame_wh = {list(WH)}"]
    lines += ["[[zone]]", 'name = "yard"', 'kind = "watch"', f"polygon = {pixels}"]
    for pixel, metres in zip(pixels, SPOTS, strict=True):
        lines += ["[[ground]]", f"pixel = {pixel}", f"metres = {list(metres)}"]
    path = tmp_path / "yard.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Twelve seconds of paving, with a sensor's noise."""
    rng = np.random.default_rng(3)
    stones = rng.normal(0, 9, (24, 32, 1)) + np.array([104, 110, 112])
    ground = cv2.resize(stones, WH, interpolation=cv2.INTER_CUBIC)
    path = tmp_path / "yard.mp4"
    at = datetime.fromisoformat("2026-01-05T10:00:00+08:00")
    with ClipWriter(path, WH, at, Coding(fps=5, kbps=1500)) as out:
        for _ in range(60):
            noisy = ground + rng.normal(0, 1.5, ground.shape)
            out.write(noisy.clip(0, 255).astype(np.uint8))
    return path


def run(*argv: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["commission", *map(str, argv)])
    return result.exit_code, result.stdout, result.stderr


def test_a_site_without_ground(tmp_path: Path, clip: Path) -> None:
    """One sentence tells how to measure it, before anything is looked at."""
    site = tmp_path / "bare.toml"
    site.write_text('site_id = "yard"\nname = "yard"\nframe_wh = [320, 240]\n', encoding="utf-8")
    code, out, err = run(site, "--clip", clip, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "measure four spots of the ground" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("egl")
def test_a_machine_that_cannot_draw(
    site: Path, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without EGL one sentence says what to install, before minutes are lost."""
    monkeypatch.setenv("GLCONTEXT_LINUX_LIBEGL", "/nowhere/libEGL.so")
    code, _, err = run(site, "--clip", clip, "--out", tmp_path / "out")
    assert code == 2
    assert err.count("\n") == 1
    assert "install libegl1" in err


@pytest.mark.usefixtures("egl")
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--scenario", "parking"), "--scenario parking: want one of dumping, charging"),
        (("--set", "dumping.stay_s=-1"), "dumping.stay_s"),
    ],
    ids=["no such scenario", "no such value"],
)
def test_what_is_refused(
    argv: tuple[str, ...], said: str, site: Path, clip: Path, tmp_path: Path
) -> None:
    """Slips end in one line and code 2."""
    code, _, err = run(site, "--clip", clip, "--out", tmp_path / "out", *argv)
    assert code == 2
    assert err.count("\n") == 1
    assert said in err


@pytest.mark.usefixtures("egl")
def test_a_clip_that_is_not_there(site: Path, tmp_path: Path) -> None:
    """A missing clip is named."""
    code, _, err = run(site, "--clip", tmp_path / "no.mp4", "--out", tmp_path / "out")
    assert code == 2
    assert "no.mp4" in err


@pytest.mark.slow
@pytest.mark.usefixtures("egl")
def test_a_camera_is_commissioned(site: Path, clip: Path, tmp_path: Path) -> None:
    """One place, a shed and a stall; the page stands alone, and a second run draws nothing."""
    out = tmp_path / "out"
    argv = (site, "--clip", clip, "--out", out, "--places", 1, "--scenario", "construction")
    code, said, _ = run(*argv)
    assert code == 0
    assert said.splitlines()[1:] == [
        "innocent probes that alert: 0 of 1 (composed)",
        str(out / "commission.html"),
    ]
    told = json.loads((out / "commission.json").read_text(encoding="utf-8"))
    assert told["made"] == "composed"
    assert {probe["story"] for probe in told["probes"]} == {"builds", "stall"}
    assert [watched["clip"] for watched in told["watched"]] == ["yard.mp4"]
    page = (out / "commission.html").read_text(encoding="utf-8")
    assert "src='http" not in page
    assert "url(http" not in page
    first = {path: path.stat().st_mtime_ns for path in (out / "probes").iterdir()}
    assert len(first) == 2
    run(*argv)
    assert {path: path.stat().st_mtime_ns for path in (out / "probes").iterdir()} == first
    assert [path.suffix for path in (out / "stage").iterdir() if "-" in path.name] == []
