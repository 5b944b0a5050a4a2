"""What commands share: a progress bar, errors in one sentence, a log beside what is printed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import typer

UNUSABLE = 2
Report = Callable[[int, int], None]


@contextmanager
def bar(label: str) -> Iterator[Report]:
    """A progress bar, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with typer.progressbar(length=1, label=label, file=sys.stderr) as shown:

        def report(done: int, total: int) -> None:
            shown.length = total
            shown.update(done - shown.pos)

        yield report


@contextmanager
def plain_errors(command: str) -> Iterator[None]:
    """One clear line and exit code 2 for what the models room can name."""
    from models.errors import ModelsError
    from wire.toml import TomlError

    try:
        yield
    except (ModelsError, TomlError) as error:
        typer.echo(f"{command}: {error}", err=True)
        raise typer.Exit(UNUSABLE) from error
    except OSError as error:
        typer.echo(f"{command}: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from error


@contextmanager
def lines(out: Path | None, command: str) -> Iterator[Callable[[bytes], None]]:
    """Writes whole lines at once, to a file or to standard output."""
    if out is None:
        yield lambda line: _write_line(sys.stdout.buffer, line)
        return
    try:
        file = out.open("wb")
    except OSError as error:
        typer.echo(f"{command}: --out {out}: {error.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from error
    with file:
        yield lambda line: _write_line(file, line)


def _write_line(to: BinaryIO, line: bytes) -> None:
    to.write(line + b"\n")
    to.flush()


def log_to_stderr() -> None:
    """Standard output is for results."""
    import structlog

    structlog.configure(
        processors=[structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
