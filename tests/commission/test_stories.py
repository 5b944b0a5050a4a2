"""Every story is a script that the scene maker can play, at every place and length."""

from datetime import datetime
from pathlib import Path

import pytest

from models.scenes.camera import Camera
from models.scenes.mesh import merged
from models.scenes.script import read_script
from models.scenes.stage import Stage as Played
from models.scenes.streets.street import Street
from sanse.commission.drawing import PHOTOS, script_text
from sanse.commission.footage import Stage
from sanse.commission.places import Place
from sanse.commission.stories import LOOKS_H, STORIES

AT = datetime.fromisoformat("2026-01-05T10:00:00+08:00")
CAMERA = Camera((0.0, 0.0, 6.0), 0.0, 18.0, 60.0)
PLACES = (
    Place(1, (2.0, 14.0), (300.0, 200.0), 14.1, (-1.0, 0.0), (0.0, 1.0), 60.0),
    Place(2, (-3.0, 30.0), (300.0, 120.0), 30.1, (0.6, 0.8), (-0.8, 0.6), 30.0),
)


@pytest.mark.parametrize("place", PLACES, ids=["near", "far"])
@pytest.mark.parametrize("name", STORIES)
def test_it_can_be_played(name: str, place: Place, tmp_path: Path) -> None:
    """Nobody does two things at once, and what is left stays for as long as was asked."""
    story = STORIES[name]
    stage = Stage(tmp_path / "day.mp4", "day", False, AT, (640, 360), 5)
    stage.path.touch()
    (tmp_path / PHOTOS).mkdir()
    for number in range(len(LOOKS_H)):
        (tmp_path / PHOTOS / f"{number}.png").touch()
    path = tmp_path / "story.toml"
    path.write_text(script_text(story, place, stage, CAMERA, 10.0), encoding="utf-8")
    script = read_script(path, tmp_path)
    played = Played(script, Street("yard", merged([]), {}, {}, {}))
    (event,) = script.events
    assert (event.scenario, event.offence) == (story.scenario, story.offence)
    assert 0 < script.time_s(event.begin) < script.length_s
    assert script.scene.seed % 2 == 1
    at_end = {part.name for part in played.at(script.length_s).parts}
    assert "walker" not in at_end
    assert bool(at_end) == (name not in ("passes", "rests"))
