"""``sanse firmware``."""

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="What goes onto a box, as data: boards, cameras, sites and boxes.",
    epilog="Example: sanse firmware check firmware_configs",
)

Folder = Annotated[Path, typer.Option(help="Holds boards/, cameras/, sites/ and boxes/.")]


@app.command()
def render(
    box: Annotated[str, typer.Argument(help="A file of boxes/, without its ending.")],
    out: Annotated[
        Path | None, typer.Option(help="Write here, readable by the owner alone; else on stdout.")
    ] = None,
    passwords: Annotated[
        Path | None, typer.Option(help="TOML with the cameras' passwords by camera_id.")
    ] = None,
    folder: Folder = Path("firmware_configs"),
) -> None:
    """Merge one box with its board, cameras and sites into the box.toml of `sanse edge run`.

    Example: sanse firmware render gate-7 --passwords passwords.toml --out box.toml
    """
    from sanse.firmware import read_passwords
    from sanse.firmware import render as rendered
    from wire.toml import TomlError

    try:
        text = rendered(folder, box, read_passwords(passwords) if passwords else {})
    except TomlError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        part = out.with_name(f"{out.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        part.rename(out)
    except OSError as error:
        typer.echo(f"{out}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(2) from error


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Holds boards/, cameras/, sites/ and boxes/.")] = (
        Path("firmware_configs")
    ),
) -> None:
    """Check every file by its schema and render every box; one line per fault.

    Example: sanse firmware check firmware_configs
    """
    from sanse.firmware import KINDS, faults, names

    found = faults(folder)
    for fault in found:
        typer.echo(str(fault), err=True)
    if found:
        raise typer.Exit(2)
    counts = (f"{kind} {len(names(folder, kind))}" for kind in KINDS)
    typer.echo(f"{', '.join(counts)}: all hold")
