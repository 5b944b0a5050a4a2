"""A request to stop is heard, whenever it comes and whoever else is busy."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from edge.care.stopping import SIGNALS, StopRequest


@pytest.mark.parametrize("number", SIGNALS)
def test_it_is_heard(number: int) -> None:
    """Before it is waited for and while it is; until it comes, waiting ends with its time."""
    with StopRequest() as stop:
        assert not stop.wait(0.01)
        os.kill(os.getpid(), number)
        assert stop.wait(5)
        assert stop.is_set()


def test_it_is_heard_while_waiting() -> None:
    with StopRequest() as stop:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        began_s = time.monotonic()
        assert stop.wait()
        assert time.monotonic() - began_s < 5


def test_what_was_there_before_comes_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with StopRequest():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before


BUSY = """
import threading, time
from edge.care.stopping import StopRequest

def work():
    while True:
        sum(range(1000))

with StopRequest() as stop:
    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
    print("ready", flush=True)
    stop.wait()
"""


def test_it_is_heard_at_the_very_start() -> None:
    """The signal comes as the busy program begins to wait: ten times in a row it ends."""
    for _ in range(10):
        with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == b"ready\n"
            program.send_signal(signal.SIGINT)
            assert program.wait(20) == 0
