"""Box health copied to a real VictoriaMetrics, and what happens while it is away."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from gateway.settings import Settings
from gateway.telemetry.exporter import Exporter, InfluxDoor, TimeSeriesAwayError, points_of
from sanse.probe import free_port
from tests.gateway.district import NIGHT, District, make_health

PROGRAM = shutil.which("victoria-metrics")


@contextmanager
def victoria(folder: Path, port: int) -> Iterator[str]:
    if PROGRAM is None:
        pytest.skip("victoria-metrics is not installed (Debian: apt-get install victoria-metrics)")
    address = f"127.0.0.1:{port}"
    flags = (f"-storageDataPath={folder}", f"-httpListenAddr={address}", "-loggerLevel=ERROR")
    process = subprocess.Popen([PROGRAM, *flags])
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                httpx.get(f"http://{address}/health")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(20)


def exported(url: str, name: str) -> list[float]:
    """All values of one series, once they are visible, as the server gives them back."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        answer = httpx.get(f"{url}/api/v1/export", params={"match[]": name, "reduce_mem_usage": 1})
        if answer.text:
            return [
                value for line in answer.text.splitlines() for value in json.loads(line)["values"]
            ]
        httpx.get(f"{url}/internal/force_flush")
    return []


def exporter(district: District, url: str) -> Exporter:
    return Exporter(district.desk, InfluxDoor(Settings(influx_url=url)))


def hear(district: District, count: int) -> None:
    """Health of the last minutes, ten seconds apart."""
    start = datetime.now(UTC) - timedelta(minutes=10)
    for index in range(count):
        at = start + timedelta(seconds=10 * index)
        district.clock.now = at
        health = make_health(at, uptime_s=float(index))
        district.keeper.keep([district.arrival(health.to_bytes(), "health")])


def test_copies(district: District, tmp_path: Path) -> None:
    """Every sample arrives, and a copy that is made again overwrites itself."""
    hear(district, 5)
    with victoria(tmp_path / "vm", free_port()) as url:
        assert exporter(district, url).turn() == 5
        assert exporter(district, url).turn() == 0
        hear(district, 1)
        assert exporter(district, url).turn() == 1
        assert sorted(exported(url, "sanse_box_uptime_s"))[-1] == 4
        assert set(exported(url, 'sanse_camera_frames_per_s{camera_id="yard"}')) == {10}


def test_waits_while_it_is_away(district: District, tmp_path: Path) -> None:
    """While the server is away nothing is lost: the copy goes on where it stopped."""
    hear(district, 3)
    port = free_port()
    with pytest.raises(TimeSeriesAwayError):
        exporter(district, f"http://127.0.0.1:{port}").turn()
    with victoria(tmp_path / "vm", port) as url:
        assert exporter(district, url).turn() == 3
        assert exported(url, "sanse_box_uptime_s") == [0, 1, 2]


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        pytest.param(NIGHT - timedelta(minutes=5), True, id="waited on the broker"),
        pytest.param(NIGHT - timedelta(days=400), False, id="a clock never set"),
        pytest.param(NIGHT + timedelta(hours=1), False, id="a clock ahead"),
    ],
)
def test_time_of_points(at: datetime, kept: bool) -> None:
    """A point bears the box's own time, unless that cannot be."""
    assert {point.at for point in points_of(make_health(at), NIGHT)} == {at if kept else NIGHT}
