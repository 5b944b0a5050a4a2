"""``sanse edge always-there``: what an alert was raised on may stand there for good."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from sanse.commands.plain import UNUSABLE

if TYPE_CHECKING:
    from edge.always_there import RaisedAlert

_COMMAND = "sanse edge always-there"


def always_there(
    alert: Annotated[
        str | None, typer.Argument(help="Number of the alert, as the control room shows it.")
    ] = None,
    *,
    config: Annotated[Path, typer.Option(help="The box's own box.toml.")],
    note: Annotated[str, typer.Option(help="Why, and who says so; at most 200 letters.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Watch it again.")] = False,
    marked: Annotated[bool, typer.Option("--list", help="Print what is marked.")] = False,
    raised: Annotated[
        bool, typer.Option("--raised", help="Print the last alerts, which can be marked.")
    ] = False,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Overrides one key, as box.state_dir=…"),
    ] = None,
) -> None:
    """Mark what an alert was raised on as always there: it alerts no more at that place and look.

    To be called on the box; a running one heeds it within seconds, construction at its next look,
    within the hour. It holds through restarts and changes of light, until --undo.

    Example: sanse edge always-there 01a1f994-2cc0-7c3e-8d0a-5b1f6e7a9c21 --config box.toml
    """
    from edge.always_there import Mark
    from edge.config import load_config
    from edge.errors import EdgeError
    from edge.remembering import marks_in

    if (alert is None) != (marked or raised) or marked + raised + undo > 1:
        raise _refused("want one of: an ALERT, an ALERT with --undo, --list, --raised")
    try:
        state = load_config(config, overrides or ()).box.state_dir
        folder = marks_in(state)
        if marked:
            for mark in folder.all(_say):
                typer.echo(mark.line())
        elif raised:
            for known in sorted(_raised(state), key=lambda known: known.raised_at):
                typer.echo(known.line())
        elif undo:
            if not folder.remove(_number(alert or "")):
                raise _refused(f"{alert} is not marked; --list prints what is")
            typer.echo(f"{alert} is watched again")
        else:
            found = _found(_number(alert or ""), state)
            folder.add(Mark(alert=found, marked_at=datetime.now(UTC), note=note[:200]))
            typer.echo(f"{found.line()} is always there and alerts no more; --undo takes it back")
    except EdgeError as error:
        raise _refused(str(error)) from error
    except OSError as error:
        where = error.filename or state
        raise _refused(f"{where}: {error.strerror}; run this as the box's own user") from error


def _found(alert_id: UUID, state: Path) -> "RaisedAlert":
    for known in _raised(state):
        if known.alert_id == alert_id:
            return known
    raise _refused(
        f"{alert_id} is none of the last alerts that the box in {state} raised; see that this is "
        "the box and --config that the alert came from, or mark a later alert of the same thing: "
        "--raised prints those that can be"
    )


def _raised(state: Path) -> "list[RaisedAlert]":
    from edge.always_there import raised_in
    from edge.remembering import all_raised_of

    known: list[RaisedAlert] = []
    for path in all_raised_of(state):
        try:
            known += raised_in(path)
        except ValueError as error:
            _say(f"{path} is passed over: {error}")
    return known


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _refused(
            f"{text} is no number of an alert: want one as 01a1f994-2cc0-7c3e-8d0a-5b1f6e7a9c21"
        ) from error


def _say(sentence: str) -> None:
    typer.echo(f"{_COMMAND}: {sentence}", err=True)


def _refused(sentence: str) -> typer.Exit:
    _say(sentence)
    return typer.Exit(UNUSABLE)
