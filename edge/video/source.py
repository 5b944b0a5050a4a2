"""What a camera can be: a clip, a folder of pictures, or a stream; told apart by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit, urlunsplit

from edge.errors import SourceError

PICTURE_SUFFIXES: Final = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where pictures come from.

    Attributes:
        kind: ``clip`` a video file, ``folder`` of pictures, or one picture, ``stream`` an RTSP
            camera.
        where: Path or address, as the decoder opens it.
    """

    kind: Literal["clip", "folder", "stream"]
    where: str

    def __str__(self) -> str:
        """As it may stand in a log: the password in an address is left out.

        >>> str(Source("stream", "rtsp://admin:secret@10.0.0.7/main"))
        'rtsp://admin:***@10.0.0.7/main'
        """
        if self.kind != "stream":
            return self.where
        parts = urlsplit(self.where)
        netloc = re.sub(r"^([^:@]*):.*@", r"\1:***@", parts.netloc)
        return urlunsplit(parts._replace(netloc=netloc))


def parse_source(text: str) -> Source:
    """Tells what a source is, and that it can be there at all.

    Raises:
        SourceError: Missing, empty, a folder without pictures, or an address of another kind.
    """
    if "://" in text:
        if not text.startswith(("rtsp://", "rtsps://")):
            raise SourceError(text, "is an address of another kind: want rtsp:// or rtsps://")
        return Source("stream", text)
    if not text:
        raise SourceError("source", "is not given; want a clip, a folder or an rtsp:// address")
    path = Path(text)
    try:
        if path.is_dir():
            if not pictures_in(path):
                raise SourceError(text, "is a folder without pictures (jpg, png, bmp, tiff, webp)")
            return Source("folder", text)
        if not path.exists():
            raise SourceError(text, "does not exist")
        if not path.is_file():
            raise SourceError(text, "is neither a file nor a folder")
        if path.stat().st_size == 0:
            raise SourceError(text, "is empty (0 bytes)")
        with path.open("rb"):
            is_picture = path.suffix.lower() in PICTURE_SUFFIXES
            return Source("folder" if is_picture else "clip", text)
    except OSError as error:
        raise SourceError(text, f"cannot be read: {error.strerror}") from error


def pictures_in(folder: Path) -> list[Path]:
    """The pictures of a folder in the order of their names, numbers counted: 2 before 10.

    A single picture is a folder of one.
    """
    if not folder.is_dir():
        return [folder]
    found = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PICTURE_SUFFIXES and not path.name.startswith(".")
    ]
    return sorted(found, key=lambda path: _natural(path.name))


def _natural(name: str) -> list[tuple[int, str]]:
    """
    >>> sorted(["p10.jpg", "p9.jpg"], key=_natural)
    ['p9.jpg', 'p10.jpg']
    """
    return [
        (int(part), "") if part.isdigit() else (-1, part.lower())
        for part in re.split(r"(\d+)", name)
    ]
