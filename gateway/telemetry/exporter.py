"""Copies box health to an InfluxDB or VictoriaMetrics.

SQL is the record; the copy follows it by a cursor, at least once. A point that is written twice has
the same series and time and so overwrites itself; nothing that decides reads the copy.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from gateway.desk import Desk
from gateway.errors import StateError
from gateway.settings import Settings
from gateway.store.telemetry import cursor, move_cursor, samples_after
from wire import Health

log = structlog.get_logger()

NAME: Final = "time-series"
_BATCH: Final = 200
_EVERY_S: Final = 5.0
_TIMEOUT_MS: Final = 10_000
_BELIEVED: Final = (timedelta(days=-1), timedelta(minutes=1))


class TimeSeriesAwayError(Exception):
    """Nothing was written: the cursor stays, try again later."""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """What was measured of one thing at one moment."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, float]
    at: datetime


class TimeSeries(Protocol):
    """A server that keeps points."""

    def write(self, points: Sequence[SeriesPoint]) -> None:
        """Raises: TimeSeriesAwayError: Not all of them are kept."""


class InfluxDoor:
    """The door to influxdb-client, writing synchronously: its batching writer drops batches."""

    def __init__(self, settings: Settings) -> None:
        """Raises: StateError: The token's file cannot be read."""
        token = ""
        if settings.influx_token_file is not None:
            try:
                token = settings.influx_token_file.read_text().strip()
            except OSError as error:
                fault = f"cannot be read: {error.strerror}"
                raise StateError(settings.influx_token_file, fault) from error
        self._bucket = settings.influx_bucket
        self._client = InfluxDBClient(
            settings.influx_url or "", token, org=settings.influx_org, timeout=_TIMEOUT_MS
        )
        self._writer = self._client.write_api(write_options=SYNCHRONOUS)

    def write(self, points: Sequence[SeriesPoint]) -> None:
        try:
            self._writer.write(
                self._bucket,
                record=[
                    {
                        "measurement": point.measurement,
                        "tags": point.tags,
                        "fields": point.fields,
                        "time": point.at,
                    }
                    for point in points
                ],
            )
        except (ApiException, HTTPError, OSError) as error:
            raise TimeSeriesAwayError(str(error).splitlines()[0]) from error


class Exporter:
    """Moves what is new, every few seconds."""

    def __init__(self, desk: Desk, series: TimeSeries) -> None:
        self._desk = desk
        self._series = series

    def run(self, stop: threading.Event) -> None:
        away = False
        while not stop.is_set():
            try:
                moved = self.turn()
                away = False
            except TimeSeriesAwayError as error:
                moved = 0
                if not away:
                    log.warning("the time series is away; the copy waits", reason=str(error))
                away = True
            if moved < _BATCH:
                stop.wait(_EVERY_S)

    def turn(self) -> int:
        """Copies the next samples; how many.

        Raises:
            TimeSeriesAwayError: None of them; the cursor has not moved.
        """
        with self._desk.database.read() as connection:
            rows = samples_after(connection, cursor(connection, NAME), _BATCH)
        if not rows:
            return 0
        points = [
            point
            for row in rows
            for point in points_of(Health.from_bytes(row.payload), row.received_at)
        ]
        self._series.write(points)
        with self._desk.database.write() as connection:
            move_cursor(connection, NAME, rows[-1].id)
        self._desk.metrics.exported.inc(len(rows))
        return len(rows)


def points_of(health: Health, received_at: datetime) -> list[SeriesPoint]:
    """One point for the box and one for each camera, at the box's time where that is believable."""
    early, ahead = _BELIEVED
    at = health.at if early <= health.at - received_at <= ahead else received_at
    who = {"district": health.district, "device": health.device}
    box = {
        "uptime_s": health.uptime_s,
        "queued": float(health.outbox.queued),
        "oldest_s": health.outbox.oldest_s,
        "delivered": float(health.outbox.delivered),
        "disk_free_bytes": float(health.disk_free_bytes),
    }
    cameras = [
        SeriesPoint(
            "sanse_camera",
            who | {"camera_id": camera.camera_id, "site_id": camera.site_id},
            {
                "live": float(camera.state == "live"),
                "frames": float(camera.frames),
                "skipped": float(camera.skipped),
                "frames_per_s": camera.frames_per_s,
                "latency_ms": camera.latency_ms,
                "silent_s": camera.silent_s,
            },
            at,
        )
        for camera in health.cameras
    ]
    return [SeriesPoint("sanse_box", who, box, at), *cameras]
