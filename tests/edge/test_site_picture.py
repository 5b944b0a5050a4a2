"""``sanse edge check``: a site file drawn over its camera's picture."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from sanse.commands.edge import app

SITE = """\
site_id = "yard-7"
name = "Yard 7"
frame_wh = [640, 360]
[[shed]]
name = "shed by the gate"
polygon = [[200, 100], [300, 100], [300, 200], [200, 200]]
"""
GROUND = "".join(
    f"[[ground]]\npixel = [{x}, {y}]\nmetres = [{x / 80}, {y / 80}]\n"
    for x, y in ((40, 240), (600, 240), (600, 340), (40, 340))
)
WH = (320, 180)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "yard.png"
    cv2.imwrite(str(path), np.full((WH[1], WH[0], 3), 90, np.uint8))
    return path


def check(site: str, picture: Path, *more: str) -> tuple[int, str, Path]:
    file, out = picture.with_name("yard.toml"), picture.with_name("out.png")
    file.write_text(site, encoding="utf-8")
    argv = ["check", str(file), "--frame", str(picture), "--out", str(out), *more]
    done = CliRunner().invoke(app, argv)
    return done.exit_code, done.output, out


def test_areas_are_tinted_and_named(picture: Path) -> None:
    """In the picture's own size, whatever size they were drawn in; nothing else is touched."""
    code, said, out = check(SITE, picture)
    assert code == 0
    assert "1 shed       shed by the gate" in said
    drawn = cv2.imread(str(out))
    assert drawn is not None
    assert (drawn[:45, :95] == 90).all()
    assert (drawn[80:95, 104:112] != 90).any(axis=2).all()


def test_grid_is_metres(picture: Path) -> None:
    """80 pixels to a metre as drawn: a line each metre, 40 pixels apart in half the size."""
    code, said, out = check(SITE + GROUND, picture)
    assert (code, "grid       1 m" in said) == (0, True)
    drawn = cv2.imread(str(out))
    assert drawn is not None
    lines = np.flatnonzero(drawn[133, :, 0] > 150)
    assert set(np.round(np.diff(lines)).tolist()) <= {1, 38, 39, 40}


@pytest.mark.parametrize(
    ("site", "more", "says"),
    [
        (SITE.replace("shed by", "").replace("polygon", "polygons"), (), "no such key"),
        (SITE, ("--out", "/nowhere/site.png"), "cannot be written"),
        (SITE, ("--frame", "gone.png"), "gone.png: does not exist"),
    ],
)
def test_refused_in_one_sentence(
    picture: Path, site: str, more: tuple[str, ...], says: str
) -> None:
    """Exit code 2, and what to mend."""
    code, said, _ = check(site, picture, *more)
    assert code == 2
    assert says in said
