"""``sanse up``."""

from pathlib import Path
from typing import Annotated

import typer


def up(
    state: Annotated[Path, typer.Option(help="Folder that holds all state.")] = Path(".sanse"),
    port: Annotated[int, typer.Option(help="Port of the page and the API.")] = 8000,
    source: Annotated[
        str | None, typer.Option(help="Clip, folder or rtsp:// address; else the bundled clips.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A policy.toml of your own for the three colors.")
    ] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", help="KEY=VALUE of the box's configuration.")
    ] = None,
) -> None:
    """Start broker, gateway, dashboard and one box; Ctrl-C ends them all.

    Prints `ready http://127.0.0.1:PORT user=operator password=…` once it serves.

    Example: sanse up --source clip.mp4 --port 8000 --set dumping.stay_s=10
    """
    from sanse.up import UpSettings, serve

    settings = UpSettings(state, port, source, policy, tuple(overrides or ()))
    raise typer.Exit(serve(settings))
