"""The eye begins anew at a seam, holds its peace while the view is unsettled, and sees people."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from edge.config import DumpingConfig
from edge.ids import uuid7
from edge.scenarios.dumping import Dumping
from edge.scenarios.night import Night
from edge.video.frame import Frame, Pixels
from edge.vision.boxes import PERSON, WASTE, Detections
from edge.vision.eye import Eye, what
from edge.vision.scene import Scene
from tests.edge.footage import Box, Street, frames_of, timed

COAT = (30, 30, 40)
GRAY = (150, 90, 60)
BAG: Box = (140, 150, 166, 172)


def walk(street: Street, at_s: float, light: float = 1.0) -> Pixels:
    left = round(-40 + 30 * (at_s - 2))
    return street.picture(((left, 90, left + 30, 175), COAT), light=light)


def look(eye: Eye, frames: Iterable[Frame]) -> list[Scene]:
    return [eye.look(frame) for frame in frames]


def test_settles_and_follows() -> None:
    """Two seconds after its start the eye is settled, and follows a walker as one track."""
    street = Street()
    scenes = look(Eye(), timed(walk(street, k / 10) for k in range(110)))
    assert scenes[20].settled
    assert not scenes[0].settled
    assert {track.track_id for scene in scenes for track in scene.tracks} == {1}
    (box,) = scenes[60].people
    left = -40 + 30 * 4
    assert box == pytest.approx([left, 90, left + 30, 175], abs=9)


def test_seam() -> None:
    """At a seam tracks and things end, and no number is used again."""
    street, eye = Street(), Eye()
    before = look(eye, timed(walk(street, k / 10) for k in range(80)))[-1]
    frame = replace(before.frame, seam=True, monotonic_s=9.0)
    after = eye.look(frame)
    assert before.tracks
    assert not after.tracks
    assert not after.things
    assert not after.settled
    later = look(eye, (replace(f, monotonic_s=9 + f.monotonic_s) for f in _walks_again(street)))
    again = {track.track_id for scene in later for track in scene.tracks}
    assert again
    assert min(again) > max(track.track_id for track in before.tracks)


def test_time_lapse_tells_no_movement() -> None:
    """Looks an hour apart never settle: what differs between them need not have moved."""
    street = Street()
    frames = timed(walk(street, k) for k in range(12))
    scenes = look(Eye(), (replace(frame, monotonic_s=3600.0 * k) for k, frame in enumerate(frames)))
    assert not any(scene.settled or scene.tracks for scene in scenes)


def _walks_again(street: Street) -> Iterable[Frame]:
    return timed(walk(street, k / 10) for k in range(1, 100))


def test_frames_too_close_are_not_looked_at_twice() -> None:
    """A camera of 25 frames a second costs no more than one of 12."""
    street = Street()
    scenes = look(Eye(), timed((street.picture() for _ in range(100)), fps=25))
    looked = sum(a.people is not b.people for a, b in pairwise(scenes))
    assert looked <= 50


@pytest.mark.parametrize(
    ("light", "shift"),
    [
        pytest.param(1.0, 60, id="the camera is turned away"),
        pytest.param(0.02, 0, id="the light goes out"),
    ],
)
def test_unsettled(light: float, shift: int) -> None:
    """A changed view raises nothing: the eye says it is unsettled, then begins anew."""
    street, eye = Street(), Eye()
    dumping = Dumping(DumpingConfig(stay_s=2), Night(None, UTC), uuid7)
    pictures = (
        street.picture(light=light if k > 60 else 1.0, shift=shift if k > 60 else 0)
        for k in range(180)
    )
    scenes = look(eye, timed(pictures))
    assert not scenes[62].settled
    assert scenes[-1].settled
    assert not [finding for scene in scenes for finding in dumping.evaluate(scene)]


class Saying:
    """A detector that always says the same of the whole picture it is shown."""

    def __init__(self, label: int) -> None:
        self._label = label
        self.shown: list[tuple[int, int]] = []

    def detect(self, pixels: Pixels) -> Detections:
        height, width, _ = pixels.shape
        self.shown.append((width, height))
        whole = np.array([[0, 0, width, height]], np.float32)
        return Detections(whole, np.ones(1, np.float32), np.array([self._label]))


def test_looks_closer() -> None:
    """A standing thing is shown to the detector enlarged, and its answers are kept as shares."""
    street, detector = Street(), Saying(WASTE)
    shapes = [(BAG, GRAY)]
    scenes = look(Eye(detector), timed(street.picture(*shapes[: k > 40]) for k in range(120)))
    (thing,) = scenes[-1].things
    assert thing.looks.count >= 2
    assert thing.looks.waste == 1
    assert any(width < 200 for width, _ in detector.shown)


def test_asks_the_detector_seldom() -> None:
    """Where nothing moves the detector rests; where something moves it is asked twice a second."""
    street = Street()
    idle, busy = Saying(PERSON), Saying(PERSON)
    look(Eye(idle), timed(street.picture() for _ in range(100)))
    look(Eye(busy), timed(walk(street, k / 10) for k in range(100)))
    assert len(idle.shown) <= 5
    assert 8 <= len(busy.shown) <= 21


def test_a_box_at_the_edge_is_shown_too() -> None:
    """A thing in the corner is shown within the picture."""
    detector = Saying(PERSON)
    corner = np.array([0, 0, 12, 12], np.float32)
    assert what(detector, Street().picture(), corner) == PERSON
    assert detector.shown == [(96, 96)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "clip", ["vtest.avi", "car-detection.mp4", "one-by-one-person-detection.mp4"]
)
def test_quiet_footage(clip: str, shared_data: Path) -> None:
    """Real footage without an offence raises nothing by motion alone, with a short stay too."""
    eye, dumping = Eye(), Dumping(DumpingConfig(stay_s=10), Night(None, UTC), uuid7)
    for frame in frames_of(shared_data / "video" / clip):
        assert not dumping.evaluate(eye.look(frame))
