"""Where in a TOML text a key stands, so that an error can name the line."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([\w.\-]+)\s*=")


def line_of(text: str, loc: Sequence[int | str]) -> int | None:
    """The line of the key at ``loc``, else of the table that should hold it.

    >>> line_of("a = 1\\n[[rule]]\\nx = 1\\n[[rule]]\\nx = 2", ("rule", 1, "x"))
    5
    >>> line_of("[day]\\nlasts = 1", ("day", "missing"))
    1
    """
    table: tuple[int | str, ...] = ()
    counts: dict[str, int] = {}
    best: tuple[int, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = header[2]
            table = tuple(name.split("."))
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (*table, counts[name])
            here = table
        elif key := _KEY.match(line):
            here = (*table, *key[1].split("."))
        else:
            continue
        if here == tuple(loc[: len(here)]) and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None
