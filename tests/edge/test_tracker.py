"""Tracks keep their names through gaps, merges and pieces."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.build import open_detector
from edge.config import Detector
from edge.vision.boxes import PERSON, VEHICLE, Detections, Floats
from edge.vision.eye import Eye
from edge.vision.tracker import UNKNOWN, Tracker, merge_sightings
from sanse.defaults import street_n
from tests.edge.footage import frames_of

STEP_S = 0.1


def seen(*boxes: tuple[float, float, float, float], label: int = UNKNOWN) -> Detections:
    n = len(boxes)
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    return Detections(xyxy, np.ones(n, np.float32), np.full(n, label, np.int64))


def walker(left: float, top: float = 100) -> tuple[float, float, float, float]:
    return (left, top, left + 30, top + 80)


def test_confirms_what_lasts() -> None:
    """A mover is a track after half a second, not at its first blob."""
    tracker = Tracker()
    counts = [len(tracker.step(seen(walker(5.0 * k)), k * STEP_S)) for k in range(10)]
    assert counts[0] == 0
    assert counts[-1] == 1


@pytest.mark.parametrize("speed", [pytest.param(0, id="standing"), pytest.param(6, id="walking")])
@pytest.mark.parametrize(
    ("hidden_s", "same"),
    [pytest.param(2.0, True, id="two seconds"), pytest.param(4.0, False, id="four seconds")],
)
def test_occlusion(speed: float, hidden_s: float, *, same: bool) -> None:
    """One who is hidden for two seconds is the same afterwards; for four seconds, someone new."""
    tracker = Tracker()
    before, after = set(), set()
    for k in range(90):
        now_s = k * STEP_S
        hidden = 2.0 < now_s <= 2.0 + hidden_s
        boxes = seen() if hidden else seen(walker(speed * k + 5 * min(k, 10)))
        ids = {track.track_id for track in tracker.step(boxes, now_s) if track.seen}
        if now_s <= 2:
            before |= ids
        elif not hidden:
            after |= ids
    assert len(before) == 1
    assert (after == before) if same else not (after & before)


def test_known_size_is_kept() -> None:
    """Whose size a detector has shown keeps it, though motion shows his arms and coat alone."""
    tracker = Tracker()
    whole, upper = walker(100), (100.0, 100.0, 130.0, 140.0)
    for k in range(30):
        asked = k % 5 == 0
        sighting = seen(whole, label=PERSON) if asked else seen(upper)
        tracks = tracker.step(sighting, k * STEP_S)
    (track,) = tracks
    assert track.xyxy[3] > 165


def test_crossing() -> None:
    """Two who walk through each other and are one blob for a moment keep their names."""
    tracker = Tracker()
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    for k in range(60):
        a, b = walker(6.0 * k), walker(330 - 6.0 * k, 110)
        if abs(a[0] - b[0]) < 34:
            boxes = seen((min(a[0], b[0]), 100, max(a[2], b[2]), 190))
        else:
            boxes = seen(a, b)
        for track in tracker.step(boxes, k * STEP_S):
            first.setdefault(track.track_id, track.xyxy[0])
            last[track.track_id] = track.xyxy[0]
    assert len(first) == 2
    moved = sorted(last[key] - first[key] for key in first)
    assert moved[0] < -200
    assert moved[1] > 200


def test_pieces() -> None:
    """Head and legs that come apart are still one walker."""
    tracker = Tracker()
    ids = set()
    for k in range(40):
        left = 5.0 * k
        whole = seen((left, 100, left + 30, 180))
        pieces = seen((left + 5, 100, left + 25, 130), (left, 138, left + 30, 180))
        tracks = tracker.step(whole if k < 15 or k % 3 else pieces, k * STEP_S)
        ids |= {track.track_id for track in tracks}
    assert len(ids) == 1


def test_flicker_is_no_track() -> None:
    """What comes and goes in one place is no mover."""
    tracker = Tracker()
    rng = np.random.default_rng(3)
    for k in range(60):
        jitter = [float(v) for v in rng.uniform(-3, 3, 2)]
        tracks = tracker.step(seen(walker(50 + jitter[0], 100 + jitter[1])), k * STEP_S)
        assert not tracks


def test_label_by_votes() -> None:
    """A detector that says person now and then names the track for good."""
    tracker = Tracker()
    for k in range(20):
        label = PERSON if k % 5 == 0 else UNKNOWN
        tracks = tracker.step(seen(walker(4.0 * k), label=label), k * STEP_S)
    assert [track.label for track in tracks] == ["person"]


def test_what_a_truck_has_strewn_about_is_no_truck() -> None:
    """Pieces that stir where it stood keep its track for a while, and not for good."""
    tracker = Tracker()
    truck = (50.0, 40.0, 250.0, 200.0)
    for k in range(20):
        assert len(tracker.step(seen(truck, label=VEHICLE), k * STEP_S)) == (k >= 5)
    pieces: Floats = np.array(
        [(60, 60, 80, 75), (120, 150, 180, 190), (220, 60, 245, 75)], np.float32
    )
    strewn = merge_sightings(seen(label=VEHICLE), pieces)
    alive = [bool(tracker.step(strewn, k * STEP_S)) for k in range(20, 120)]
    assert alive[:35] == [True] * 35
    assert not any(alive[50:])


def test_detections_explain_blobs() -> None:
    """A blob under a detector's box is not a second mover."""
    found = seen(walker(0), label=PERSON)
    moving: Floats = np.array([walker(2), walker(200)], np.float32)
    assert merge_sightings(found, moving).label.tolist() == [PERSON, UNKNOWN]


def _lasting_tracks(clip: Path, eye: Eye) -> Iterator[tuple[float, float]]:
    """First and last sight of every track of at least a second."""
    span: dict[int, tuple[float, float]] = {}
    for frame in frames_of(clip):
        for track in eye.look(frame).tracks:
            span[track.track_id] = (track.since_s, track.seen_s)
    yield from (times for times in span.values() if times[1] - times[0] >= 1)


@pytest.mark.slow
def test_six_visitors(shared_data: Path) -> None:
    """Six visitors, who each stand at a table for up to 24 s, are six tracks, give or take one."""
    cv2.setNumThreads(1)
    clip = shared_data / "video" / "one-by-one-person-detection.mp4"
    tracks = list(_lasting_tracks(clip, Eye(open_detector(Detector(), street_n()))))
    assert 5 <= len(tracks) <= 7, tracks
    for first in (79, 238, 517, 756, 935, 1253):
        mine = [span for span in tracks if span[0] <= first / 10 + 1 <= span[1]]
        assert len(mine) == 1, first


@pytest.mark.parametrize(
    ("looks", "label"),
    [
        pytest.param([PERSON] * 8, "person", id="all agree"),
        pytest.param([PERSON, VEHICLE] * 4, "unknown", id="half and half"),
        pytest.param([PERSON, PERSON, VEHICLE] * 3, "person", id="two of three"),
        pytest.param([UNKNOWN] * 8, "unknown", id="motion alone"),
        pytest.param([UNKNOWN] * 7 + [VEHICLE], "vehicle", id="seen once, and sure"),
    ],
)
def test_a_name_needs_agreement(looks: list[int], label: str) -> None:
    """A track bears the label on which most looks of the detector agree."""
    tracker = Tracker()
    for k, look in enumerate(looks):
        tracks = tracker.step(seen(walker(5.0 * k), label=look), k * STEP_S)
    (track,) = tracks
    assert track.label == label
