"""Which alerts go out, and when again: pure decisions over a queue and a clock."""

import pytest

from edge.uplink.sending import Sending
from edge.uplink.takeover import TakeoverWatch


def test_sends_each_once_until_it_is_due_again() -> None:
    """An alert goes out at once, then after 10, 20, 40 … and at most 300 s, until its receipt."""
    sending, sent_at = Sending(), []
    for second in range(1300):
        if sending.due(["a"], float(second)):
            sent_at.append(second)
    assert sent_at == [0, 10, 30, 70, 150, 310, 610, 910, 1210]
    sending.receipted("a")
    assert sending.due([], 1300) == []


def test_stops_at_the_limit() -> None:
    """Fifty without a receipt are the most; each receipt lets one more out, in order."""
    queue = [f"alert {number}" for number in range(60)]
    sending = Sending()
    assert sending.due(queue, 0) == queue[:50]
    assert sending.due(queue, 1) == []
    sending.receipted("alert 7")
    queue.remove("alert 7")
    assert sending.due(queue, 2) == ["alert 50"]
    assert sending.on_the_way == 50


@pytest.mark.parametrize("front", [0, 5, 50], ids=lambda n: f"{n} more urgent ones came")
def test_sees_past_what_is_on_its_way(front: int) -> None:
    """The part of the queue that is looked at always holds enough to fill the window."""
    sending = Sending()
    waiting = [f"old {number}" for number in range(200)]
    sending.due(waiting[: sending.wanted], 0)
    waiting = [f"urgent {number}" for number in range(front)] + waiting
    for number in range(50):
        sending.receipted(f"old {number}")
        waiting.remove(f"old {number}")
    assert sending.due(waiting[: sending.wanted], 1) == waiting[:50]


def test_starts_over() -> None:
    """When the gateway is back, everything is due at once, the most urgent first."""
    sending = Sending(limit=2)
    assert sending.due(["a", "b", "c"], 0) == ["a", "b"]
    assert sending.due(["urgent", "a", "b"], 1) == []
    sending.start_over()
    assert sending.due(["urgent", "a", "b"], 2) == ["urgent", "a"]


@pytest.mark.parametrize(
    ("lives_s", "seen"),
    [
        pytest.param([2.0, 3.0, 2.0], True, id="thrown off three times in a row"),
        pytest.param([2.0, 3.0], False, id="only twice"),
        pytest.param([2.0, 900.0, 2.0], False, id="a long life in between"),
        pytest.param([2.0, 3.0, None, 2.0], False, id="the broker itself was away in between"),
    ],
)
def test_recognizes_a_takeover(lives_s: list[float | None], seen: bool) -> None:
    """Short connections that the broker ends again and again are put down to a namesake."""
    watch, verdict = TakeoverWatch(), False
    for lived_s in lives_s:
        if lived_s is None:
            watch.away()
        else:
            verdict = watch.lost(lived_s)
    assert verdict is seen
