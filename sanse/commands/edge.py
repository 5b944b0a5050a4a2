"""``sanse edge``: the box next to the cameras."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanse.commands.always_there import always_there
from sanse.commands.commission import commission
from sanse.commands.explain import explain
from sanse.commands.flights import flights
from sanse.commands.plain import lines, log_to_stderr
from sanse.defaults import street_n

if TYPE_CHECKING:
    from edge.replay import Progress

app = typer.Typer(
    help="The box next to the cameras: looks, decides, keeps evidence, sends alerts.",
    no_args_is_help=True,
)

app.command()(always_there)
app.command()(commission)
app.command()(explain)
app.command()(flights)

_UNUSABLE = 2
_BROKEN_OFF = 3

_Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Overrides one key, as dumping.stay_s=10."),
]


@app.command()
def replay(
    source: Annotated[str, typer.Argument(help="A clip, a folder of images, or rtsp://…")],
    *,
    config: Annotated[
        Path | None, typer.Option(help="A box.toml; SOURCE plays its first camera.")
    ] = None,
    overrides: _Set = None,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Time of the first frame, ISO 8601 with an offset. Without it, the clip's own "
            "creation time, else 1970-01-01T12:00Z.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File for the alerts, instead of standard output.")
    ] = None,
    updates: Annotated[
        bool, typer.Option("--updates", help="Print later revisions of an alert too.")
    ] = False,
    evidence: Annotated[
        Path | None, typer.Option(help="Folder for snapshots; without it none are kept.")
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Tell on stderr what all but alerted, and why not.")
    ] = False,
    explain: Annotated[
        Path | None,
        typer.Option(help="Folder for pictures of what led to each alert, ALERT.jpg."),
    ] = None,
) -> None:
    """Look at a recording as fast as it goes, without a broker; print one line per alert.

    Exit code 0 even with no alert, 2 for unusable input, 3 for input that broke off.

    Example: sanse edge replay yard.mp4 --set dumping.stay_s=10 --start 2026-11-20T23:30:00+08:00
    """
    from edge.build import open_detector
    from edge.config import load_config
    from edge.errors import EdgeError
    from edge.replay import ReplaySettings, Trace, zone_of
    from edge.replay import replay as look
    from edge.video.source import parse_source

    log_to_stderr()
    try:
        configured, started_at = load_config(config, overrides or ()), _start(start)
        settings = ReplaySettings(
            parse_source(source),
            configured,
            started_at,
            updates,
            evidence,
            open_detector(configured.detector, street_n()),
            Trace(_say, zone_of(started_at)) if trace else None,
            explain,
        )
        with lines(out, "sanse edge") as print_line, _progress() as progress:
            summary = look(settings, print_line, progress)
    except EdgeError as error:
        raise _refused(str(error)) from error
    typer.echo(str(summary), err=True)
    if summary.broken:
        typer.echo(f"{summary.broken}; only what could be read was looked at", err=True)
        raise typer.Exit(_BROKEN_OFF)


@app.command()
def run(
    config: Annotated[Path, typer.Option(help="The box's own box.toml.")],
    overrides: _Set = None,
) -> None:
    """Watch the configured cameras and send alerts until Ctrl-C.

    Example: sanse edge run --config /etc/sanse/box.toml
    """
    from edge.config import load_config
    from edge.errors import EdgeError
    from edge.run import run as watch

    try:
        code = watch(load_config(config, overrides or ()), config, street_n())
    except EdgeError as error:
        raise _refused(str(error)) from error
    raise typer.Exit(code)


@app.command("near-misses")
def near_misses(
    config: Annotated[Path, typer.Option(help="The box's own box.toml.")],
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="How far back: as 90m, 24h or 7d.")
    ] = "24h",
    overrides: _Set = None,
) -> None:
    """Print what all but alerted on this box, and why it did not; a week of it is kept.

    Example: sanse edge near-misses --config /etc/sanse/box.toml --since 24h
    """
    from edge.config import load_config
    from edge.errors import EdgeError
    from edge.near_misses import NearMissFolder
    from edge.run import near_misses_of

    moment = datetime.now(UTC) - _span(since)
    try:
        folder = near_misses_of(load_config(config, overrides or ()))
        misses = NearMissFolder(folder)
        for missed in misses.since(moment):
            typer.echo(missed.line())
        left_out = misses.left_out(moment)
    except EdgeError as error:
        raise _refused(str(error)) from error
    except OSError as error:
        raise _refused(f"{folder}: {error.strerror}") from error
    if left_out:
        told = f"{left_out} more since {moment:%Y-%m-%d} (UTC) were left out: a day keeps 1 MB"
        typer.echo(told, err=True)


@app.command()
def check(
    site: Annotated[Path, typer.Argument(help="A camera's site file.")],
    frame: Annotated[str, typer.Option(help="A picture, clip, folder or rtsp://… of that camera.")],
    out: Annotated[Path, typer.Option(help="PNG file to write.")] = Path("site.png"),
) -> None:
    """Draw a site file over its camera's picture, for a person to judge.

    Areas are numbered; the list of names is printed. The grid is metres, where the ground was
    measured.

    Example: sanse edge check yard-7.toml --frame yard-7.mp4
    """
    import cv2
    import numpy as np

    from edge.errors import EdgeError
    from edge.site import load_site
    from edge.site_picture import areas_of, drawn_over, grid_step_m
    from edge.video.replay import Replay
    from edge.video.source import parse_source

    try:
        told = load_site(site)
        with Replay(parse_source(frame)) as reading:
            pixels = next(reading.frames()).pixels
    except EdgeError as error:
        raise _refused(str(error)) from error
    if not cv2.imwrite(str(out), drawn_over(told, pixels)):
        raise _refused(f"--out {out}: cannot be written; want a .png in a folder that is there")
    for number, (kind, name, _) in enumerate(areas_of(told), 1):
        typer.echo(f"{number:3} {kind:10} {name}")
    if (plane := told.plane()) is not None:
        step = grid_step_m(plane, np.array([spot.pixel for spot in told.ground], np.float32))
        typer.echo(f"    grid       {step} m")
    typer.echo(out)


@app.command()
def key(
    config: Annotated[Path, typer.Option(help="The box's own box.toml.")],
    overrides: _Set = None,
) -> None:
    """Print the box's public key, for `sanse gateway enroll`; make the pair where there is none.

    Example: sanse edge key --config /etc/sanse/box.toml > box-1.jwk
    """
    from edge.config import load_config
    from edge.errors import EdgeError
    from edge.run import public_key

    try:
        typer.echo(json.dumps(public_key(load_config(config, overrides or ())).as_jwk()))
    except EdgeError as error:
        raise _refused(str(error)) from error


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _span(text: str) -> timedelta:
    units = {"m": "minutes", "h": "hours", "d": "days"}
    number, unit = text[:-1], units.get(text[-1:])
    if unit is None or not number.isdecimal():
        raise _refused(f"--since {text}: want a number and m, h or d, as 24h")
    return timedelta(**{unit: min(int(number), 10_000)})


def _start(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _refused(f"--start {text}: want a time with an offset, as 2026-11-20T23:30:00+08:00")
    return moment


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda frames, of, alerts: None
        return
    from rich import progress as rich
    from rich.console import Console

    with rich.Progress(
        rich.TextColumn("{task.completed} frames"),
        rich.BarColumn(),
        rich.TimeRemainingColumn(),
        rich.TextColumn("{task.fields[alerts]} alerts"),
        console=Console(stderr=True),
        redirect_stdout=False,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, alerts=0)
        yield lambda frames, of, alerts: bar.update(task, completed=frames, total=of, alerts=alerts)


def _refused(sentence: str) -> typer.Exit:
    typer.echo(f"sanse edge: {sentence}", err=True)
    return typer.Exit(_UNUSABLE)


if __name__ == "__main__":
    app()
