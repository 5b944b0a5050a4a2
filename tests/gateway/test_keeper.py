"""What becomes of arrivals in the record: once, whole, and answered."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, get_args
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from gateway.casework.case import acknowledge
from gateway.store import schema, warnings
from gateway.store.quarantine import KEEP_UNSIGNED
from gateway.store.schema import alerts, events, occurrences, quarantine
from gateway.views import Acknowledged, WarningDetail, WarningView
from tests.gateway.district import NIGHT, District, make_alert, make_health, opened_district
from wire import Sentence, SigningKey
from wire.alert import Scenario


def listed(district: District, which: warnings.Which = "open") -> tuple[WarningView, ...]:
    with district.desk.database.read() as connection:
        return warnings.page(connection, which, 100, None).items


def detail(district: District, warning_id: int) -> WarningDetail:
    with district.desk.database.read() as connection:
        found = warnings.detail(connection, warning_id)
    assert found is not None
    return found


def rows(district: District, table: Any) -> list[Any]:
    with district.desk.database.read() as connection:
        return list(connection.execute(select(table)))


def test_first_alert(district: District) -> None:
    """A first alert is stored byte for byte, raises a blue warning and gets a signed receipt."""
    alert = make_alert()
    (receipt,) = district.tell(alert)
    assert (receipt.alert_id, receipt.outcome) == (alert.alert_id, "stored")
    (warning,) = listed(district)
    assert (warning.color, warning.state, warning.site) == ("blue", "unacknowledged", alert.site)
    shown = detail(district, warning.id)
    assert shown.alerts == (alert,)
    assert (shown.evidence, shown.evidence_pending) == ((), 1)
    assert [entry.kind for entry in shown.history] == ["raised"]
    (row,) = rows(district, alerts)
    assert (row.payload, row.sha256) == (alert.to_bytes(), receipt.payload_sha256)


def test_repeats_change_nothing(district: District) -> None:
    """The same alert again, in one batch or later, changes nothing and is answered each time."""
    alert = make_alert()
    receipts = [*district.tell(alert, alert), *district.tell(alert)]
    assert [receipt.outcome for receipt in receipts] == ["stored"] * 3
    assert len(rows(district, alerts)) == 1
    assert len(rows(district, events)) == 1
    assert listed(district)[0].alert_count == 1


def test_same_id_other_bytes(district: District) -> None:
    """An id that comes back with other bytes is set aside; what was stored stays."""
    first = make_alert()
    forged = make_alert(alert_id=first.alert_id, confidence=0.1)
    district.tell(first)
    assert [receipt.outcome for receipt in district.tell(forged, forged)] == ["quarantined"] * 2
    (row,) = rows(district, quarantine)
    assert (row.message, row.signer) == (forged.to_bytes(), "gate-7")
    assert "is stored with other bytes" in row.fault
    assert rows(district, alerts)[0].payload == first.to_bytes()


def test_quarantine(district: District) -> None:
    """In one batch: good ones are stored, a signed riddle is answered, a forgery is not."""
    good, riddle = make_alert(), make_alert().to_bytes().replace(b'version":1', b'version":9')
    forger = SigningKey.generate("gate-7")
    batch = [
        district.arrival(riddle),
        district.arrival(good.to_bytes()),
        district.arrival(b"x" * 70_000),
    ]
    batch.append(replace(batch[0], message=forger.sign(good.to_bytes(), "alert")))
    receipts = [district.read_receipt(answer) for answer in district.keeper.keep(batch)]
    assert [receipt.outcome for receipt in receipts] == ["quarantined", "stored"]
    assert [row.signer for row in rows(district, quarantine)] == ["gate-7", None, None]
    assert rows(district, quarantine)[0].message == riddle


def test_quarantine_is_bounded(district: District) -> None:
    """Noise from strangers pushes out the oldest noise, and nothing that was signed."""
    signed = district.arrival(b"{}")
    noise = [replace(signed, message=b"noise %d" % index) for index in range(KEEP_UNSIGNED + 2)]
    district.keeper.keep([signed, *noise])
    kept = [row.message for row in rows(district, quarantine)]
    assert kept == [b"{}", *(each.message for each in noise[2:])]


@pytest.mark.parametrize(
    ("minutes_later", "count", "color", "state"),
    [
        pytest.param([3], 2, "blue", "acknowledged", id="within minutes: the same occurrence"),
        pytest.param([5, 11, 17], 4, "blue", "acknowledged", id="without a pause: the same"),
        pytest.param([12], 2, "yellow", "unacknowledged", id="after a pause: a repeat"),
        pytest.param(
            list(range(5, 66, 5)), 14, "yellow", "unacknowledged", id="for over an hour: a repeat"
        ),
    ],
)
def test_occurrences(
    district: District, minutes_later: list[int], count: int, color: str, state: str
) -> None:
    """More of one occurrence joins quietly; another one is a repeat and asks anew."""
    district.tell(make_alert())
    (warning,) = listed(district)
    with district.desk.database.write() as connection:
        acknowledged(district, connection, warning)
    for minutes in minutes_later:
        district.clock.now = NIGHT + timedelta(minutes=minutes)
        district.tell(make_alert(captured_at=district.clock.now))
    (warning,) = listed(district)
    assert (warning.alert_count, warning.color, warning.state) == (count, color, state)


def acknowledged(district: District, connection: Connection, warning: WarningView) -> None:
    case = warnings.get_case(connection, warning.id)
    given = Acknowledged(by="Li Wei", at=district.clock(), comment="")
    change = acknowledge(case, given, warning.version, district.desk.policy)
    warnings.save_case(connection, warning.id, change)


def test_late_does_not_ring(district: District) -> None:
    """What was told an hour late raises a warning that says so; a fresh one makes it ring."""
    an_hour_ago = NIGHT - timedelta(hours=1)
    district.tell(make_alert(captured_at=an_hour_ago), age_s=3600)
    assert listed(district)[0].late
    district.tell(make_alert())
    assert not listed(district)[0].late


def test_wrong_clock_is_marked(district: District) -> None:
    """A box with a wrong clock is heard like any other, and the time put right."""
    wrong = NIGHT - timedelta(days=400)
    (receipt,) = district.tell(make_alert(captured_at=wrong), age_s=2.0)
    assert receipt.outcome == "stored"
    (row,) = rows(district, alerts)
    assert row.happened_at == NIGHT - timedelta(seconds=2)
    assert row.clock_offset_s == pytest.approx(-400 * 86_400 + 2)
    assert row.captured_at == wrong


def test_revisions(district: District) -> None:
    """Later revisions bring figures and the end, in whatever order, and count as one alert."""
    first = make_alert()
    longer = first.model_copy(
        update={
            "revision": 1,
            "phase": "updated",
            "facts": first.facts.model_copy(update={"stayed_s": 600.0}),
        }
    )
    gone = longer.model_copy(update={"revision": 2, "phase": "closed"})
    district.tell(first, gone, longer)
    (warning,) = listed(district)
    assert (warning.alert_count, warning.version) == (1, 1)
    shown = detail(district, warning.id)
    assert [alert.revision for alert in shown.alerts] == [2]
    assert [entry.kind for entry in shown.history] == ["raised", "cleared"]
    with district.desk.database.write() as connection:
        acknowledged(district, connection, warning)
    assert listed(district) == ()
    assert listed(district, "closed")[0].state == "closed"


def test_offences_apart(district: District) -> None:
    """One site may have an open warning of each offence; what ends one leaves the others."""
    cable, heap, shed = (make_alert(scenario=each) for each in get_args(Scenario))
    district.tell(cable, heap, shed)
    assert {warning.scenario for warning in listed(district)} == set(get_args(Scenario))
    district.tell(cable.model_copy(update={"revision": 1, "phase": "closed"}))
    with district.desk.database.write() as connection:
        for warning in listed(district):
            acknowledged(district, connection, warning)
    assert {warning.scenario for warning in listed(district)} == {"dumping", "construction"}


def test_worse_facts_ask_anew(district: District) -> None:
    """An update with worse facts raises the color of a warning that was acknowledged."""
    alert = make_alert(scenario="construction")
    district.tell(alert)
    with district.desk.database.write() as connection:
        acknowledged(district, connection, listed(district)[0])
    facts = alert.facts.model_copy(update={"stage": "frame"})
    district.tell(alert.model_copy(update={"revision": 1, "phase": "updated", "facts": facts}))
    (warning,) = listed(district)
    assert (warning.color, warning.state) == ("yellow", "unacknowledged")
    assert [reason.code for reason in warning.reasons] == ["has-grown", "going-up"]
    assert "搭起框架" in warning.reasons[0].zh


def test_keeps_the_reasons_of_the_box(district: District) -> None:
    """What the box says of its finding stands with the alert, apart from the color's reasons."""
    said = Sentence(zh="停留 60 秒。", en="It stayed for 60 s.")
    district.tell(make_alert(reasons=(said,)))
    (warning,) = listed(district)
    (alert,) = detail(district, warning.id).alerts
    assert alert.reasons == (said,)
    assert [reason.code for reason in warning.reasons] == ["left-behind"]


