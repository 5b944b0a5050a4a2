"""The bookkeeping of a training that may be killed at any step; no torch needed."""

from dataclasses import replace

import pytest

from models.dataset import Recipe
from models.train import Mark, Plan, fingerprint, is_finished, picture_numbers, slots

PLAN = Plan(batch=4, seed=3)
RECIPE = Recipe(images=40, mix=(2, 1, 1))


def test_every_round_sees_every_picture_once_in_its_own_order() -> None:
    first = [n for step in range(10) for n in picture_numbers(step, PLAN, RECIPE)]
    second = [n for step in range(10, 20) for n in picture_numbers(step, PLAN, RECIPE)]

    assert sorted(first) == sorted(second) == list(range(40))
    assert first != second


@pytest.mark.parametrize("cut", [1, 2, 7, 11])
def test_a_run_cut_off_at_any_step_sees_what_an_unbroken_run_sees(cut: int) -> None:
    unbroken = [picture_numbers(step, PLAN, RECIPE) for step in range(12)]

    again = [picture_numbers(step, PLAN, RECIPE) for step in range(cut, 12)]

    assert unbroken[cut:] == again


def test_every_step_has_half_stills_a_quarter_compositions_and_a_quarter_real() -> None:
    recipe = Recipe()

    for step in (0, 1, 5000):
        kinds = [recipe.kind(number) for number in picture_numbers(step, Plan(), recipe)]
        assert {kind: kinds.count(kind) for kind in kinds} == {"still": 4, "composed": 2, "real": 2}


@pytest.mark.parametrize("batch", [1, 3, 8, 9])
def test_the_slots_of_a_batch_fill_it(batch: int) -> None:
    assert sum(slots(batch, (4, 2, 2))) == batch


def test_time_and_starts_add_up_over_restarts() -> None:
    mark = Mark().started().after(4.0, 2.0).after(2.0, 3.0).started()

    assert (mark.step, mark.spent_s, mark.starts) == (2, 5.0, 2)
    assert mark.loss == pytest.approx(3.96)


@pytest.mark.parametrize(
    ("mark", "finished"),
    [
        pytest.param(Mark(step=99, spent_s=59), False, id="neither steps nor time are used up"),
        pytest.param(Mark(step=100, spent_s=1), True, id="all steps are done"),
        pytest.param(Mark(step=5, spent_s=60), True, id="the time is used up"),
    ],
)
def test_a_training_ends_by_steps_or_by_time(mark: Mark, finished: bool) -> None:
    assert is_finished(mark, Plan(steps=100, budget_s=60)) is finished


def test_the_rate_warms_up_and_falls() -> None:
    plan = Plan(steps=1000, warm_steps=100, peak_rate=0.002)
    rates = [plan.rate(step) for step in range(1000)]

    assert rates[0] < rates[50] < rates[99]
    assert rates[200] > rates[600] > rates[999]
    assert max(rates) <= 0.002


def test_the_rate_follows_the_clock_where_the_machine_is_too_slow() -> None:
    plan = Plan(steps=1000, budget_s=100)

    assert plan.rate(300, spent_s=90) < plan.rate(300, spent_s=10)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param({"threads": 7}, True, id="threads do not matter"),
        pytest.param({"save_every": 5}, True, id="how often it saves does not matter"),
        pytest.param({"budget_s": 1.0}, True, id="patience does not matter"),
        pytest.param({"batch": 4}, False, id="the batch does"),
        pytest.param({"seed": 9}, False, id="the seed does"),
        pytest.param({"steps": 9}, False, id="the length does"),
    ],
)
def test_a_checkpoint_belongs_to_what_decides_a_step(change: dict[str, float], same: bool) -> None:
    plan = Plan()
    other = replace(plan, **change)  # type: ignore[arg-type]

    assert (fingerprint(plan, "data") == fingerprint(other, "data")) is same
    assert fingerprint(plan, "data") != fingerprint(plan, "other data")
