"""Every command explains itself, and what the documents say of commands is true."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from sanse.cli import app
from sanse.reference import walk

ROOT = Path(__file__).parents[2]
COMMANDS: dict[str, Any] = dict(walk(get_command(app), "sanse"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def said_of_commands(document: Path) -> Iterator[tuple[int, str]]:
    """Line number and text of each ``sanse …`` in a code block of a document."""
    inside = False
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            inside = not inside
        elif inside and (found := re.match(r"\s*(?:\$ )?(?:\.venv/bin/)?(sanse .*)", line)):
            yield number, found[1].partition(" #")[0]


def faults(line: str) -> list[str]:
    """What in the line no command knows."""
    words = shlex.split(line.rstrip("\\ "))
    path = next((" ".join(words[:n]) for n in (4, 3, 2) if " ".join(words[:n]) in COMMANDS), None)
    if path is None:
        return [] if words[1:] in (["--help"], ["--version"]) else [" ".join(words[:3])]
    known = {"--help"} | {
        option
        for parameter in COMMANDS[path].params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    used = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return [f"{path} {option}" for option in used if option not in known]


@pytest.mark.parametrize("path", COMMANDS)
def test_help_has_an_example(path: str) -> None:
    """The help says what the command does and shows a call that its options allow."""
    help_text = COMMANDS[path].help or ""
    examples = re.findall(r"Example: (?:nice -n \d+ )?(sanse .+)", help_text)
    assert len(help_text.splitlines()[0]) > 20
    assert examples
    assert all(example.startswith(path) for example in examples)
    assert [fault for example in examples for fault in faults(example)] == []


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_has_help(path: str) -> None:
    """Each option and argument says what it means."""
    unexplained = [p.name for p in COMMANDS[path].params if not getattr(p, "help", "")]
    assert [name for name in unexplained if name != "help"] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_call_what_is_there(document: Path) -> None:
    """Every `sanse …` in a code block is a command with options that exist."""
    wrong = {number: fault for number, line in said_of_commands(document) for fault in faults(line)}
    assert wrong == {}
