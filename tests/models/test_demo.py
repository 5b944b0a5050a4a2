"""The bundled demonstration: three scripts, and the clips that were drawn from them."""

from pathlib import Path

import av
import pytest

from models.scenes.script import read_script
from sanse.defaults import demo_clips, demo_scripts

ACCELERATED = "construction"
"""Its clip shows weeks in seconds."""
MOST_BYTES = 6_000_000

each_script = pytest.mark.parametrize("script", demo_scripts(), ids=lambda script: script.stem)


def test_there_is_one_for_each_offence() -> None:
    """The script's name is the scenario of the one event in it, an offence."""
    told = {path.stem: read_script(path).events for path in demo_scripts()}
    assert {name: [event.scenario for event in events] for name, events in told.items()} == {
        name: [name] for name in ("dumping", "charging", "construction")
    }
    assert all(event.offence for events in told.values() for event in events)


@each_script
def test_a_clip_is_as_its_script_says(script: Path) -> None:
    """Size, rate and length, H.264, at most a minute; and it says that it was composed."""
    scene, clip = read_script(script).scene, script.with_suffix(".mp4")
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height) == scene.wh == (960, 540)
        assert stream.average_rate == scene.fps
        assert stream.frames == (len(scene.looks) or round(scene.seconds * scene.fps))
        assert stream.frames / scene.fps <= 60
        assert container.metadata["comment"] == "composed by sanse"


def test_together_they_are_small() -> None:
    """They travel in the wheel."""
    assert sum(clip.stat().st_size for clip in demo_clips()) <= MOST_BYTES


def test_the_walker_is_gone_early() -> None:
    """Bags lie by ten seconds, and then for thirty more: enough for a warning in each round."""
    script = read_script(demo_scripts()[0])
    begins_s = {step.name: script.begins_s(step) for step in script.steps if step.name}
    assert begins_s["bag down"] < 10
    assert begins_s["goes"] + 30 < script.scene.seconds