def test_after_the_close(district: District) -> None:
    """When a warning is closed, the next alert of the site raises another."""
    first = make_alert()
    gone = first.model_copy(update={"revision": 1, "phase": "closed"})
    district.tell(first, gone)
    with district.desk.database.write() as connection:
        acknowledged(district, connection, listed(district)[0])
    district.tell(make_alert())
    assert [warning.state for warning in listed(district, "all")] == ["unacknowledged", "closed"]


def test_gaps_are_noticed(district: District) -> None:
    """Numbers that have not arrived are counted per boot, and no more once they do."""

    def missing() -> float | None:
        return district.desk.metrics.registry.get_sample_value(
            "sanse_alert_sequence_missing", {"device": "gate-7"}
        )

    district.tell(make_alert(sequence=0), make_alert(sequence=3))
    assert missing() == 2
    district.tell(make_alert(sequence=1), make_alert(sequence=2))
    assert missing() == 0
    district.tell(make_alert(sequence=0, boot_id=uuid4()))
    assert missing() == 0


def test_one_open_warning(district: District) -> None:
    """The database itself refuses a second open warning of one site and offence."""
    district.tell(make_alert())
    (row,) = rows(district, schema.warnings)
    twin = insert(schema.warnings).values(row._asdict() | {"id": row.id + 1})
    with (
        district.desk.database.write() as connection,
        pytest.raises(IntegrityError, match="UNIQUE constraint failed"),
    ):
        connection.execute(twin)


