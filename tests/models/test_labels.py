"""Labels: text and polygons become boxes and boxes become text."""

import numpy as np
import pytest

from edge.vision.boxes import LABELS as BOX_LABELS
from edge.vision.classes import USUAL_CLASSES
from models.errors import LabelError
from models.labels import (
    CABLE,
    LABELS,
    MEANINGS,
    SCAFFOLD,
    WASTE,
    Boxes,
    clipped,
    iou,
    meaning_of,
    polygon_box,
    read_lines,
    read_polygons,
    suppressed,
    write_lines,
)


def test_boxes_written_and_read_are_the_same_to_a_hundredth_of_a_pixel() -> None:
    rng = np.random.default_rng(1)
    low = rng.uniform(0, 400, (30, 2))
    rows = np.concatenate([rng.integers(0, 11, (30, 1)), low, low + rng.uniform(4, 90, (30, 2))], 1)
    boxes = Boxes.of([(int(label), *sides) for label, *sides in rows.tolist()])

    again = read_lines(write_lines(boxes, (512, 384)), (512, 384))

    assert again.label.tolist() == boxes.label.tolist()
    assert np.abs(again.xyxy - boxes.xyxy).max() < 0.01


@pytest.mark.parametrize(
    ("line", "want"),
    [
        pytest.param("0 0.5 0.5 0.1", "label cx cy w h", id="a number too few"),
        pytest.param("0 a 0.5 0.1 0.1", "label cx cy w h", id="a word for a number"),
        pytest.param("11 0.5 0.5 0.1 0.1", "from 0 to 10", id="a label that nobody knows"),
    ],
)
def test_a_label_line_that_cannot_be_read_is_named(line: str, want: str) -> None:
    with pytest.raises(LabelError, match=want):
        read_lines(line, (100, 100))


def test_a_polygon_becomes_the_box_around_it_and_a_plain_box_its_corners() -> None:
    bag, box = read_polygons("1 0.1 0.2 0.5 0.2 0.3 0.9\n0 0.5 0.5 0.2 0.4\n", "a.txt")

    assert polygon_box(bag, (100, 200)) == (10.0, 40.0, 50.0, 180.0)
    assert polygon_box(box, (100, 100)) == pytest.approx((40, 30, 60, 70))


def test_a_polygon_of_two_points_is_refused() -> None:
    with pytest.raises(LabelError, match="three x y pairs"):
        read_polygons("0 0.1 0.1 0.2 0.2 0.3\n", "a.txt")


def test_what_is_mostly_outside_the_picture_is_no_label() -> None:
    boxes = Boxes.of([(0, -50, 10, 10, 50), (1, -10, 10, 50, 50)])

    inside = clipped(boxes, (100, 100))

    assert inside.label.tolist() == [1]
    assert inside.xyxy.tolist() == [[0, 10, 50, 50]]


def test_suppression_keeps_the_surest_of_one_label_and_never_crosses_labels() -> None:
    boxes = Boxes(
        np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10]], np.float32),
        np.array([0, 0, 2]),
        np.array([0.5, 0.9, 0.4], np.float32),
    )

    kept = suppressed(boxes, 0.5)

    assert sorted(zip(kept.label.tolist(), kept.score.round(1).tolist(), strict=True)) == [
        (0, pytest.approx(0.9)),
        (2, pytest.approx(0.4)),
    ]


def test_boxes_of_unequal_lengths_are_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"xyxy \(2, 4\).*want \(1, 4\)"):
        Boxes(np.zeros((2, 4), np.float32), np.zeros(1, np.int64), np.zeros(1, np.float32))


def test_a_box_without_area_overlaps_nothing() -> None:
    flat = np.array([[5, 5, 5, 9]], np.float32)

    assert iou(flat, flat).item() == 0


@pytest.mark.parametrize("name", LABELS)
def test_a_class_means_here_what_the_box_at_the_street_takes_it_for(name: str) -> None:
    """The box tells bulky waste apart; in training and judging it is waste."""
    meaning, there = meaning_of(name), USUAL_CLASSES.get(name)

    assert (there, "waste")[there == "bulky"] == (MEANINGS[meaning] if meaning >= 0 else None)
    assert (*MEANINGS, "bulky") == BOX_LABELS


def test_the_names_of_the_classes_are_the_numbers_of_them() -> None:
    assert (LABELS[WASTE], LABELS[CABLE], LABELS[SCAFFOLD]) == ("waste", "cable", "scaffold")
    assert len(LABELS) == 11


def test_both_editions_speak_one_language_of_meanings() -> None:
    fine = Boxes.of([(LABELS.index("e-bike"), 0, 0, 9, 9), (CABLE, 0, 0, 9, 9)])
    first = Boxes.of([(1, 0, 0, 9, 9)])

    assert fine.meaning(LABELS).label.tolist() == first.meaning(MEANINGS).label.tolist() == [1]
