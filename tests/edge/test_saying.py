"""Trouble that lasts is one line on the log, not one for each frame."""

import pytest
import structlog

from edge.saying import REPEAT_S, Complaint

FULL, LOST = "the disk is full", "the disk is lost"


@pytest.mark.parametrize(
    ("tries", "said"),
    [
        pytest.param([FULL] * 5, [FULL], id="it lasts"),
        pytest.param([FULL, LOST, LOST], [FULL, LOST], id="it changes"),
        pytest.param([FULL, None, FULL], [FULL, FULL], id="it was over"),
    ],
)
def test_without_a_clock_what_is_news_is_said(tries: list[str | None], said: list[str]) -> None:
    trouble = Complaint(structlog.get_logger())
    with structlog.testing.capture_logs() as lines:
        for sentence in tries:
            if sentence is None:
                trouble.over()
            else:
                trouble.say(sentence)
    assert [line["event"] for line in lines] == said


def test_with_a_clock_it_is_said_again_now_and_then() -> None:
    trouble = Complaint(structlog.get_logger())
    with structlog.testing.capture_logs() as lines:
        for beat in range(26):
            trouble.say(FULL, beat * REPEAT_S / 10)
    assert len(lines) == 3
