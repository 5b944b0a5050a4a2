"""The few things that are asked of a disk, so that a failing one can be played."""

import os
import shutil
from pathlib import Path
from typing import Protocol


class Disk(Protocol):
    """Each call is durable on return, or raises ``OSError``."""

    def write(self, path: Path, content: bytes) -> None:
        """Writes a file of its own and flushes it; a failed one may be left torn."""

    def rename(self, old: Path, new: Path) -> None:
        """Gives a file its final name, all at once, in a folder that is made where need be."""

    def remove(self, path: Path) -> None:
        """Deletes a file, or finds it gone."""

    def free_bytes(self, folder: Path) -> int:
        """What an unprivileged program may still write there."""


class SystemDisk:
    """The file system."""

    def write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        if not new.parent.exists():
            new.parent.mkdir(parents=True, exist_ok=True)
            _flush_folder(new.parent.parent)
        old.rename(new)
        _flush_folder(new.parent)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def free_bytes(self, folder: Path) -> int:
        return shutil.disk_usage(folder).free


def write_whole(path: Path, content: bytes, disk: Disk) -> None:
    """Writes a file beside its place and renames it, durably.

    Raises:
        OSError: The disk is full or fails; the old file is there still.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    disk.write(part, content)
    disk.rename(part, path)


def _flush_folder(folder: Path) -> None:
    """Makes the names in a folder durable; flushing a file does not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
