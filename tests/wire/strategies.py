"""Any message the wire allows, for property tests."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from wire import (
    Alert,
    CameraHealth,
    ChargingFacts,
    ConstructionFacts,
    DumpingFacts,
    Evidence,
    EvidenceItem,
    GatewayPresence,
    Health,
    Model,
    OutboxHealth,
    Position,
    Presence,
    Receipt,
    Region,
    Sentence,
    Site,
)
from wire.message import Message

names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", fullmatch=True)
hashes = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
uuids = st.uuids()
counts = st.integers(0, 2**53 - 1)
scores = st.floats(0, 1)
seconds = st.floats(0, 1e9)
software = st.text(max_size=40)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001  # bounds of the wall clock; the zone is drawn
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=offsets | st.just(UTC),
)


@st.composite
def regions(draw: st.DrawFn) -> Region:
    width, height = draw(st.integers(2, 8192)), draw(st.integers(2, 8192))
    left, top = draw(st.floats(0, width - 1)), draw(st.floats(0, height - 1))
    right = draw(st.floats(left, width, exclude_min=True))
    bottom = draw(st.floats(top, height, exclude_min=True))
    return Region(xyxy=(left, top, right, bottom), frame_wh=(width, height))


positions = st.builds(Position, latitude_deg=st.floats(-90, 90), longitude_deg=st.floats(-180, 180))
sites = st.builds(
    Site,
    site_id=names,
    name=st.text(min_size=1, max_size=80),
    address=st.text(max_size=200),
    position=st.none() | positions,
)
metres = st.none() | st.floats(0, 1e6)
pixels = st.floats(-1e4, 1e4)
any_facts = {"area_px": counts, "area_share": scores, "night": st.booleans()}
facts = {
    "dumping": st.builds(
        DumpingFacts,
        **any_facts,
        carrier=st.text(max_size=40),
        carrier_track=counts,
        contact_at=moments,
        departed_at=moments,
        stayed_s=seconds,
        stay_limit_s=seconds,
        area_m2=metres,
        load=st.sampled_from(["item", "heap", "truckload"]),
        builders_waste=st.booleans(),
        border=st.booleans(),
        closed_point=st.text(max_size=80),
        earlier=counts,
    ),
    "charging": st.builds(
        ChargingFacts,
        **any_facts,
        vehicle=st.text(max_size=40),
        bikes=st.integers(1, 100),
        stood_s=seconds,
        stand_limit_s=seconds,
        seen_s=seconds,
        cable_px=st.floats(0, 1e4),
        cable_m=metres,
        upper_xy=st.tuples(pixels, pixels),
        lower_xy=st.tuples(pixels, pixels),
        stairwell=st.booleans(),
    ),
    "construction": st.builds(
        ConstructionFacts,
        **any_facts,
        looks=st.integers(1, 1000),
        looks_limit=st.integers(1, 1000),
        span_h=seconds,
        span_limit_h=seconds,
        since=moments,
        baseline_at=moments,
        grown=st.floats(0, 1e3),
        area_m2=metres,
        height_m=metres,
        stage=st.sampled_from(["material", "frame", "roof"]),
        parcel=st.text(max_size=80),
    ),
}
sentences = st.builds(
    Sentence, zh=st.text(min_size=1, max_size=300), en=st.text(min_size=1, max_size=300)
)
items = st.builds(
    EvidenceItem,
    kind=st.sampled_from(["snapshot", "before", "clip"]),
    media_type=st.sampled_from(["image/jpeg", "video/mp4"]),
    sha256=hashes,
    size_bytes=counts,
)
evidence = st.builds(
    Evidence, state=st.just("stored"), items=st.lists(items, min_size=1, max_size=3).map(tuple)
) | st.builds(Evidence, state=st.just("unavailable"), reason=st.text(min_size=1, max_size=300))
models = st.builds(Model, name=st.text(max_size=80), sha256=hashes)
alerts = st.sampled_from(sorted(facts)).flatmap(
    lambda scenario: st.builds(
        Alert,
        alert_id=uuids,
        revision=counts,
        phase=st.sampled_from(["opened", "updated", "closed"]),
        district=names,
        device=names,
        camera_id=names,
        site=sites,
        boot_id=uuids,
        sequence=counts,
        scenario=st.just(scenario),
        captured_at=moments,
        confidence=scores,
        urgency=st.integers(0, 9),
        facts=facts[scenario],
        reasons=st.lists(sentences, max_size=3).map(tuple),
        region=regions(),
        evidence=evidence,
        footage=st.sampled_from(["camera", "recording", "composed"]),
        model=st.none() | models,
        software=software,
    )
)
cameras = st.builds(
    CameraHealth,
    camera_id=names,
    site_id=names,
    state=st.sampled_from(["live", "silent", "ended"]),
    frames=counts,
    skipped=counts,
    frames_per_s=seconds,
    latency_ms=seconds,
    silent_s=seconds,
)
healths = st.builds(
    Health,
    district=names,
    device=names,
    boot_id=uuids,
    at=moments,
    uptime_s=seconds,
    cameras=st.lists(cameras, max_size=3).map(tuple),
    outbox=st.builds(OutboxHealth, queued=counts, oldest_s=seconds, delivered=counts),
    disk_free_bytes=counts,
    software=software,
)
presences = st.builds(
    Presence,
    district=names,
    device=names,
    boot_id=uuids,
    connection=counts,
    online=st.booleans(),
    at=moments,
    software=software,
)
gateway_presences = st.builds(
    GatewayPresence, district=names, instance_id=uuids, online=st.booleans(), at=moments
)
receipts = st.builds(
    Receipt,
    device=names,
    alert_id=uuids,
    payload_sha256=hashes,
    stored_at=moments,
    outcome=st.sampled_from(["stored", "quarantined"]),
)

MESSAGES: Final[dict[str, SearchStrategy[Message]]] = {
    "alert": alerts,
    "presence": presences,
    "health": healths,
    "receipt": receipts,
    "gateway-presence": gateway_presences,
}
"""By kind, as ``wire.schema.MESSAGES``."""
