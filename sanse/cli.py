"""The command line ``sanse …``: one word per room; each room is imported when its word is used."""

import sys
from importlib.metadata import version

import typer

from sanse.commands import edge, firmware, gateway, models, up

_ROOMS = ("sanse", "wire", "edge", "gateway", "models")

app = typer.Typer(
    name="sanse",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Blue, yellow and red warnings from street cameras that a city can look inside.",
    epilog="Example: sanse up --source clip.mp4 --port 8000",
)
app.command("up")(up.up)
app.add_typer(edge.app, name="edge")
app.add_typer(gateway.app, name="gateway")
app.add_typer(models.app, name="models")
app.add_typer(firmware.app, name="firmware")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sanse {version('sanse')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Shown by --help above the commands."""


def main() -> None:
    """Runs the command; what its room needs and this installation lacks is said in one sentence."""
    try:
        app()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in _ROOMS:
            raise
        extra = next((word for word in sys.argv[1:2] if word in ("edge", "gateway")), "up")
        typer.echo(f"{missing} is not installed here: pip install 'sanse[{extra}]'", err=True)
        sys.exit(2)
