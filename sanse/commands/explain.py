"""``sanse edge explain``: what led to an alert, as one picture and in words."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from sanse.commands.plain import UNUSABLE


def explain(
    alert: Annotated[str, typer.Argument(help="The alert's id, as 01a1f994-2cc0-7….")],
    *,
    config: Annotated[Path | None, typer.Option(help="The box's own box.toml.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="JPEG file to write; ALERT.jpg here without it.")
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Overrides one key, as box.state_dir=s."),
    ] = None,
) -> None:
    """Write the picture of what led to an alert of this box, and print its reasons.

    Heads are blurred in it. The box keeps these pictures for a week; they are not sent anywhere.

    Example: sanse edge explain 01a1f994-2cc0-7c56-b1f2-394fc84afbce --config /etc/sanse/box.toml
    """
    from edge.config import load_config
    from edge.errors import EdgeError
    from edge.evidence.disk import SystemDisk
    from edge.explain.folder import ExplainedFolder, explained_of
    from edge.explain.words import told

    try:
        alert_id = UUID(alert)
    except ValueError as error:
        fault = f"{alert}: is no alert's id; want one as 01a1f994-2cc0-7c56-b1f2-394fc84afbce"
        raise _refused(fault) from error
    try:
        folder = explained_of(load_config(config, overrides or ()))
        opened, jpeg = ExplainedFolder(folder, SystemDisk()).get(alert_id)
    except EdgeError as error:
        raise _refused(str(error)) from error
    path = out or Path(f"{alert_id}.jpg")
    try:
        path.write_bytes(jpeg)
    except OSError as error:
        raise _refused(f"--out {path}: {error.strerror}") from error
    for line in told(opened):
        typer.echo(line)
    typer.echo(path)


def _refused(sentence: str) -> typer.Exit:
    typer.echo(f"sanse edge explain: {sentence}", err=True)
    return typer.Exit(UNUSABLE)
