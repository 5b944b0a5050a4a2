"""Evidence: files named by their hash, and the rows that say which have arrived."""

import hashlib
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from gateway.store.schema import evidence_files, evidence_items


class EvidenceFolder:
    """``ab/abcd…`` under one folder; a file is there whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path_of(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def receive(self) -> "Incoming":
        self._root.mkdir(parents=True, exist_ok=True)
        return Incoming(self)

    def forget_parts(self) -> None:
        """What uploads left behind that were cut off by a crash."""
        for part in self._root.glob("*.part"):
            part.unlink()


class Incoming:
    """A file on its way in; keep it or drop it."""

    def __init__(self, folder: EvidenceFolder) -> None:
        self._folder = folder
        handle, name = mkstemp(dir=folder._root, suffix=".part")
        self._part = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._hash.update(piece)
        self.size_bytes += len(piece)

    def keep(self) -> None:
        """Durable under its hash when this returns."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        place = self._folder.path_of(self.sha256)
        place.parent.mkdir(exist_ok=True)
        self._part.rename(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def drop(self) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)


def find_file(connection: Connection, sha256: str) -> Row[Any] | None:
    return connection.execute(
        select(evidence_files).where(evidence_files.c.sha256 == sha256)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the folder."""

    sha256: str
    media_type: str
    size_bytes: int
    device: str
    """Who sent it first."""
    stored_at: datetime


def add_file(connection: Connection, file: StoredFile) -> None:
    if find_file(connection, file.sha256) is None:
        connection.execute(insert(evidence_files).values(asdict(file)))


def warnings_naming(connection: Connection, sha256: str) -> list[int]:
    query = select(evidence_items.c.warning_id).where(evidence_items.c.sha256 == sha256)
    return list(connection.scalars(query.distinct()))
