"""What is finished is kept, one small file each, so that a run that was broken off goes on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from sanse.commission.results import Result, Stretch, Watched

Kept = TypeVar("Kept", Result, Stretch, Watched)


def key_of(*parts: str | bytes) -> str:
    """A short name for all that something is made from.

    >>> key_of("a", "b") == key_of("a", "b"), key_of("a", "b") == key_of("ab")
    (True, False)
    """
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:20]


def file_key(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:20]


def kept(path: Path, key: str, kind: type[Kept]) -> Kept | None:
    """What lies there if it was made from the same; None where it must be made anew."""
    try:
        found = kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.key == key else None


def made(path: Path, key: str, kind: type[Kept], make: Callable[[], Kept]) -> Kept:
    """What lies there, or else is made and written whole."""
    found = kept(path, key, kind)
    if found is None:
        found = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(found.model_dump_json().encode())
        os.replace(part, path)  # noqa: PTH105  # replaces in one step on every platform
    return found
