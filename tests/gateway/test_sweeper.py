"""What time does to warnings and boxes, over a real database."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from gateway.store import warnings
from gateway.store.boxes import Standing, after_presence, all_boxes
from gateway.store.events import events_after
from gateway.sweeper import Sweeper
from gateway.views import BoxView, WarningView
from tests.gateway.district import BOOT, NIGHT, District, make_alert, make_health
from wire import Presence

OTHER = UUID("0197a000-0000-7000-8000-000000000002")


@pytest.fixture
def sweeper(district: District) -> Sweeper:
    return Sweeper(district.desk, district.clock.uptime_s)


def only_warning(district: District) -> WarningView:
    with district.desk.database.read() as connection:
        (found,) = warnings.page(connection, "open", 10, None).items
    return found


def only_box(district: District) -> BoxView:
    with district.desk.database.read() as connection:
        (found,) = all_boxes(connection)
    return found


def announced(district: District, kind: str) -> int:
    with district.desk.database.read() as connection:
        return sum(event.kind == kind for event in events_after(connection, 0, 1000))


def test_deadlines(district: District, sweeper: Sweeper) -> None:
    """Left alone, a warning goes from blue to yellow to red, each time told to the screens."""
    district.tell(make_alert())
    colors = []
    for _ in range(40):
        district.clock.pass_(minutes=1)
        sweeper.turn()
        colors.append(only_warning(district).color)
    assert colors == ["blue"] * 14 + ["yellow"] * 10 + ["red"] * 16
    assert only_warning(district).reasons[-1].code == "unacknowledged"
    assert announced(district, "warning") == 4


def test_deadlines_survive_a_restart(district: District, sweeper: Sweeper) -> None:
    """A deadline that passed while the gateway was down is kept by the next one, in one step."""
    district.tell(make_alert())
    district.clock.pass_(days=3)
    Sweeper(district.desk, district.clock.uptime_s).turn()
    assert only_warning(district).color == "yellow"


@pytest.mark.parametrize("hours", [5, -5], ids=["forward", "back"])
def test_clock_jumps(district: District, sweeper: Sweeper, hours: int) -> None:
    """Setting the wall clock neither fires a deadline nor puts it off."""
    district.tell(make_alert())
    sweeper.turn()
    district.clock.jump(hours=hours)
    sweeper.turn()
    assert only_warning(district).color == "blue"
    district.clock.pass_(minutes=14)
    sweeper.turn()
    assert only_warning(district).color == "blue"
    district.clock.pass_(minutes=1)
    sweeper.turn()
    assert only_warning(district).color == "yellow"


def test_silent_box(district: District, sweeper: Sweeper) -> None:
    """A box that has not been heard for 35 s is shown as gone, once, and is back when it speaks."""
    health = district.arrival(make_health().to_bytes(), "health")
    district.keeper.keep([health])
    district.clock.pass_(seconds=35)
    sweeper.turn()
    assert only_box(district).online
    district.clock.pass_(seconds=1)
    assert [sweeper.turn(), sweeper.turn()] == [1, 0]
    assert not only_box(district).online
    again = district.arrival(make_health().to_bytes(), "health")
    district.keeper.keep([again])
    assert only_box(district).online
    assert announced(district, "box") == 3


def test_clock_set_back_while_down(district: District) -> None:
    """A deadline that a clock set back has moved far away is brought back at the next start."""
    district.tell(make_alert())
    district.clock.jump(hours=-5)
    sweeper = Sweeper(district.desk, district.clock.uptime_s)
    sweeper.turn()
    district.clock.pass_(minutes=15)
    sweeper.turn()
    assert only_warning(district).color == "yellow"


def test_clock_set_back_hides_no_silence(district: District, sweeper: Sweeper) -> None:
    """A dead box does not look alive because the clock was set back."""
    district.keeper.keep([district.arrival(make_health().to_bytes(), "health")])
    district.clock.jump(hours=-5)
    sweeper.turn()
    district.clock.pass_(seconds=36)
    sweeper.turn()
    assert not only_box(district).online


def presence(boot_id: UUID = BOOT, connection: int = 1, online: bool = True) -> Presence:
    return Presence(
        district="harbour",
        device="gate-7",
        boot_id=boot_id,
        connection=connection,
        online=online,
        at=NIGHT,
        software="0.1.0",
    )


@pytest.mark.parametrize(
    ("said", "online"),
    [
        pytest.param(presence(), True, id="born again on the same connection"),
        pytest.param(presence(online=False), False, id="its own death"),
        pytest.param(presence(connection=0, online=False), True, id="death of an old connection"),
        pytest.param(presence(boot_id=OTHER, online=False), True, id="death of another boot"),
        pytest.param(presence(connection=0), True, id="birth that was overtaken"),
        pytest.param(presence(boot_id=OTHER, connection=0), True, id="a new boot"),
    ],
)
def test_presence(said: Presence, online: bool) -> None:
    """A death is believed only of the connection that is the newest."""
    before = Standing(str(BOOT), connection=1, online=True)
    after = after_presence(before, said) or before
    assert after.online is online
    newest = Standing(str(said.boot_id), said.connection, online)
    assert after in (before, newest)


def test_death_of_the_unknown() -> None:
    """A death of a box that was never heard of makes no box."""
    assert after_presence(None, presence(online=False)) is None


def test_presence_is_kept(district: District) -> None:
    """Birth, a stale death and a true one come through to the list of boxes."""
    for said, online in [
        (presence(connection=1), True),
        (presence(connection=0, online=False), True),
        (presence(connection=1, online=False), False),
        (presence(boot_id=uuid4(), connection=0), True),
    ]:
        district.clock.now += timedelta(seconds=1)
        district.keeper.keep([district.arrival(said.to_bytes(), "presence")])
        assert only_box(district).online is online