def test_sites_apart(district: District) -> None:
    """Each site has its own warning, its own occurrences, and keeps its newest name."""
    elsewhere = {"site_id": "gate-9", "name": "Gate 9"}
    renamed = {"site_id": "gate-9", "name": "Ninth gate"}
    district.tell(make_alert(), make_alert(site=elsewhere), make_alert(site=renamed))
    assert [(w.site.name, w.alert_count) for w in listed(district)] == [
        ("Ninth gate", 2),
        ("Canal bend", 1),
    ]
    with district.desk.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(occurrences)) == 2


def test_poison(district: District) -> None:
    """A message that no code foresaw is set aside alone, answered, and does not stop the others."""
    good, odd = make_alert(), make_alert(sequence=2**70)
    receipts = district.tell(odd, good)
    assert [receipt.outcome for receipt in receipts] == ["quarantined", "stored"]
    assert "the gateway failed at it: OverflowError" in rows(district, quarantine)[0].fault


def test_health_and_presence_answer_nothing(district: District) -> None:
    """Only alerts are answered."""
    health = district.arrival(make_health().to_bytes(), "health")
    assert district.keeper.keep([health]) == []


class Step(NamedTuple):
    """An alert at one of two sites, after some minutes, or a person's acknowledgement."""

    site: int
    minutes: int
    phase: str
    age_s: float | None
    acknowledges: bool


STEPS = st.lists(
    st.builds(
        Step,
        site=st.integers(0, 1),
        minutes=st.integers(0, 90),
        phase=st.sampled_from(["opened", "updated", "closed"]),
        age_s=st.sampled_from([None, 0.5, 4000.0]),
        acknowledges=st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None)
@given(STEPS)
def test_one_open_warning_whatever_comes(steps: list[Step]) -> None:
    """Whatever comes in whatever order: each alert is stored, each site has one open warning at
    most, and the figures on the warnings add up to the alerts."""
    with TemporaryDirectory() as folder, opened_district(Path(folder)) as district:
        for step in steps:
            district.clock.pass_(minutes=step.minutes)
            alert = make_alert(
                captured_at=district.clock(),
                phase=step.phase,
                site={"site_id": f"site-{step.site}"},
            )
            (receipt,) = district.tell(alert, age_s=step.age_s)
            assert receipt.outcome == "stored"
            with district.desk.database.write() as connection:
                for warning in warnings.page(connection, "open", 10, None).items:
                    if step.acknowledges and warning.state == "unacknowledged":
                        acknowledged(district, connection, warning)
        places = [warning.site.site_id for warning in listed(district)]
        assert len(set(places)) == len(places)
        assert sum(each.alert_count for each in listed(district, "all")) == len(steps)
