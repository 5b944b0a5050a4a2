"""The reference pages, made from the types and commands that they describe.

``python -m sanse.reference`` writes ``docs/reference/``; a test finds out when it was forgotten.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel
from typer.main import get_command

_FOLDER: Final = Path(__file__).parents[1] / "docs" / "reference"
_NAME_PATTERN: Final = "^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$"
_GENERATED: Final = (
    "<!-- Written by `python -m sanse.reference`; change the types, not this page. -->"
)


def pages() -> dict[str, str]:
    """File name to text."""
    return {"configuration.md": configuration(), "commands.md": commands()}


def configuration() -> str:
    """Every key of every file that a person writes, by file and table."""
    lines = [
        "# Configuration",
        "",
        _GENERATED,
        "",
        "All files are TOML. An unknown key is refused with file, line and key. A *name* is 1 to",
        "40 of `a-z`, `0-9` and inner hyphens. Relative paths count from the file's own folder.",
    ]
    for file, (about, model) in _files().items():
        lines += ["", f"## {file}", "", about]
        for heading, section in _sections(model):
            lines += ["", *([f"### {heading}", ""] if heading else []), *_table(section)]
    return "\n".join(lines) + "\n"


def undocumented() -> list[str]:
    """Keys without a docstring, as ``file [table] key``."""
    return [
        f"{file} {heading} {name}"
        for file, (_, model) in _files().items()
        for heading, section in _sections(model)
        for name in _keys(section)
        if name not in meanings_of(section)
    ]


def commands() -> str:
    """Every command with its help, options and example."""
    lines = ["# Commands", "", _GENERATED]
    from sanse.cli import app

    for path, command in walk(get_command(app), "sanse"):
        lines += ["", f"## {path}", "", inspect.cleandoc(command.help or "")]
        options = [parameter for parameter in command.params if parameter.name != "help"]
        if options:
            lines += ["", "| option | meaning | default |", "|---|---|---|"]
        lines += [_option(parameter) for parameter in options]
    return "\n".join(lines) + "\n"


def walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # as typer gives it
    """The commands of a typer tree that do something, with their words."""
    children: Mapping[str, Any] = getattr(command, "commands", {})
    if not children:
        yield path, command
    for name, child in children.items():
        yield from walk(child, f"{path} {name}")


def _files() -> dict[str, tuple[str, type[BaseModel]]]:
    from edge.config import BoxConfig
    from edge.site import SiteFile as DrawnSite
    from gateway.casework.policy import Policy
    from gateway.settings import Settings
    from sanse.firmware_files import Board, BoxFile, CameraModel, SiteFile

    return {
        "box.toml": ("What `sanse edge run` and `sanse edge replay` read.", BoxConfig),
        "a camera's site file": ("What `site_file` of a camera in box.toml names.", DrawnSite),
        "gateway.toml": ("What `sanse gateway serve --config` reads.", Settings),
        "policy.toml": ("What `--policy` of the gateway reads.", Policy),
        "firmware_configs/boards/NAME.toml": ("A computer.", Board),
        "firmware_configs/cameras/NAME.toml": ("A make of camera.", CameraModel),
        "firmware_configs/sites/NAME.toml": ("A place; its name is the file's.", SiteFile),
        "firmware_configs/boxes/NAME.toml": ("A box; its name is the file's.", BoxFile),
    }


def _option(parameter: Any) -> str:  # noqa: ANN401  # as typer gives it
    words = ", ".join(f"`{word}`" for word in parameter.opts)
    if parameter.param_type_name == "argument":
        words = f"`{parameter.name.upper()}`"
    default = parameter.default
    told = "" if default in (None, (), False) or callable(default) else f"`{default}`"
    return f"| {words} | {_cell(parameter.help or '')} | {told} |"


def _sections(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """The model itself, then each table below it, with its heading as it stands in the file."""
    if _keys(model):
        yield path, model
    for name, field in model.model_fields.items():
        inner = _inner(field.annotation)
        if inner is None:
            continue
        here = f"{path.strip('[]')}.{name}" if path else name
        repeated = "tuple" in str(field.annotation) or "list" in str(field.annotation)
        yield from _sections(inner, f"[[{here}]]" if repeated else f"[{here}]")


def _keys(model: type[BaseModel]) -> list[str]:
    """The fields that hold a value, not a table."""
    return [name for name, field in model.model_fields.items() if _inner(field.annotation) is None]


def _inner(annotation: object) -> type[BaseModel] | None:
    """The model that an annotation holds, alone, optional or many times."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner, get_args(annotation))), None)


def _table(model: type[BaseModel]) -> Iterator[str]:
    properties = model.model_json_schema()["properties"]
    meanings = meanings_of(model)
    yield "| key | value | default | meaning |"
    yield "|---|---|---|---|"
    for name in _keys(model):
        field = model.model_fields[name]
        key = field.alias or name
        default = "required" if field.is_required() else _default(properties[key].get("default"))
        yield f"| `{key}` | {_kind(properties[key])} | {default} | {meanings.get(name, '')} |"


def meanings_of(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings under a model's fields, those of its bases included, as one line each."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not issubclass(base, BaseModel) or base is BaseModel:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        statements = body.body if isinstance(body, ast.ClassDef) else []
        for field, said in pairwise(statements):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(said, ast.Expr)
                and isinstance(said.value, ast.Constant)
            ):
                found[field.target.id] = _cell(str(said.value.value))
    return found


def _cell(text: str) -> str:
    return " ".join(text.replace("``", "`").replace("|", "\\|").split())


def _default(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "empty" if value in ("", [], {}) else f"`{value}`"


def _kind(schema: Mapping[str, Any]) -> str:
    """A JSON Schema in a few words."""
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"] if one.get("type") != "null")
    if words := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return ", ".join(f"`{word}`" for word in words)
    kind = str(schema.get("type", "any"))
    if schema.get("pattern") == _NAME_PATTERN:
        return "name"
    if kind == "array":
        fixed = schema.get("prefixItems", [])
        many = f"{len(fixed)} ×" if fixed else "list of"
        return f"{many} {_kind(fixed[0] if fixed else schema.get('items', {}))}"
    if kind == "object":
        return f"table of {_kind(schema.get('additionalProperties', {}))}"
    return " ".join(
        filter(
            None, [_WORDS.get(str(schema.get("format")), _WORDS.get(kind, kind)), *_limits(schema)]
        )
    )


_WORDS: Final = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "path": "path",
    "date": "date",
    "time": "time of day",
    "duration": 'time such as `"15 min"`',
}
_BOUNDS: Final = {
    "minimum": "≥ ",
    "exclusiveMinimum": "> ",
    "maximum": "≤ ",
    "exclusiveMaximum": "< ",
}


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    told = [f"{sign}{schema[bound]:g}" for bound, sign in _BOUNDS.items() if bound in schema]
    if told:
        yield ", ".join(told)


def main() -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (_FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote docs/reference/{name}\n")


if __name__ == "__main__":
    main()
