"""Figures: what counts as found, and what a model is worth."""

import numpy as np
import pytest

from models.evaluate import average_precision, best_threshold, judge, matched
from models.labels import PERSON, WASTE, Boxes

ONE = [(PERSON, 10.0, 10.0, 30.0, 60.0)]


def found(*rows: tuple[float, float, float, float, float], label: int = PERSON) -> Boxes:
    boxes = Boxes.of([(label, *row[1:]) for row in rows])
    return Boxes(boxes.xyxy, boxes.label, np.array([row[0] for row in rows], np.float32))


def test_all_found_and_nothing_else_is_one_in_every_figure() -> None:
    figures = judge([Boxes.of(ONE)], [found((0.9, 10, 10, 30, 60))], PERSON, 0.5)

    assert (figures.ap50, figures.recall, figures.precision) == (1, 1, 1)
    assert figures.false_per_picture == 0


def test_a_second_box_on_the_same_thing_is_false() -> None:
    seen = found((0.9, 10, 10, 30, 60), (0.8, 11, 10, 31, 60))

    figures = judge([Boxes.of(ONE)], [seen], PERSON, 0.5)

    assert figures.precision == 0.5
    assert figures.false_per_picture == 1


def test_a_box_of_another_label_or_place_finds_nothing() -> None:
    elsewhere = judge([Boxes.of(ONE)], [found((0.9, 100, 10, 130, 60))], PERSON, 0.5)
    other = judge([Boxes.of(ONE)], [found((0.9, 10, 10, 30, 60), label=WASTE)], PERSON, 0.5)

    assert (elsewhere.recall, other.recall) == (0, 0)


def test_below_the_threshold_nothing_counts_as_found_but_ap_sees_it() -> None:
    figures = judge([Boxes.of(ONE)], [found((0.3, 10, 10, 30, 60))], PERSON, 0.5)

    assert (figures.recall, figures.precision) == (0, 0)
    assert figures.ap50 == 1


def test_the_surer_box_takes_the_thing() -> None:
    seen = found((0.4, 10, 10, 30, 60), (0.9, 10, 12, 30, 60))

    assert matched(Boxes.of(ONE).xyxy, seen).tolist() == [False, True]


def test_average_precision_is_the_area_under_the_envelope() -> None:
    score = np.array([0.9, 0.8, 0.7], np.float32)

    assert average_precision(score, np.array([True, False, True]), 2) == pytest.approx(
        0.5 + 0.5 * 2 / 3
    )


def test_nothing_labelled_and_nothing_found_gives_zeros_not_errors() -> None:
    figures = judge([Boxes.of([])], [Boxes.of([])], PERSON, 0.5)

    assert (figures.boxes, figures.ap50, figures.recall, figures.precision) == (0, 0, 0, 0)


def test_the_best_threshold_lies_between_the_right_and_the_wrong() -> None:
    truths = [Boxes.of(ONE)] * 4
    seen = [found((0.6, 10, 10, 30, 60), (0.4, 200, 10, 230, 60))] * 4

    assert 0.4 < best_threshold(truths, seen, PERSON, 1.0) <= 0.6
