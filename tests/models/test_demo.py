"""The demonstration clip's plot, and the clip as bundled."""

from pathlib import Path

import av
import numpy as np
import pytest

from models.demo import (
    FPS,
    LENGTH_S,
    SIZE_WH,
    bag_at,
    car_at,
    compose_frame,
    people_at,
    script,
)
from models.drawn_street import Camera, draw_street

CLIP = Path(__file__).resolve().parents[2] / "sanse" / "demo" / "street.mp4"
SEEDS = range(6)


def moments(first_s: float, end_s: float) -> list[float]:
    return np.arange(first_s, end_s, 1 / FPS).tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_four_seconds_are_empty_and_still(seed: int) -> None:
    plot = script(seed)

    for time_s in moments(0, 4):
        assert not people_at(plot, time_s)
        assert not bag_at(plot, time_s)
        assert not car_at(plot, time_s)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bag_is_down_by_ten_and_a_half_seconds_and_then_never_moves(seed: int) -> None:
    plot = script(seed)
    bags = [bag_at(plot, time_s) for time_s in moments(10.6, LENGTH_S)]

    assert set(bags) == {plot.bag}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_carrier_is_gone_by_seventeen_seconds_and_the_bag_stays_twenty_more(
    seed: int,
) -> None:
    plot = script(seed)
    carrier = [p for t in moments(16.9, 17) for p in people_at(plot, t) if p.z == plot.walk_z]

    assert not carrier
    assert LENGTH_S - 17 >= 20


@pytest.mark.parametrize("seed", SEEDS)
def test_others_pass_without_touching_the_bag(seed: int) -> None:
    plot = script(seed)
    others = [p for t in moments(0, LENGTH_S) for p in people_at(plot, t) if p.z != plot.walk_z]

    assert others
    assert min(np.hypot(p.x - plot.bag.x, p.z - plot.bag.z) for p in others) > 2
    assert any(car_at(plot, time_s) for time_s in moments(0, LENGTH_S))


def test_a_moment_is_drawn_the_same_twice_and_another_seed_is_another_street() -> None:
    camera = Camera((192, 108), 170)
    first, second = (draw_street(camera, seed=1) for _ in range(2))
    other = draw_street(camera, seed=2)
    plot = script(1)

    assert np.array_equal(compose_frame(first, plot, 9.0), compose_frame(second, plot, 9.0))
    assert not np.array_equal(first.light, other.light)


def test_the_bag_changes_the_picture_only_where_it_stands() -> None:
    camera = Camera((192, 108), 170)
    street, plot = draw_street(camera, seed=0), script(0)

    changed = np.abs(compose_frame(street, plot, 16.5) - street.light).max(axis=2) > 0.02
    x, y, _ = camera.project((plot.bag.x, 0.45, plot.bag.z))
    around = changed[round(y) - 4 : round(y) + 5, round(x) - 3 : round(x) + 4]

    assert around.mean() > 0.7
    assert changed.mean() < 0.02


def test_the_bundled_clip_is_small_and_as_long_as_stated() -> None:
    assert CLIP.stat().st_size <= 2_000_000
    with av.open(str(CLIP)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height) == SIZE_WH
        assert stream.frames == round(FPS * LENGTH_S)
