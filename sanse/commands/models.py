"""``sanse models``: train, verify, and the bundled demonstration clip."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanse.commands import scenes

if TYPE_CHECKING:
    from models.train import Mark, Plan
    from models.verify import Check

app = typer.Typer(
    help="Retraining: the data set, the training, the figures, the zoo.", no_args_is_help=True
)
app.add_typer(scenes.app, name="scenes")

_FAILED = 1
_UNUSABLE = 2

_Data = Annotated[
    Path, typer.Option(help="Folder with the material: waste/, video/ and detectors/.")
]
_Work = Annotated[
    Path, typer.Option(help="Folder for data set, checkpoint and result; can be deleted.")
]
_DATA = Path("../shared/data")
_WORK = Path(".cache/models/street-n")


@app.command()
def train(
    data: _Data = _DATA,
    work: _Work = _WORK,
    images: Annotated[int, typer.Option(min=8, help="Pictures from photos and frames.")] = 6000,
    drawn: Annotated[int, typer.Option(min=0, help="Pictures of drawn streets.")] = 400,
    steps: Annotated[int, typer.Option(min=1, help="Steps of 8 pictures each.")] = 3200,
    minutes: Annotated[float, typer.Option(min=0.1, help="Computing time, over restarts.")] = 58,
    threads: Annotated[int, typer.Option(min=1, help="CPU threads.")] = 2,
) -> None:
    """Train street-n; killed and started again it goes on from its last checkpoint.

    Needs an environment of its own (locks/models.txt). The result is WORK/street-n.onnx.

    Example: nice -n 10 sanse models train --data ../shared/data
    """
    with _plain_errors():
        from models.dataset import Recipe
        from models.train import Plan
        from models.train import train as run

        plan = Plan(steps=steps, budget_s=minutes * 60, threads=threads)
        with typer.progressbar(length=steps, label="training") as bar:

            def report(mark: "Mark", plan: "Plan") -> None:
                bar.update(mark.step - bar.pos)

            onnx = run(data, work, Recipe(images=images, drawn=drawn), plan, report)
    typer.echo(f"{onnx}")


@app.command()
def card(
    into: Annotated[Path, typer.Argument(help="The model's folder in the zoo.")],
    version: Annotated[str, typer.Option(help="Version of this training.")],
    data: _Data = _DATA,
    work: _Work = _WORK,
) -> None:
    """Put a finished training into the zoo: thresholds, figures on held-out material, model.toml.

    Example: sanse models card models/zoo/street-n --version 1
    """
    with _plain_errors():
        from models.dataset import Recipe
        from models.verify import Training, write_card

        log = json.loads((work / "training.json").read_text(encoding="utf-8"))
        kept = log["dataset"]["recipe"]
        recipe = Recipe(**{**kept, "input_wh": tuple(kept["input_wh"])})
        training = Training(work / "street-n.onnx", version, recipe, log["dataset"]["sha256"])
        made = write_card(data, training, into, _say)
    typer.echo(f"{into / 'model.toml'}: {made.sha256[:12]}")


@app.command()
def verify(
    name: Annotated[str, typer.Argument(help="A model of the zoo.")] = "street-n",
    data: _Data = _DATA,
) -> None:
    """Measure a model of the zoo anew: same bytes, same material, figures within 0.03?

    Exit code 0 where all holds, 1 where something does not, 2 where it could not be measured.

    Example: sanse models verify street-n
    """
    with _plain_errors():
        from models.cards import folder
        from models.verify import verify as run

        checks = run(data, folder(name), _say)
    _print_table(checks)
    failed = [check for check in checks if not check.holds]
    typer.echo(f"{len(checks) - len(failed)} of {len(checks)} hold")
    if failed:
        raise typer.Exit(_FAILED)


@app.command("compose-demo")
def compose_demo(
    into: Annotated[Path, typer.Argument(help="Folder to write the three clips to.")],
) -> None:
    """Draw the demonstration clips anew from their scripts, one for each offence.

    Example: sanse models compose-demo sanse/demo
    """
    with _plain_errors():
        from models.demo import compose
        from sanse.defaults import demo_scripts

        with typer.progressbar(length=1, label="drawing") as bar:

            def report(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            for clip in compose(demo_scripts(), into, report):
                typer.echo(f"{clip}")


def _print_table(checks: "list[Check]") -> None:
    width = max(len(check.name) for check in checks)
    typer.echo(f"{'':<{width}}  {'claimed':>12}  {'found':>12}")
    for check in checks:
        mark = "" if check.holds else "  differs"
        typer.echo(f"{check.name:<{width}}  {check.claimed:>12}  {check.found:>12}{mark}")


def _say(what: str) -> None:
    """Progress on a terminal only."""
    import sys

    if sys.stderr.isatty():
        typer.echo(f"… {what}", err=True)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """One clear line and exit code 2 for what this room can name."""
    from models.errors import ModelsError

    try:
        yield
    except ModelsError as error:
        typer.echo(f"sanse models: {error}", err=True)
        raise typer.Exit(_UNUSABLE) from error
    except OSError as error:
        typer.echo(f"sanse models: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(_UNUSABLE) from error
