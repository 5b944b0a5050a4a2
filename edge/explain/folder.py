"""Pictures that explain, kept on the box for a week; they never leave it by themselves."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final, Protocol
from uuid import UUID

import structlog

from edge.config import BoxConfig
from edge.errors import ConfigError, EdgeError
from edge.evidence.disk import Disk, SystemDisk, write_whole
from wire import Alert, WireError

KEEP_S: Final = 7 * 86_400.0
MOST_BYTES: Final = 64_000_000
"""Some 250 alerts; beyond that the oldest go before their week is over."""

log = structlog.get_logger()


class UnexplainedError(EdgeError):
    """No picture is kept of an alert: look at its id, or take it that its week is over."""


class Shelf(Protocol):
    """Where finished pictures go; on a box, never raises for a full disk."""

    def put(self, alert: Alert, jpeg: bytes) -> None: ...


def explained_of(config: BoxConfig) -> Path:
    """The folder in which the box keeps them."""
    return config.box.state_dir / "explained"


class ExplainedFolder:
    """``<alert id>.jpg``, and beside it ``.json``, the alert itself; any thread may put."""

    def __init__(
        self,
        folder: Path,
        disk: Disk,
        keep_free_bytes: int = 0,
        most_bytes: int = MOST_BYTES,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Leaves ``keep_free_bytes`` of the disk alone: alerts and their evidence matter more."""
        self._folder = folder
        self._disk = disk
        self._keep_free_bytes = keep_free_bytes
        self._most_bytes = most_bytes
        self._now_s = now_s
        self._lock = Lock()

    def put(self, alert: Alert, jpeg: bytes) -> None:
        """Keeps a picture; a disk that refuses costs the picture, and is said."""
        with self._lock:
            try:
                self._put(alert, jpeg)
            except OSError as error:
                fault = error.strerror or str(error)
                log.warning(f"alert {alert.alert_id} cannot be explained later: {fault}")

    def get(self, alert_id: UUID) -> tuple[Alert, bytes]:
        """The alert as it opened, and its picture.

        Raises:
            UnexplainedError: There is none, or none any more.
        """
        try:
            jpeg = (self._folder / f"{alert_id}.jpg").read_bytes()
            return Alert.from_bytes((self._folder / f"{alert_id}.json").read_bytes()), jpeg
        except (OSError, WireError) as error:
            raise UnexplainedError(f"{alert_id}: {self._why_not(alert_id)}") from error

    def _put(self, alert: Alert, jpeg: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = alert.to_bytes()
        self._make_room(len(told) + len(jpeg))
        for suffix, content in ((".json", told), (".jpg", jpeg)):
            write_whole(self._folder / f"{alert.alert_id}{suffix}", content, self._disk)

    def _make_room(self, size_bytes: int) -> None:
        """Removes what is a week old, and the oldest beyond the bound.

        Raises:
            OSError: The disk itself is too full.
        """
        found = sorted((path.stat().st_mtime, path) for path in self._folder.iterdir())
        sizes = [path.stat().st_size for _, path in found]
        left = sum(sizes) + size_bytes
        for (written_s, path), size in zip(found, sizes, strict=True):
            if left > self._most_bytes or self._now_s() - written_s > KEEP_S:
                self._disk.remove(path)
                left -= size
        free = self._disk.free_bytes(self._folder)
        if free < self._keep_free_bytes + size_bytes:
            raise OSError(errno.ENOSPC, f"only {free / 1e6:.0f} MB of disk are free")

    def _why_not(self, alert_id: UUID) -> str:
        days = f"{KEEP_S / 86_400:.0f} days"
        if alert_id.version == 7:
            raised_s = (alert_id.int >> 80) / 1000
            if self._now_s() - raised_s > KEEP_S:
                day = datetime.fromtimestamp(raised_s, UTC).date()
                return f"no picture is kept any more; they stay {days}, and this alert is of {day}"
        return (
            f"{self._folder} holds no picture of it; look at the id and --config, or it had to go"
        )


class WrittenFolder:
    """A folder of somebody's own: every picture is written, nothing is removed."""

    def __init__(self, folder: Path) -> None:
        """Raises: ConfigError: The folder cannot be made."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError("--explain", "", f"{folder}: {error.strerror}") from error

    def put(self, alert: Alert, jpeg: bytes) -> None:
        """Raises: ConfigError: It cannot be written."""
        path = self._folder / f"{alert.alert_id}.jpg"
        try:
            SystemDisk().write(path, jpeg)
        except OSError as error:
            raise ConfigError("--explain", "", f"{path}: {error.strerror}") from error
