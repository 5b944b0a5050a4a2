"""A thin line is found by day and in the dark; edges are none, and old lines are not new."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edge.video.frame import Pixels
from edge.vision.boxes import Bools
from edge.vision.lines import Line, Ridges, brought_to, lines_up_from, stillest

HIGH, WIDE = 260, 240
BIKE = (90, 200, 150, 256)


def wall(level: int = 110, noise: float = 2.0, seed: int = 1) -> Pixels:
    rng = np.random.default_rng(seed)
    bricks = level + 4.0 * ((np.arange(HIGH) // 9 % 2)[:, None] * np.ones(WIDE))
    picture = bricks[..., None] + rng.normal(0, noise, (HIGH, WIDE, 3))
    return picture.clip(0, 255).astype(np.uint8)


def sagging() -> npt.NDArray[np.int32]:
    """A cable's way from a window at the top down to the bike."""
    along = np.linspace(0, 1, 40)
    x = 60 + 60 * along - 40 * along * (1 - along)
    return np.stack([x, 20 + 195 * along], axis=1).round().astype(np.int32)


def hung(picture: Pixels, way: npt.NDArray[np.int32], level: int, width: int = 1) -> Pixels:
    drawn = picture.copy()
    cv2.polylines(drawn, [way], False, (level, level, level), width, cv2.LINE_AA)
    return drawn


def mask(box: tuple[int, int, int, int]) -> Bools:
    left, top, right, bottom = box
    picture = np.zeros((HIGH, WIDE), np.bool_)
    picture[top:bottom, left:right] = True
    return picture


def best(ridges: Ridges) -> Line | None:
    free = mask(BIKE)
    found = lines_up_from(ridges, mask((90, 200, 150, 235)), free, np.zeros_like(free), 1)
    return found[0] if found else None


def apart_px(line: Line, way: npt.NDArray[np.int32]) -> float:
    """How far the line lies off the way, most of it."""
    x = np.interp(line.xy[:, 1], way[:, 1], way[:, 0])
    return float(np.percentile(np.abs(x - line.xy[:, 0]), 80))


@pytest.mark.parametrize(
    ("level", "cable", "width"),
    [(110, 200, 1), (110, 30, 2), (25, 60, 1), (25, 70, 3)],
    ids=["light, thin", "dark", "thin in the dark", "thick in the dark"],
)
def test_a_sagging_line_is_followed_from_the_bike_to_its_upper_end(
    level: int, cable: int, width: int
) -> None:
    line = best(Ridges.of(hung(wall(level), sagging(), cable, width)))
    assert line is not None
    assert line.covered > 0.85
    assert line.short_px <= 8
    assert line.bend > 0.01
    assert apart_px(line, sagging()) <= 3
    assert abs(line.xy[-1, 1] - 20) <= 12


def test_bare_brickwork_has_no_line_worth_a_bike_s_height() -> None:
    line = best(Ridges.of(wall()))
    assert line is None or line.score < 0.6 * 56


def test_the_edge_of_a_wall_is_no_line() -> None:
    picture = wall()
    picture[:, 120:] = (picture[:, 120:] * 0.5).astype(np.uint8)
    line = best(Ridges.of(picture))
    assert line is None or line.score < 0.6 * 56


def test_a_pipe_is_straight_where_a_cable_hangs() -> None:
    pipe = np.array([[120, 5], [120, 215]], np.int32)
    line = best(Ridges.of(hung(wall(), pipe, 220, 3)))
    assert line is not None
    assert line.bend < 0.01


def test_a_line_that_ends_above_the_bike_says_by_how_much() -> None:
    line = best(Ridges.of(hung(wall(), sagging()[:28], 210, 2)))
    assert line is not None
    assert 25 <= line.short_px <= 60


def test_only_what_was_not_there_before_is_new() -> None:
    before = hung(wall(), np.array([[140, 0], [140, 205]], np.int32), 220, 2)
    now = hung(
        hung(wall(seed=2), np.array([[140, 0], [140, 205]], np.int32), 220, 2), sagging(), 200
    )
    line = best(Ridges.new_in(now, before))
    assert line is not None
    assert apart_px(line, sagging()) <= 3
    again = best(Ridges.new_in(now, hung(before, sagging(), 200)))
    assert again is None or again.score < 0.3 * 56


def test_a_new_line_that_crosses_a_lit_window_with_bars_is_followed_through_it() -> None:
    def barred(seed: int) -> Pixels:
        picture = wall(60, seed=seed)
        picture[90:150, 40:110] = (150, 210, 220)
        for x in range(44, 110, 9):
            cv2.line(picture, (x, 90), (x, 150), (70, 70, 70), 2)
        return picture

    line = best(Ridges.new_in(hung(barred(2), sagging(), 110, 2), barred(1)))
    assert line is not None
    assert line.covered > 0.8
    assert apart_px(line, sagging()) <= 3


def test_a_line_that_shows_in_another_light_is_not_new() -> None:
    darker = (hung(wall(seed=2), sagging(), 200, 2) * 0.6).astype(np.uint8)
    line = best(Ridges.new_in(darker, hung(wall(), sagging(), 200, 2)))
    assert line is None or line.score < 0.3 * 56


def test_a_line_that_has_gone_stood_out_more_before() -> None:
    before, now = hung(wall(), sagging(), 200, 2), wall(seed=2)
    trace = best(Ridges.new_in(now, before))
    assert trace is not None
    assert Ridges.of(now).along(trace) < Ridges.of(before).along(trace)
    came = best(Ridges.new_in(before, now))
    assert came is not None
    assert Ridges.of(before).along(came) > Ridges.of(now).along(came)


def test_the_second_line_shows_once_the_first_is_taken_away() -> None:
    other = np.array([[200, 10], [145, 215]], np.int32)
    ridges = Ridges.of(hung(hung(wall(), sagging(), 220, 2), other, 190))
    free = mask(BIKE)
    found = lines_up_from(ridges, mask((90, 200, 150, 235)), free, np.zeros_like(free), 2)
    assert len(found) == 2
    assert found[0].score >= found[1].score
    assert min(apart_px(line, sagging()) for line in found) <= 3
    assert min(apart_px(line, other) for line in found) <= 3


def test_the_median_of_shaken_looks_is_sharp_and_loses_who_walks_past() -> None:
    still = cv2.GaussianBlur(hung(wall(60), sagging(), 140, 2), (0, 0), 0.8).astype(np.uint8)
    cv2.rectangle(still, (20, 40), (70, 120), (20, 20, 20), -1)
    cv2.rectangle(still, (160, 90), (220, 150), (200, 200, 200), -1)
    looks = []
    for k, (dx, dy) in enumerate([(0, 0), (1, 0), (-1, 1), (0, -1), (1, 1)]):
        look = np.roll(still, (dy, dx), (0, 1))
        if k == 2:
            look[100:200, 20:60] = 0
        looks.append(look)
    middle = stillest(looks)
    inner = (slice(10, -10), slice(10, -10))
    assert float(np.abs(middle[inner].astype(int) - still[inner]).mean()) < 3
    moved = brought_to(still, looks[1])
    assert float(np.abs(moved[inner].astype(int) - still[inner]).mean()) < 3
