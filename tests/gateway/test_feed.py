"""The event stream over a real socket: live, replayed, and honest about what it cannot replay."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from gateway.feed import BEHIND
from gateway.store.events import forget_events
from gateway.store.users import close_session
from tests.gateway.district import District, make_alert, make_health
from tests.gateway.serving import Said, browsing, listening, serving


@pytest.fixture
def browser(district: District) -> Iterator[httpx.Client]:
    with serving(district) as address, browsing(address) as client:
        yield client


def tell_sites(district: District, count: int) -> None:
    district.tell(
        *(make_alert(site={"site_id": f"s-{n}", "name": f"Site {n}"}) for n in range(count))
    )


def ids(said: list[Said]) -> list[int | None]:
    return [each.id for each in said]


def take(stream: Iterator[Said], count: int) -> list[Said]:
    """The next events, beats left out."""
    found: list[Said] = []
    while len(found) < count:
        said = next(stream)
        if said.event != "beat":
            found.append(said)
    return found


def test_live(district: District, browser: httpx.Client) -> None:
    """A warning reaches the screen as it is raised, as evidence comes and as it is acknowledged."""
    with listening(browser) as stream:
        district.tell(make_alert())
        (raised,) = take(stream, 1)
        assert (raised.event, raised.data["state"]) == ("warning", "unacknowledged")
        browser.post("/warnings/1/acknowledge", json={"version": raised.data["version"]})
        (followed,) = take(stream, 1)
        assert followed.data["state"] == "acknowledged"
        assert followed.data == browser.get("/warnings").json()["items"][0]


def test_replay(district: District, browser: httpx.Client) -> None:
    """Whoever was away gets everything since the last event they saw, once and in order."""
    tell_sites(district, 5)
    with listening(browser, last_id=2) as stream:
        assert ids(take(stream, 3)) == [3, 4, 5]
        district.tell(make_alert())
        assert ids(take(stream, 1)) == [6]


@pytest.mark.parametrize("last_id", [1, 999], ids=["forgotten", "of another database"])
def test_resync(district: District, browser: httpx.Client, last_id: int) -> None:
    """Whoever asks for what is no longer there is told to fetch everything, then goes on."""
    tell_sites(district, 5)
    with district.desk.database.write() as connection:
        forget_events(connection, keep=2)
    with listening(browser, last_id=last_id) as stream:
        (first,) = take(stream, 1)
        assert (first.event, first.id) == ("resync", 5)
        district.tell(make_alert())
        assert ids(take(stream, 1)) == [6]


def test_too_far_behind(district: District, browser: httpx.Client) -> None:
    """Whoever missed more than is worth replaying is told to fetch everything."""
    tell_sites(district, BEHIND + 1)
    with listening(browser, last_id=0) as stream:
        (first,) = take(stream, 1)
        assert (first.event, first.id) == ("resync", BEHIND + 1)


def test_begins_where_it_says(district: District, browser: httpx.Client) -> None:
    """The first beat bears an id, so that a browser that has seen nothing yet misses nothing."""
    tell_sites(district, 3)
    with browser.stream("GET", "/events") as answer:
        lines = answer.iter_lines()
        assert [next(lines), next(lines)] == ["id: 3", "event: beat"]


def test_beats(district: District, browser: httpx.Client) -> None:
    """A quiet stream beats, so that a dead one can be told from it."""
    with listening(browser) as stream:
        assert [next(stream).event, next(stream).event] == ["beat", "beat"]


def test_ends_with_the_session(district: District, browser: httpx.Client) -> None:
    """When the person has logged out elsewhere, the stream ends."""
    with listening(browser) as stream:
        with district.desk.database.write() as connection:
            close_session(connection, browser.cookies["sanse_session"])
        assert {said.event for said in stream} == {"beat"}


def test_boxes_are_not_chatty(district: District, browser: httpx.Client) -> None:
    """A box's figures come every ten seconds, a camera that falls silent at once."""

    def heard(seconds: float, state: str) -> None:
        district.clock.pass_(seconds=seconds)
        camera = make_health().model_dump(mode="json")["cameras"][0] | {"state": state}
        health = make_health(district.clock(), cameras=[camera])
        district.keeper.keep([district.arrival(health.to_bytes(), "health")])

    with listening(browser) as stream:
        for seconds, state in [(0, "live"), (5, "live"), (5, "live"), (1, "silent")]:
            heard(seconds, state)
        states = [said.data["cameras"][0]["state"] for said in take(stream, 3)]
        assert states == ["live", "live", "silent"]


def test_published_is_measured(district: District, browser: httpx.Client) -> None:
    """The time from the frame to the browser is counted once for each listener."""
    with listening(browser) as stream:
        captured_at = district.clock() - timedelta(seconds=3)
        district.tell(make_alert(captured_at=captured_at), age_s=2.5)
        take(stream, 1)
        count = district.desk.metrics.registry.get_sample_value(
            "sanse_capture_to_published_seconds_sum"
        )
        assert count == 3.0
