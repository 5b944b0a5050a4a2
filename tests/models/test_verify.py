"""The verdict on a model: the same bytes, the same material, figures within 0.03."""

from dataclasses import replace

import pytest

from models.cards import Card, as_markdown, read, render
from models.errors import ManifestError
from models.evaluate import Figures
from models.verify import figure_checks, hash_checks, wants_stills

FIGURES = Figures(
    boxes=40, pictures=12, ap50=0.61, recall=0.7, precision=0.8, false_per_picture=0.2
)
CARD = Card(
    name="street-n",
    version="1",
    sha256="ab" * 32,
    input_wh=(512, 384),
    labels=("person", "vehicle", "waste"),
    scores={"person": 0.3, "vehicle": 0.4, "waste": 0.45},
    things={"person": 12, "vehicle": 3, "waste": 35},
    material={"video/vtest.avi": "cd" * 32},
    dataset="ef" * 32,
    figures={"person, labelled frames": FIGURES},
)


def test_a_card_written_and_read_is_the_same() -> None:
    assert read(render(CARD)) == CARD


def test_a_card_of_the_second_edition_keeps_composed_and_earlier_figures_apart() -> None:
    second = replace(
        CARD,
        edition=2,
        class_scores={"e-bike": 0.35},
        composed={"e-bike as such, stills of benchmark seeds": FIGURES},
        before={"person, labelled frames": replace(FIGURES, ap50=0.5)},
        stills="aa" * 32,
    )

    assert read(render(second)) == second
    real, composed = as_markdown(second).split("| composed |")
    assert "| person, labelled frames | 40 | 12 | 0.61 | 0.70 | 0.80 | 0.20 | 0.50 |" in real
    assert "e-bike" in composed
    assert "e-bike" not in real
    assert wants_stills(second)
    assert not wants_stills(CARD)


def test_a_label_with_fewer_than_30_real_things_is_unproven() -> None:
    assert CARD.unproven == ("person", "vehicle")
    assert 'unproven = ["person", "vehicle"]' in render(CARD)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("name = ", "is not TOML", id="no TOML"),
        pytest.param('name = "x"\ninput_wh = [1, 2]', "lacks 'version'", id="a key is missing"),
        pytest.param(
            render(CARD).replace("[512, 384]", "[512]"), "unpack", id="a size of one number"
        ),
    ],
)
def test_a_card_that_cannot_be_read_is_refused_in_one_sentence(text: str, want: str) -> None:
    with pytest.raises(ManifestError, match=want):
        read(text)


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        pytest.param({"ap50": 0.64}, True, id="better by 0.03"),
        pytest.param({"recall": 0.67}, True, id="worse by 0.03"),
        pytest.param({"recall": 0.66}, False, id="worse by 0.04"),
        pytest.param({"precision": 0.85}, False, id="better by 0.05 is not the same model either"),
        pytest.param({"boxes": 41}, False, id="another count of labelled boxes"),
    ],
)
def test_figures_hold_within_three_hundredths(change: dict[str, float], holds: bool) -> None:
    now = {"person": replace(FIGURES, **change)}  # type: ignore[arg-type]

    checks = figure_checks({"person": FIGURES}, now)

    assert all(check.holds for check in checks) is holds


def test_a_figure_that_only_one_side_has_does_not_hold() -> None:
    (check,) = figure_checks({"person": FIGURES}, {})

    assert not check.holds
    assert (check.claimed, check.found) == ("given", "missing")


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        pytest.param({"a": "1" * 64}, True, id="the same bytes"),
        pytest.param({"a": "2" * 64}, False, id="other bytes"),
        pytest.param({}, False, id="a source is gone"),
        pytest.param({"a": "1" * 64, "b": "3" * 64}, False, id="a source has come"),
    ],
)
def test_hashes_hold_only_when_all_are_the_same(found: dict[str, str], holds: bool) -> None:
    assert all(check.holds for check in hash_checks({"a": "1" * 64}, found)) is holds
