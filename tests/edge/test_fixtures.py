"""What stands is remembered: through shadows, walkers, dusk, misses and a restart."""

import numpy as np
import pytest

from edge.video.frame import Pixels
from edge.vision.boxes import KINDS, PERSON, VEHICLE, Detections, Floats
from edge.vision.eye import inside, parts_of
from edge.vision.fixtures import Fixtures
from edge.vision.known import Known, patch

BIKE = (40.0, 60.0, 100.0, 110.0)
NOBODY = np.empty((0, 4), np.float32)
NOTHING = Detections.none()
HIGH, WIDE = 160, 200


def street(bike: bool = True, light: float = 1.0) -> Pixels:
    rng = np.random.default_rng(3)
    picture = np.full((HIGH, WIDE, 3), 90.0) + rng.normal(0, 2, (HIGH, WIDE, 3))
    if bike:
        picture[60:110, 40:100] = np.kron(rng.uniform(0, 200, (5, 6)), np.ones((10, 10)))[..., None]
    return (picture * light).clip(0, 255).astype(np.uint8)


def seen(kind: str = "e-bike", box: tuple[float, ...] = BIKE, label: int = VEHICLE) -> Detections:
    index = KINDS.index(kind) if kind in KINDS else -1
    xyxy = np.array([box], np.float32)
    return Detections(xyxy, np.ones(1, np.float32), np.array([label]), np.array([index]))


def standing(fixtures: Fixtures | None = None, since_s: int = 0) -> Fixtures:
    """A bike seen in five looks, a second apart."""
    fixtures = fixtures or Fixtures()
    for at_s in range(since_s, since_s + 5):
        fixtures.step(seen(), NOBODY, street(), at_s)
    return fixtures


def look_on(
    fixtures: Fixtures,
    seconds: int,
    picture: Pixels,
    found: Detections = NOTHING,
    moving: Floats = NOBODY,
) -> Fixtures:
    for at_s in range(5, 5 + seconds):
        fixtures.step(found, moving, picture, at_s)
    return fixtures


def test_one_look_is_no_fixture_and_two_are() -> None:
    fixtures = Fixtures()
    fixtures.step(seen(), NOBODY, street(), 0.0)
    assert not fixtures.parked
    fixtures.step(seen(), NOBODY, street(), 1.0)
    (parked,) = fixtures.parked
    assert (parked.kind, parked.since_s, parked.stood_s) == ("e-bike", 0.0, 1.0)


@pytest.mark.parametrize("light", [1.0, 0.4, 1.2], ids=["same light", "dusk", "brighter"])
def test_what_the_detector_misses_stands_on_while_its_place_looks_the_same(light: float) -> None:
    fixtures = look_on(standing(), 60, street(light=light))
    (parked,) = fixtures.parked
    assert parked.stood_s == pytest.approx(64)
    assert parked.visible


def test_who_walks_before_it_hides_it_and_no_more() -> None:
    walker = np.array([[30, 20, 90, 120]], np.float32)
    fixtures = look_on(standing(), 60, street(bike=False), moving=walker)
    (parked,) = fixtures.parked
    assert not parked.visible


def test_it_goes_when_its_place_shows_the_ground() -> None:
    assert look_on(standing(), 10, street(bike=False)).parked == ()


def test_one_look_after_a_pause_lets_nothing_go() -> None:
    """A lost stream comes back with a picture that shows it badly."""
    fixtures = standing()
    fixtures.step(NOTHING, NOBODY, street(bike=False), 300.0)
    assert fixtures.parked
    fixtures.step(NOTHING, NOBODY, street(bike=False), 600.0)
    assert not fixtures.parked


def test_what_comes_back_with_its_old_look_is_the_old_one() -> None:
    fixtures = standing()
    (before,) = fixtures.parked
    look_on(fixtures, 10, street(bike=False))
    standing(fixtures, since_s=20)
    (after,) = fixtures.parked
    assert after.fixture_id == before.fixture_id


def test_its_kind_is_what_most_looks_say_and_persons_are_none() -> None:
    fixtures = Fixtures()
    for at_s, kind in enumerate(["vehicle", "vehicle", "vehicle", "bicycle", "e-bike", "e-bike"]):
        fixtures.step(seen(kind), NOBODY, street(), at_s)
    fixtures.step(seen(box=(120, 20, 150, 100), label=PERSON), NOBODY, street(), 7.0)
    assert [parked.kind for parked in fixtures.parked] == ["e-bike"]


def test_a_pause_in_which_nobody_looked_is_not_time_that_it_stood() -> None:
    fixtures = standing()
    fixtures.step(seen(), NOBODY, street(), 10_000.0)
    assert fixtures.parked[0].stood_s == pytest.approx(14.0)


def known(fixtures: Fixtures) -> Known:
    (parked,) = fixtures.parked
    return Known(np.array(parked.xyxy, np.float32), patch(street(), np.array(BIKE, np.float32)))


def test_always_there_sticks_through_a_restart() -> None:
    """It sticks to the thing, not to its neighbor, in another light too."""
    fixtures = standing()
    always = known(fixtures)
    fixtures.accept([always])
    saved = fixtures.saved()
    assert len(saved) < 8_000
    restored = Fixtures.restored(saved, now_s=3.0)
    restored.accept([always])
    (before,), (after,) = fixtures.parked, restored.parked
    assert after.accepted
    assert (after.fixture_id, after.kind) == (before.fixture_id, before.kind)
    assert after.stood_s == pytest.approx(before.stood_s)
    restored.step(NOTHING, NOBODY, street(light=0.5), 4.0)
    assert restored.parked[0].visible
    restored.step(seen(box=(120, 60, 180, 110)), NOBODY, street(), 5.0)
    restored.step(seen(box=(120, 60, 180, 110)), NOBODY, street(), 6.0)
    assert [parked.accepted for parked in restored.parked] == [True, False]
    assert len({parked.fixture_id for parked in restored.parked}) == 2


@pytest.mark.parametrize("light", [1.0, 0.4, 1.2], ids=["same light", "dusk", "brighter"])
def test_what_is_always_there_may_come_back_after_days(light: float) -> None:
    """Long forgotten as a thing, it is known by its place and look, and another thing is not."""
    fixtures = Fixtures([known(standing())])
    for at_s in (100_000, 100_001):
        fixtures.step(seen(), NOBODY, street(light=light), at_s)
    assert [parked.accepted for parked in fixtures.parked] == [True]
    other = Fixtures(fixtures.always_there)
    for at_s in (0, 1):
        other.step(seen(), NOBODY, street()[:, ::-1].copy(), at_s)
    assert [parked.accepted for parked in other.parked] == [False]


def test_always_there_can_be_taken_back() -> None:
    fixtures = standing()
    fixtures.accept([known(fixtures)])
    fixtures.accept([])
    assert not fixtures.parked[0].accepted


def test_a_torn_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no file of fixtures"):
        Fixtures.restored(standing().saved()[:40])


def test_what_a_part_of_the_picture_cuts_is_not_believed() -> None:
    left, top, right, bottom = parts_of((1280, 720))[2]
    cut = np.array([[0, 50, 40, 90], [100, 50, 140, 90]], np.float32)
    found = Detections(cut, np.ones(2, np.float32), np.full(2, VEHICLE))
    kept = inside(found, (right - left, bottom - top), (1280, 720), (left, top))
    assert kept.xyxy.tolist() == [[left + 100, top + 50, left + 140, top + 90]]
