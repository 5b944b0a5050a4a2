"""``sanse models``: prepare, train, verify, and the bundled demonstration clip."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanse.commands import scenes
from sanse.commands.plain import bar, plain_errors

if TYPE_CHECKING:
    from models.train import Mark, Plan
    from models.verify import Check

app = typer.Typer(
    help="Retraining: the data set, the training, the figures, the zoo.", no_args_is_help=True
)
app.add_typer(scenes.app, name="scenes")

_FAILED = 1

_Data = Annotated[
    Path, typer.Option(help="Folder with the material: waste/, video/ and detectors/.")
]
_Work = Annotated[
    Path, typer.Option(help="Folder for data set, checkpoint and result; can be deleted.")
]
_Stills = Annotated[
    Path | None,
    typer.Option(help="Stills of even seeds drawn before; else WORK/stills, drawn where absent."),
]
_Judging = Annotated[
    Path | None,
    typer.Option(help="Stills of odd seeds drawn before; else WORK/judging, drawn where absent."),
]
_Images = Annotated[int, typer.Option(min=8, help="Pictures in the data set.")]
_Jobs = Annotated[int, typer.Option(min=1, help="Pictures drawn or read at a time.")]
_DATA = Path("../shared/data")
_WORK = Path(".cache/models/street-n-2")
_STILLS, _JUDGING = 2000, 160
_PEAK_RATE = 0.002
"""Of weights that begin at random; half of it for those that go on."""


@app.command()
def prepare(
    data: _Data = _DATA,
    work: _Work = _WORK,
    stills: _Stills = None,
    count: Annotated[int, typer.Option(min=8, help="Stills, where none are given.")] = 2000,
    images: _Images = 10_000,
    jobs: _Jobs = 1,
) -> None:
    """Draw the stills and build the data set; killed and started again it goes on.

    Drawing needs the extra scenes, and no torch. The train command does this too, where it can.

    Example: nice -n 10 sanse models prepare --work .cache/models/street-n-2
    """
    with plain_errors("sanse models"):
        from models.dataset import Recipe, Sources, build

        drawn = _drawn(stills, work, count, jobs)
        with bar("building") as report:
            summary = build(
                Sources(data, drawn), work / "dataset", Recipe(images=images), report, jobs
            )
    typer.echo(f"{work / 'dataset'}: {str(summary['sha256'])[:12]}")


@app.command()
def train(
    data: _Data = _DATA,
    work: _Work = _WORK,
    stills: _Stills = None,
    images: _Images = 10_000,
    steps: Annotated[int, typer.Option(min=1, help="Steps of BATCH pictures each.")] = 11_000,
    batch: Annotated[int, typer.Option(min=1, help="Pictures in a step.")] = 8,
    minutes: Annotated[float, typer.Option(min=0.1, help="Computing time, over restarts.")] = 180,
    threads: Annotated[int, typer.Option(min=1, help="CPU threads.")] = 2,
    device: Annotated[
        str, typer.Option(help="cpu, or cuda for an NVIDIA GPU; minutes then pass by the clock.")
    ] = "cpu",
    jobs: _Jobs = 1,
    start: Annotated[
        Path | None, typer.Option(help="ONNX of an earlier street-n, to go on from its weights.")
    ] = None,
) -> None:
    """Train street-n; killed and started again it goes on from its last checkpoint.

    Needs an environment of its own (locks/models.txt), and what the prepare command left in WORK.
    The result is WORK/street-n.onnx.

    Example: nice -n 10 sanse models train --start models/zoo/street-n/model.onnx --minutes 90

    Example: sanse models train --device cuda --batch 64 --jobs 16 --minutes 20
    """
    with plain_errors("sanse models"):
        from models.dataset import Recipe, Sources
        from models.train import Plan
        from models.train import train as run

        from_scratch = _PEAK_RATE * (batch / Plan().batch) ** 0.5
        plan = Plan(
            steps=steps,
            batch=batch,
            peak_rate=from_scratch if start is None else from_scratch / 2,
            budget_s=minutes * 60,
            threads=threads,
            device=device,
            readers=jobs if jobs > 1 else 0,
        )
        recipe = Recipe(images)
        ready = (work / "dataset" / "dataset.json").is_file()
        drawn = stills or work / "stills"
        sources = Sources(data, drawn if ready else _drawn(stills, work, _STILLS, jobs), start)
        with bar("training") as report:

            def marked(mark: "Mark", plan: "Plan") -> None:
                report(mark.step, steps)

            onnx = run(sources, work, recipe, plan, marked)
    typer.echo(f"{onnx}")


@app.command()
def card(
    into: Annotated[Path, typer.Argument(help="The model's folder in the zoo.")],
    version: Annotated[str, typer.Option(help="Version of this training.")],
    data: _Data = _DATA,
    work: _Work = _WORK,
    stills: _Stills = None,
    judging: _Judging = None,
) -> None:
    """Put a finished training into the zoo: thresholds, figures on held-out material, model.toml.

    What is in INTO is measured on the same pictures first, as the edition before. Figures on
    composed pictures stand apart from those on real ones. Prints the README's tables.

    Example: sanse models card models/zoo/street-n --version 2 --work .cache/models/street-n-2
    """
    with plain_errors("sanse models"):
        from models.cards import as_markdown
        from models.dataset import Recipe
        from models.verify import Places, Training, write_card

        log = json.loads((work / "training.json").read_text(encoding="utf-8"))
        built = log["dataset"]
        training = Training(
            work / "street-n.onnx",
            version,
            Recipe.of(built["recipe"]),
            built["sha256"],
            built["stills"]["labels_sha256"],
            log["plan"]["start"],
        )
        places = Places(data, stills or work / "stills", _judged(judging, work))
        made = write_card(places, training, into, _say)
    typer.echo(f"{into / 'model.toml'}: {made.sha256[:12]}\n\n{as_markdown(made)}")


@app.command()
def verify(
    name: Annotated[str, typer.Argument(help="A model of the zoo.")] = "street-n",
    data: _Data = _DATA,
    work: _Work = _WORK,
    judging: _Judging = None,
) -> None:
    """Measure a model of the zoo anew: same bytes, same material, figures within 0.03?

    Exit code 0 where all holds, 1 where something does not, 2 where it could not be measured.
    Stills of benchmark seeds are drawn where the card has figures on them.

    Example: sanse models verify street-n
    """
    with plain_errors("sanse models"):
        from models.cards import folder, read
        from models.verify import verify as run
        from models.verify import wants_stills

        place = folder(name)
        claimed = read((place / "model.toml").read_text(encoding="utf-8"))
        drawn = _judged(judging, work) if wants_stills(claimed) else None
        checks = run(data, place, drawn, _say)
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
    with plain_errors("sanse models"):
        from models.demo import compose
        from sanse.defaults import demo_scripts

        with bar("drawing") as report:
            for clip in compose(demo_scripts(), into, report):
                typer.echo(f"{clip}")


def _drawn(stills: Path | None, work: Path, count: int, jobs: int) -> Path:
    """The training stills' folder, complete."""
    if stills is not None:
        return stills
    from models.stills import draw

    with bar("drawing stills") as report:
        draw(work / "stills", count, "training", report, jobs)
    return work / "stills"


def _judged(judging: Path | None, work: Path) -> Path:
    """The benchmark stills' folder, complete."""
    if judging is not None:
        return judging
    from models.stills import draw

    with bar("drawing stills of benchmark seeds") as report:
        draw(work / "judging", _JUDGING, "benchmark", report)
    return work / "judging"


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
