"""What a box has learned of a camera, kept in its state folder so that it outlives a restart.

One file for each part and camera, ``memory/<camera>/<part>.zip``: JSON that says what it is of, and
the part's own files. A file is written beside its place and renamed, so it is whole or the old one.
One that cannot be used is put aside, never deleted while it may help, and costs only its part.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from edge.evidence.disk import Disk, SystemDisk, write_whole
from edge.saying import Complaint
from edge.video.frame import Frame

VERSION: Final = 1
MOST_BYTES: Final = 64_000_000
"""Of one file, unpacked."""
MOST_ASIDE: Final = 3
"""Of one file so many are put aside; of more, the oldest goes."""
MOST_TRIES: Final = 3
"""So often what was kept is given to an agent that breaks before it is saved again."""
_ABOUT: Final = "about.json"
_UNREADABLE: Final = (
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

Members = Mapping[str, bytes]
"""File names to contents."""

log = structlog.get_logger()


class Learner(Protocol):
    """A part that remembers."""

    def epoch(self) -> str:
        """Which beginning what it knows goes back to; a file of another one is put aside."""

    def saved(self) -> Members | None:
        """All that it knows; None while that is nothing."""

    def restore(self, saved: Members, frame: Frame) -> None:
        """Goes on from what it knew; ``frame`` is the first one since.

        Raises:
            ValueError: It is no such memory.
        """


class About(BaseModel):
    """What a file is of."""

    model_config = ConfigDict(frozen=True)

    version: int
    camera_id: str
    part: str
    frame_wh: tuple[int, int]
    epoch: str
    saved_at: datetime


class CameraMemory:
    """The memory of one camera; used by one thread, through all starts of its agent."""

    def __init__(self, folder: Path, camera_id: str, disk: Disk | None = None) -> None:
        self._folder = folder
        self._camera_id = camera_id
        self._disk = disk or SystemDisk()
        self._written: dict[str, tuple[str, Members]] = {}
        self._tries = 0
        self._trouble = Complaint(log)

    def restore(self, learners: Mapping[str, Learner], frame: Frame) -> None:
        """Gives each part what was kept of it; what cannot be used is said and put aside."""
        self._tries += 1
        self._written.clear()
        for part, learner in learners.items():
            path = self._path(part)
            try:
                if not path.exists():
                    continue
                if self._tries > MOST_TRIES:
                    raise ValueError(f"the camera's agent broke {MOST_TRIES} times soon after it")
                about, members = read(path)
                self._check(about, part, frame)
                learner.restore(members, frame)
                self._written[part] = about.epoch, {}
            except _UNREADABLE as error:
                self._refuse(path, part, error)

    def save(self, learners: Mapping[str, Learner], frame: Frame, *, proven: bool = True) -> None:
        """Writes what has changed; a disk that refuses is said once and costs nothing else.

        ``proven``: the agent has run for long since it was given what was kept.
        """
        try:
            for part, learner in learners.items():
                members = learner.saved()
                if members is not None:
                    self._save(part, learner.epoch(), members, frame)
            self._trouble.over()
        except OSError as error:
            fault = error.strerror or str(error)
            self._trouble.say(f"{self._folder}: what was learned cannot be kept: {fault}")
        if proven:
            self._tries = 0

    def _save(self, part: str, epoch: str, members: Members, frame: Frame) -> None:
        was_epoch, was = self._written.get(part, (epoch, {}))
        if members == was and epoch == was_epoch:
            return
        about = About(
            version=VERSION,
            camera_id=self._camera_id,
            part=part,
            frame_wh=frame.wh,
            epoch=epoch,
            saved_at=frame.captured_at,
        )
        path = self._path(part)
        if epoch != was_epoch and path.exists():
            put_aside(path)
        write_whole(path, packed(about, members), self._disk)
        self._written[part] = epoch, members

    def _path(self, part: str) -> Path:
        return self._folder / f"{part}.zip"

    def _check(self, about: About, part: str, frame: Frame) -> None:
        if (about.camera_id, about.part) != (self._camera_id, part):
            raise ValueError(f"it is {about.part} of camera {about.camera_id!r}")
        if about.frame_wh != frame.wh:
            (wide, high), (now_wide, now_high) = about.frame_wh, frame.wh
            raise ValueError(
                f"it is of pictures of {wide} x {high}, the camera sends {now_wide} x {now_high}"
            )

    def _refuse(self, path: Path, part: str, error: Exception) -> None:
        fault = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        try:
            kept = f"it is kept as {put_aside(path).name}"
        except OSError as refusal:
            kept = f"it stays until it is overwritten ({refusal.strerror})"
        log.warning(
            f"{path}: what was learned for {part} cannot be used: {fault}; {kept}, "
            f"and camera {self._camera_id!r} learns anew"
        )


def packed(about: About, members: Members) -> bytes:
    """One file of all; ``read`` is the inverse."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_ABOUT, about.model_dump_json())
        for name, member in members.items():
            archive.writestr(zipfile.ZipInfo(name), member)
    return content.getvalue()


def read(path: Path) -> tuple[About, dict[str, bytes]]:
    """What a file is of, and its members; a torn member is found by its check sum.

    Raises:
        ValueError: It is none of ours, too large, or of a later version.
        OSError: It cannot be read; further errors are those of ``zipfile``.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
            raise ValueError(f"it is larger than {MOST_BYTES / 1e6:.0f} MB")
        members = {name: archive.read(name) for name in archive.namelist()}
    try:
        about = About.model_validate_json(members.pop(_ABOUT))
    except (KeyError, ValidationError) as error:
        raise ValueError("it does not say what it is of") from error
    if about.version > VERSION:
        raise ValueError(
            f"it is of version {about.version}, this program knows {VERSION}; update the program"
        )
    return about, members


def put_aside(path: Path) -> Path:
    """Renames a file to ``<stem>.aside-<n><suffix>``, and forgets the oldest of too many.

    Raises:
        OSError: It cannot be renamed.
    """
    aside = sorted(path.parent.glob(f"{path.stem}.aside-*{path.suffix}"), key=_number)
    for old in aside[: max(len(aside) - MOST_ASIDE + 1, 0)]:
        old.unlink(missing_ok=True)
    number = _number(aside[-1]) + 1 if aside else 1
    return path.rename(path.with_name(f"{path.stem}.aside-{number}{path.suffix}"))


def _number(aside: Path) -> int:
    digits = aside.stem.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
