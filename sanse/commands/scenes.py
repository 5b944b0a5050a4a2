"""``sanse models scenes``: composed clips and pictures, and what they truly show."""

from pathlib import Path
from typing import Annotated

import typer

from sanse.commands.plain import UNUSABLE, bar, plain_errors

app = typer.Typer(
    help="The scene maker: scripts become clips, stills and their truth.", no_args_is_help=True
)

_COMMAND = "sanse models scenes"

_Script = Annotated[Path, typer.Argument(help="TOML file that tells the scene.")]
_Data = Annotated[
    Path, typer.Option(help="Where to look for backgrounds that are not beside the script.")
]
_DATA = Path("../shared/data")


@app.command()
def render(
    script: _Script,
    out: Annotated[
        Path, typer.Option(help="MP4 file to write, or for a time-lapse a folder.")
    ] = Path("scene.mp4"),
    data: _Data = _DATA,
) -> None:
    """Draw a script's clip, and write its truth beside it.

    A time-lapse, a script with `looks`, becomes an accelerated film; or, where OUT is no .mp4, a
    folder of JPEGs named by their hours.

    Example: sanse models scenes render models/scenes/examples/dumping-walker.toml --out clip.mp4
    """
    with plain_errors(_COMMAND):
        from models.scenes.film import film, film_looks
        from models.scenes.script import read_script

        told = read_script(script, data)
        with bar("drawing") as report:
            truth = (film_looks if told.scene.looks and out.suffix != ".mp4" else film)(
                told, out, report
            )
    typer.echo(f"{out}\n{truth}")


@app.command()
def preview(
    script: _Script,
    at: Annotated[float, typer.Option(min=0, help="Seconds into the clip.")] = 0.0,
    out: Annotated[Path, typer.Option(help="PNG file to write.")] = Path("scene.png"),
    sheet: Annotated[bool, typer.Option(help="Twelve moments on one sheet instead.")] = False,
    data: _Data = _DATA,
) -> None:
    """Draw one moment of a script, with its truth drawn over.

    Example: sanse models scenes preview models/scenes/examples/dumping-van.toml --at 12.5
    """
    with plain_errors(_COMMAND):
        from models.scenes.film import previewed
        from models.scenes.script import read_script

        told = read_script(script, data)
        with bar("drawing") as report:
            previewed(told, out, None if sheet else at, report)
    typer.echo(f"{out}")


@app.command()
def stills(
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("stills"),
    count: Annotated[int, typer.Option(min=1, help="Pictures.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="First seed; even seeds train.")] = 0,
    for_: Annotated[
        str, typer.Option("--for", help="What they may be used for: training or benchmark.")
    ] = "training",
) -> None:
    """Draw random streets with random casts: pictures, YOLO labels and a COCO file.

    Example: sanse models scenes stills --count 1000 --seed 0 --out stills
    """
    if for_ not in ("training", "benchmark"):
        typer.echo(f"sanse models scenes: --for {for_}: want training or benchmark", err=True)
        raise typer.Exit(UNUSABLE)
    with plain_errors(_COMMAND):
        from models.scenes.stills import write_stills

        with bar("drawing") as report:
            coco = write_stills(
                out, count, seed, "training" if for_ == "training" else "benchmark", report
            )
    typer.echo(f"{coco}")
