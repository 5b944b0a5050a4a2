"""Files of evidence, named by their hash: what has its final name is whole and on the disk."""

import errno
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from edge.evidence.disk import Disk
from wire import sha256_of

_NAME = re.compile(r"[0-9a-f]{64}")


class EvidenceStore:
    """Keeps ``<folder>/ab/abcd…``; a file that is being written ends in ``.part``."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Stores a file; once this returns its hash, the file survives a power cut.

        Raises:
            OSError: The disk is full or fails; nothing has the final name.
        """
        sha256 = sha256_of(content)
        final = self.path(sha256)
        if not final.exists():
            self._make_folder()
            part = self._folder / f"{sha256}.part"
            self._disk.write(part, content)
            self._disk.rename(part, final)
        return sha256

    def free_bytes(self) -> int:
        self._make_folder()
        return self._disk.free_bytes(self._folder)

    def require_free(self, size_bytes: int) -> None:
        """Raises: OSError: So much is not free any more."""
        free = self.free_bytes()
        if free < size_bytes:
            raise OSError(
                errno.ENOSPC,
                f"only {free / 1e6:.0f} MB of disk are free, and those are kept for alerts",
            )

    def get(self, sha256: str) -> bytes | None:
        """The file, or None where it is gone or no longer what its name says."""
        try:
            content = self.path(sha256).read_bytes()
        except OSError:
            return None
        return content if sha256_of(content) == sha256 else None

    def stored_at(self, sha256: str) -> datetime | None:
        """When the file was written, by the box's clock of then; None where it is gone."""
        try:
            return datetime.fromtimestamp(self.path(sha256).stat().st_mtime, UTC)
        except OSError:
            return None

    def remove(self, sha256: str) -> None:
        self._disk.remove(self.path(sha256))

    def names(self) -> Iterator[str]:
        """The hashes of all files here."""
        for path in self._folder.glob("??/*"):
            if _NAME.fullmatch(path.name):
                yield path.name

    def sweep_parts(self) -> None:
        """Removes what a power cut left half-written; call it before the first ``put``."""
        for part in self._folder.glob("*.part"):
            self._disk.remove(part)

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
