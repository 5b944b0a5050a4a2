"""``sanse edge commission``: what a box would see here, before its camera goes live."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanse.commands.plain import UNUSABLE, log_to_stderr
from sanse.defaults import street_n

if TYPE_CHECKING:
    from sanse.commission.run import Tell

_COMMAND = "sanse edge commission"
_SCENARIOS = ("dumping", "charging", "construction")


def commission(
    site: Annotated[Path, typer.Argument(help="The camera's site file, its ground measured.")],
    *,
    clip: Annotated[Path, typer.Option(help="Footage of that camera, by day and mostly empty.")],
    night: Annotated[
        Path | None,
        typer.Option(help="Footage by night; without it night is composed from the day's."),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Folder for page and probes; a run broken off goes on there.")
    ] = Path("commission"),
    places: Annotated[int, typer.Option(min=1, max=400, help="Places to probe, at most.")] = 12,
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="What to probe: dumping, charging, construction; once for each."),
    ] = None,
    false_alarms_per_day: Annotated[
        float, typer.Option(min=0, help="How many false alarms a day are put up with.")
    ] = 5.0,
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="A key of the box, as detector.onnx=m.onnx."
        ),
    ] = None,
    width: Annotated[
        int, typer.Option(min=160, max=3840, help="Width to draw at, at most the clip's own.")
    ] = 960,
    fps: Annotated[int, typer.Option(min=2, max=30, help="Pictures a second of a probe.")] = 5,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the probes' clips in OUT.")] = False,
) -> None:
    """Put scripted offences into a camera's own empty frames, and map what the box sees of them.

    Writes OUT/commission.html and OUT/commission.json. Everything in them is composed. Exit code 2
    for unusable input. A probe takes some 20 s of CPU, more for wider pictures.

    Example: sanse edge commission yard-7.toml --clip yard-7.mp4 --places 12 --out yard-7
    """
    log_to_stderr()
    wanted = tuple(dict.fromkeys(scenario or ["dumping"]))
    if unknown := [word for word in wanted if word not in _SCENARIOS]:
        raise _refused(f"--scenario {unknown[0]}: want one of {', '.join(_SCENARIOS)}")
    try:
        from sanse.commission.page import write_page
        from sanse.commission.run import Settings
        from sanse.commission.run import commission as probe_camera
        from sanse.commission.stories import SCENARIOS
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("sanse", "edge", "models", "wire"):
            raise
        raise _refused(
            f"{missing} is not installed here: pip install 'sanse[edge,scenes]'"
        ) from error
    settings = Settings(
        site=site,
        clip=clip,
        night=night,
        out=out,
        places=places,
        scenarios=tuple(word for word in SCENARIOS if word in wanted),
        overrides=tuple(overrides or ()),
        per_day=false_alarms_per_day,
        width=width,
        fps=fps,
        keep=keep,
    )
    with _one_sentence(), _progress() as tell:
        report = probe_camera(settings, street_n(), tell)
        page = write_page(report)
    for line in report.lines():
        typer.echo(line)
    typer.echo(page)


@contextmanager
def _one_sentence() -> Iterator[None]:
    from edge.errors import EdgeError
    from models.errors import ModelsError
    from sanse.commission.errors import CommissionError
    from wire.toml import TomlError

    try:
        yield
    except (EdgeError, CommissionError, ModelsError, TomlError) as error:
        raise _refused(str(error)) from error
    except OSError as error:
        raise _refused(f"{error.filename}: {error.strerror}") from error


@contextmanager
def _progress() -> "Iterator[Tell]":
    """A bar with the time left, on a terminal only."""
    import sys

    if not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    from rich import progress as rich
    from rich.console import Console

    with rich.Progress(
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.TextColumn("{task.completed:.0f} of {task.total:.0f}"),
        rich.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        speed_estimate_period=600,
    ) as bar:
        task = bar.add_task("preparing", total=1)
        of_last = 1

        def tell(what: str, done: float, of: int) -> None:
            nonlocal of_last
            if of != of_last:
                bar.reset(task, total=of)
                of_last = of
            bar.update(task, description=what, completed=done)

        yield tell


def _refused(sentence: str) -> typer.Exit:
    typer.echo(f"{_COMMAND}: {sentence}", err=True)
    return typer.Exit(UNUSABLE)
