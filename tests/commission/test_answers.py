"""The box's answer to a probe: which alert is its own, and why there was none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.scenarios import dumping_words as words
from edge.scenarios.finding import NearMiss
from edge.vision.scene import Box
from sanse.commission.listening import Told
from sanse.commission.probe import why
from sanse.commission.stories import STORIES
from wire import Alert, DumpingFacts

AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
PLACE = (100.0, 100.0, 130.0, 120.0)
FAR = (400.0, 300.0, 430.0, 320.0)
GOLDEN = Path(__file__).parents[1] / "golden" / "alert.json"


def miss(code: str, lacking: float, xyxy: Box = PLACE) -> NearMiss:
    return NearMiss("dumping", code, AT, xyxy, words.stayed(3, 8), lacking)


@pytest.mark.parametrize(
    ("misses", "code"),
    [
        pytest.param([miss("tiny", 0.4), miss("hidden", 0.2)], "hidden", id="the closest call"),
        pytest.param([miss("tiny", 0.1, FAR)], "unsaid", id="what was elsewhere says nothing"),
        pytest.param([], "unsaid", id="nothing was told"),
    ],
)
def test_why_it_missed(misses: list[NearMiss], code: str) -> None:
    """Of the near misses at the deed's place, the one that lacked least."""
    told = Told(AT, misses=misses)
    assert why(told, STORIES["dumps"], PLACE).code == code


def test_a_stay_cut_off_by_the_probe_says_so() -> None:
    """What is drawn stays for good; only the probe's end made it too short."""
    found = why(Told(AT, misses=[miss("stay-too-short", 0.6)]), STORIES["dumps"], PLACE)
    assert found.en.startswith("stayed 3 of 8 s when the probe ended;")
    assert found.zh.startswith("到试验结束时停留 3 秒，未满 8 秒；")


def test_a_bike_that_the_detector_does_not_know() -> None:
    """Without a bike no line is looked for, and that is the reason told."""
    assert why(Told(AT), STORIES["charges"], PLACE, known=False).code == "no-bike"


def test_how_long_an_alerts_thing_stood() -> None:
    """Until it was seen to go; else to the footage's end, and perhaps for good."""
    alert = Alert.from_bytes(GOLDEN.read_bytes())
    began_at = alert.captured_at - timedelta(seconds=20)
    opened = alert.model_copy(update={"phase": "opened", "revision": 0})
    place, facts = opened.region.xyxy, opened.facts
    assert isinstance(facts, DumpingFacts)
    (still,) = Told(began_at, [opened], seconds=50.0).heard(place)
    assert still.here
    assert not still.ended
    assert still.stayed_s == pytest.approx(facts.stayed_s + 30, abs=0.01)
    closed = opened.model_copy(update={"phase": "closed", "revision": 1})
    (gone,) = Told(began_at, [opened, closed], seconds=50.0).heard((0.0, 0.0, 1.0, 1.0))
    assert gone.ended
    assert gone.stayed_s == pytest.approx(facts.stayed_s)
