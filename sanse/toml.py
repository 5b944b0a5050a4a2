"""Writes the TOML that the standard library can only read."""

import json
from collections.abc import Mapping
from typing import Any


def to_toml(tree: Mapping[str, Any]) -> str:
    """Tables of values, and lists of such tables, as TOML; the inverse of ``tomllib.loads``.

    >>> print(to_toml({"box": {"device": "gate-7", "keep": 30}, "sites": [{"name": "门"}]}))
    [box]
    device = "gate-7"
    keep = 30
    <BLANKLINE>
    [[sites]]
    name = "门"
    <BLANKLINE>
    """
    blocks: list[str] = []
    for name, value in tree.items():
        if isinstance(value, Mapping):
            blocks.append(f"[{name}]\n{_lines(value)}")
        else:
            blocks.extend(f"[[{name}]]\n{_lines(entry)}" for entry in value)
    return "\n".join(blocks)


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in table.items())


def _key(key: str) -> str:
    return (
        key if key.replace("_", "a").replace("-", "a").isalnum() and key.isascii() else _text(key)
    )


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    raise TypeError(f"{value!r} cannot be written as TOML")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
