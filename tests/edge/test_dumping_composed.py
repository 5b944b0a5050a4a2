"""On real footage: a photographed bag that a real walker leaves is found, and none other is.

The clips are composed: the walkers and the bag are photographed, their meeting is not.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.composing import (
    Drop,
    Person,
    Plate,
    composed,
    lonely_spot,
    moments,
    put_down,
    read_bags,
    read_plate,
    walkers,
    way_on,
)
from benchmarks.dumping import findings, timed
from benchmarks.events.rules import iou
from edge.scenarios.finding import Finding
from edge.video.frame import Pixels
from wire import DumpingFacts

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Stage:
    """One walker who leaves his spot, and a bag beside him."""

    plate: Plate
    way: tuple[Person, ...]
    drop: Drop
    bag: Pixels


@pytest.fixture(scope="module")
def stage(shared_data: Path) -> Stage:
    cv2.setNumThreads(1)
    plate = read_plate(shared_data / "video" / "vtest.avi", 400)
    chances = [(w, m) for w in walkers(plate) for m in moments(plate, w, 6, 10)]
    walker, person = max(chances, key=lambda chance: len(way_on(*chance)))
    drop, bag = put_down(plate, read_bags(shared_data / "waste" / "valid")[3], person, 1)
    return Stage(plate, way_on(walker, person), drop, bag)


def found(stage: Stage, drop: Drop) -> list[Finding]:
    clip = composed(stage.plate, drop, stage.bag)
    return findings(timed(clip, stage.plate.fps), None)


def test_brought_left_and_staying(stage: Stage) -> None:
    """Contact, departure and stay: one alert, on the bag, ten seconds after the departure."""
    (finding,) = found(stage, stage.drop)
    assert iou(finding.xyxy, stage.drop.ltrb) >= 0.4
    assert isinstance(finding.facts, DumpingFacts)
    assert 10 <= finding.facts.stayed_s <= 20


def test_nobody_brought_it(stage: Stage) -> None:
    """Without contact the same bag, left where nobody is, is nothing."""
    lonely = lonely_spot(stage.plate, stage.drop.frame, np.random.default_rng(5))
    assert lonely is not None
    height = stage.drop.ltrb[3] - stage.drop.ltrb[1]
    width = stage.drop.ltrb[2] - stage.drop.ltrb[0]
    left, bottom = lonely.ltrb[0], lonely.ltrb[3]
    away = replace(stage.drop, ltrb=(left, bottom - height, left + width, bottom))
    assert not found(stage, away)


def test_carrier_stays(stage: Stage) -> None:
    """Without departure, the walker standing beside his bag, it is nothing."""
    assert not found(stage, replace(stage.drop, stays=stage.way))


def test_taken_back(stage: Stage) -> None:
    """Without the stay, taken back after six seconds, it is nothing."""
    assert not found(stage, replace(stage.drop, gone=stage.drop.frame + 60))
