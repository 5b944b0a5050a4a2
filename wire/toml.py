"""Files that people write, read alike by every program: errors name file, line and key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY: Final = re.compile(r"\s*([\w.\-]+)\s*=")

Location = tuple[int | str, ...]
"""Of a key: the names of its tables and the numbers of list items, as pydantic tells them."""

Schema = TypeVar("Schema", bound=BaseModel)


class TomlError(ValueError):
    """The file cannot be used; the sentence says where and why.

    Attributes:
        where: File and line, or what else held the fault.
        key: Dotted; empty where the whole file is at fault.
        fault: What is wrong, in words.
    """

    def __init__(self, where: str, key: str, fault: str) -> None:
        super().__init__(f"{where}: {key}: {fault}" if key else f"{where}: {fault}")
        self.where = where
        self.key = key
        self.fault = fault


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file's text, for line numbers, and what it says."""

    path: Path
    text: str
    tree: dict[str, Any]

    def validate(self, schema: type[Schema]) -> Schema:
        """What the file says, as the schema has it.

        Raises:
            TomlError: The first fault, with its line.
        """
        try:
            return schema.model_validate(self.tree)
        except ValidationError as error:
            raise fault_of(error, self) from error

    def fault(self, loc: Location, said: str) -> TomlError:
        """One sentence with file, line and key."""
        line = line_of(self.text, loc)
        where = f"{self.path}:{line}" if line else str(self.path)
        return TomlError(where, _dotted(loc), said)


def read_toml(path: Path) -> TomlFile:
    """Reads a file.

    Raises:
        TomlError: It cannot be read, or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return TomlFile(path, text, tomllib.loads(text))
    except OSError as error:
        raise TomlError(str(path), "", f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TomlError(str(path), "", f"is not TOML: {error}") from error


def fault_of(error: ValidationError, file: TomlFile | None, otherwise: str = "") -> TomlError:
    """The first fault of a validation; ``otherwise`` names what held it where no file did.

    An unknown key comes before a missing one, which it may have been meant to be.
    """
    loc, said = first_fault(error)
    if file is None:
        return TomlError(otherwise, _dotted(loc), said)
    return file.fault(loc, said)


def _dotted(loc: Location) -> str:
    return ".".join(str(step) for step in loc)


def first_fault(error: ValidationError) -> tuple[Location, str]:
    """Where the fault lies, and what it is in words; an unknown key before all others."""
    found = error.errors(include_url=False, include_input=False)
    unknown = [fault for fault in found if fault["type"] == "extra_forbidden"]
    fault = (unknown or found)[0]
    loc = tuple(step for step in fault["loc"] if step != "[key]")
    return loc, "no such key" if unknown else fault["msg"].removeprefix("Value error, ")


def line_of(text: str, loc: Location) -> int | None:
    """The line of the key at ``loc``, else of the nearest table that should hold it.

    >>> line_of("a = 1\\n[[rule]]\\nx = 1\\n[[rule]]\\nx = 2", ("rule", 1, "x"))
    5
    >>> line_of("[day]\\nlasts = 1", ("day", "missing"))
    1
    """
    table: Location = ()
    counts: dict[Location, int] = {}
    best: tuple[int, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _numbered(header[2], counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            here = table
        elif key := _KEY.match(line):
            here = (*table, *key[1].split("."))
        else:
            continue
        if here == loc[: len(here)] and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _numbered(header: str, counts: Mapping[Location, int]) -> Location:
    """A header's path, with the number of the latest item wherever it leads through a list."""
    *steps, last = header.split(".")
    path: Location = ()
    for step in steps:
        path = (*path, step)
        if path in counts:
            path = (*path, counts[path])
    return (*path, last)
