"""What a person says is always there: a mark by the alert that was raised on it.

The box keeps a table of the last alerts of each camera with place and look of what they were raised
on, and a folder of marks, one file for each, which a running box reads anew whenever it changes.
"""

from __future__ import annotations

import math
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal
from uuid import UUID

import numpy as np
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge.errors import EdgeError
from edge.evidence.disk import Disk, SystemDisk, write_whole
from edge.memory import put_aside
from edge.saying import Complaint
from edge.vision.boxes import Floats
from edge.vision.known import PATCH_PX, Known, unit
from edge.vision.scene import Box
from wire.alert import Scenario

MOST_RAISED: Final = 200
"""Alerts of one camera in its table."""
MOST_MARKS: Final = 256
_PER_UNIT: Final = 127.0

log = structlog.get_logger()


class MarkError(EdgeError):
    """A mark cannot be set or taken back; the sentence says what to do."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True)


class Spot(_Table):
    """One place and its look: 16 by 16 levels of gray, in base64."""

    xyxy: Box
    look: Annotated[str, Field(max_length=4 * PATCH_PX**2)]

    @classmethod
    def of(cls, xyxy: Box, look: Floats) -> Spot:
        levels = (look / max(float(np.abs(look).max()), 1e-6) * _PER_UNIT).round().astype(np.int8)
        return cls(xyxy=xyxy, look=b64encode(levels.tobytes()).decode())

    def known(self, scale_xy: tuple[float, float]) -> Known:
        """In the pixels of frames that are so much larger than those it was seen in.

        Raises:
            ValueError: The look is none.
        """
        levels = np.frombuffer(b64decode(self.look), np.int8)
        if len(levels) != PATCH_PX**2:
            raise ValueError(f"look of {len(levels)} levels: want {PATCH_PX**2}")
        xyxy = np.array(self.xyxy, np.float32) * np.array([*scale_xy, *scale_xy], np.float32)
        return Known(xyxy, unit(levels.astype(np.float32)))


class RaisedAlert(_Table):
    """What an alert was raised on, as it was told last."""

    alert_id: UUID
    scenario: Scenario
    camera_id: str
    raised_at: datetime
    frame_wh: tuple[int, int]
    area_px: int
    spots: tuple[Spot, ...]

    def known(self, frame_wh: tuple[int, int]) -> list[Known]:
        """Its spots in frames of that size."""
        (wide, high), (was_wide, was_high) = frame_wh, self.frame_wh
        return [spot.known((wide / was_wide, high / was_high)) for spot in self.spots]

    def area_in(self, frame_wh: tuple[int, int]) -> float:
        """Its area in pixels of frames of that size."""
        return self.area_px * math.prod(frame_wh) / math.prod(self.frame_wh)

    def line(self) -> str:
        """As people read it."""
        at = self.raised_at.astimezone().isoformat(timespec="seconds")
        return f"{self.alert_id} {self.scenario} {self.camera_id} {at}"


class Mark(_Table):
    """One file of the folder."""

    version: Literal[1] = 1
    alert: RaisedAlert
    marked_at: datetime
    note: Annotated[str, Field(max_length=200)] = ""

    def line(self) -> str:
        at = self.marked_at.astimezone().isoformat(timespec="seconds")
        return f"{self.alert.line()} marked {at}{' ' if self.note else ''}{self.note}"


class RaisedTable:
    """The last alerts of one camera; written by its own thread, read by whoever marks."""

    def __init__(self, path: Path, disk: Disk | None = None) -> None:
        self._path = path
        self._disk = disk or SystemDisk()
        self._raised: dict[UUID, RaisedAlert] | None = None
        self._trouble = Complaint(log)

    def note(self, alert: RaisedAlert) -> None:
        """Remembers an alert in place of what was told of it before; never raises."""
        if self._raised is None:
            self._raised = self._known()
        self._raised.pop(alert.alert_id, None)
        self._raised[alert.alert_id] = alert
        for alert_id in list(self._raised)[:-MOST_RAISED]:
            del self._raised[alert_id]
        file = _RaisedFile(raised=tuple(self._raised.values()))
        try:
            write_whole(self._path, file.model_dump_json().encode(), self._disk)
            self._trouble.over()
        except OSError as error:
            fault = error.strerror or str(error)
            self._trouble.say(f"{self._path}: alerts of now cannot be marked later: {fault}")

    def _known(self) -> dict[UUID, RaisedAlert]:
        try:
            return {alert.alert_id: alert for alert in raised_in(self._path)}
        except (OSError, ValueError) as error:
            try:
                kept = f"it is kept as {put_aside(self._path).name}"
            except OSError as refusal:
                kept = f"it cannot be put aside ({refusal.strerror})"
            log.warning(
                f"{self._path}: the alerts of before cannot be read ({error}); {kept}, and a new "
                "table is begun"
            )
            return {}


class MarkFolder:
    """The marks of one box."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder = folder
        self._disk = disk or SystemDisk()

    def make(self) -> None:
        """Makes the folder as the box's own, before somebody else who marks does.

        Raises:
            OSError: It cannot be made.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, mark: Mark) -> None:
        """Keeps a mark, in place of an earlier one of that alert.

        Raises:
            MarkError: There are too many.
            OSError: The folder cannot be written.
        """
        path = self._path(mark.alert.alert_id)
        if not path.exists() and len(self.stamp()) >= MOST_MARKS:
            raise MarkError(
                f"{self._folder}: {MOST_MARKS} marks are all that a box keeps; take one back with "
                "--undo, or draw an ignore zone into the camera's site file"
            )
        write_whole(path, mark.model_dump_json(indent=1).encode(), self._disk)

    def remove(self, alert_id: UUID) -> bool:
        """Whether there was one.

        Raises:
            OSError: The folder cannot be written.
        """
        path = self._path(alert_id)
        if not path.exists():
            return False
        self._disk.remove(path)
        return True

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Changes whenever a mark does.

        Raises:
            OSError: The folder cannot be read; one that is not there is empty.
        """
        try:
            with os.scandir(self._folder) as files:
                found = [(f.name, f.stat().st_mtime_ns) for f in files if f.name.endswith(".json")]
        except FileNotFoundError:
            return ()
        return tuple(sorted(found))

    def all(self, say: Callable[[str], object] | None = None) -> list[Mark]:
        """The oldest first; one that cannot be understood is said, or logged, and passed over.

        Raises:
            OSError: The folder cannot be read.
        """
        marks = []
        for name, _ in self.stamp():
            path = self._folder / name
            try:
                mark = Mark.model_validate_json(path.read_bytes())
                mark.alert.known(mark.alert.frame_wh)
            except FileNotFoundError:
                continue
            except ValueError as error:
                first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
                (say or log.warning)(
                    f"{path}: this mark is not understood and does not hold ({first}); mark the "
                    "alert again, or update the program"
                )
            else:
                marks.append(mark)
        return sorted(marks, key=lambda mark: mark.marked_at)

    def _path(self, alert_id: UUID) -> Path:
        return self._folder / f"{alert_id}.json"


def raised_in(path: Path) -> Iterable[RaisedAlert]:
    """A camera's table; empty where there is none.

    Raises:
        ValueError: It is no such table, or of a later version.
        OSError: It cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    try:
        return _RaisedFile.model_validate_json(content).raised
    except ValidationError as error:
        raise ValueError("it is torn, or of a later version") from error


class _RaisedFile(_Table):
    version: Literal[1] = 1
    raised: tuple[RaisedAlert, ...]
