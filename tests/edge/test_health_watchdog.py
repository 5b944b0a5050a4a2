"""The watchdog: a part that breaks is said and started again, the others never notice."""

import threading
from threading import Event

from structlog.testing import capture_logs

from edge.care.watchdog import Watchdog


def test_starts_a_broken_part_again() -> None:
    """Each break is one line with its place; the part runs again, beside the others."""
    runs = 0
    back, calm = Event(), Event()

    def fragile(stop: Event) -> None:
        nonlocal runs
        runs += 1
        if runs < 4:
            raise RuntimeError(f"break {runs}")
        back.set()
        stop.wait()

    def steady(stop: Event) -> None:
        calm.set()
        stop.wait()

    with capture_logs() as logs:
        watchdog = Watchdog({"fragile": fragile, "steady": steady}, first_pause_s=0.01)
        watchdog.start()
        assert back.wait(10)
        assert calm.wait(10)
        assert watchdog.stop(5) == []
    assert [log["event"] for log in logs] == [
        f"fragile broke: RuntimeError: break {n}; starting it again" for n in (1, 2, 3)
    ]
    assert all("test_health_watchdog.py:" in log["at"] for log in logs)


def test_lets_a_part_end() -> None:
    """A part that returns is done for good."""
    ended = Event()
    watchdog = Watchdog({"once": lambda _: ended.set()})
    watchdog.start()
    assert ended.wait(10)
    assert watchdog.stop(5) == []


def test_names_who_does_not_end() -> None:
    """A part that hangs does not hold up the end of the box, and is named."""
    release = Event()
    hanging = threading.Event()

    def hang(_: Event) -> None:
        hanging.set()
        release.wait()

    def polite(stop: Event) -> None:
        stop.wait()

    watchdog = Watchdog({"uploader": hang, "publisher": polite})
    watchdog.start()
    assert hanging.wait(10)
    assert watchdog.stop(0.2) == ["uploader"]
    release.set()
