"""``sanse edge flights``: what was built between drone flights."""

from pathlib import Path
from typing import Annotated

import typer

from sanse.commands.plain import UNUSABLE, lines, log_to_stderr
from sanse.defaults import street_n

BROKEN_OFF = 3


def flights(
    before: Annotated[Path, typer.Argument(help="Folder of the earliest flight's photos.")],
    after: Annotated[list[Path], typer.Argument(help="Folders of later flights.")],
    *,
    site: Annotated[
        Path | None,
        typer.Option(help="A site file, drawn in the first photo of BEFORE: parcels, permits."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File for the alerts, instead of standard output.")
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option(help="Folder for the photos before and after; else none is kept.")
    ] = None,
    explain: Annotated[
        Path | None,
        typer.Option(help="Folder for pictures of what led to each alert, ALERT.jpg."),
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Tell on stderr what all but alerted, and why not.")
    ] = False,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Overrides one key, as box.device=d."),
    ] = None,
) -> None:
    """Compare drone flights over the same parcels; print one line per alert of construction.

    Each photo bears its telemetry (EXIF and XMP of DJI drones), or a telemetry.csv lies beside it.
    Exit code 0 even with no alert, 2 for unusable input, 3 where some of it was not looked at.

    Example: sanse edge flights 2026-10-01 2026-10-29 2026-11-20 --site lane-7.toml --evidence kept
    """
    from edge.config import load_config
    from edge.errors import EdgeError
    from edge.flights import FlightSettings, compare_flights

    log_to_stderr()
    drawn = [] if site is None else [f"cameras.0.site_file={site}"]
    try:
        settings = FlightSettings(
            before,
            tuple(after),
            load_config(None, [*(overrides or ()), *drawn]),
            evidence,
            explain,
            street_n(),
            _say if trace else None,
        )
        with lines(out, "sanse edge flights") as print_line:
            summary = compare_flights(settings, print_line, _say)
    except EdgeError as error:
        raise _refused(str(error)) from error
    typer.echo(str(summary), err=True)
    if summary.lost:
        typer.echo("some of it was not looked at; only the rest was compared", err=True)
        raise typer.Exit(BROKEN_OFF)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _refused(sentence: str) -> typer.Exit:
    typer.echo(f"sanse edge flights: {sentence}", err=True)
    return typer.Exit(UNUSABLE)
