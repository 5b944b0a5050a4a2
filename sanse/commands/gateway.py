"""``sanse gateway``: the district's server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gateway.settings import Settings

app = typer.Typer(
    help="The district's server: takes alerts, raises warnings, serves the control room.",
    no_args_is_help=True,
)
user_app = typer.Typer(help="People who may log in.", no_args_is_help=True)
app.add_typer(user_app, name="user")

_State = Annotated[
    Path | None, typer.Option("--state", help="Folder of database, evidence and key.")
]
_Config = Annotated[
    Path | None, typer.Option("--config", help="Settings as TOML; flags win over it.")
]
_USE_ERROR = 2


@app.command()
def serve(  # typer declares each flag as a parameter
    config: _Config = None,
    state: _State = None,
    host: Annotated[str | None, typer.Option(help="Address to serve on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on.")] = None,
    district: Annotated[str | None, typer.Option(help="Whose boxes it hears.")] = None,
    broker_host: Annotated[str | None, typer.Option(help="Host of the MQTT broker.")] = None,
    broker_port: Annotated[int | None, typer.Option(help="Port of the MQTT broker.")] = None,
    broker_username: Annotated[str | None, typer.Option(help="Name at the broker.")] = None,
    broker_password_file: Annotated[
        Path | None, typer.Option(help="File with the password at the broker.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A policy.toml of one's own, in place of the bundled one.")
    ] = None,
    influx_url: Annotated[
        str | None, typer.Option(help="InfluxDB or VictoriaMetrics for a copy of box health.")
    ] = None,
) -> None:
    """Serve one district until Ctrl-C.

    Example: sanse gateway serve --state /var/lib/sanse/gateway --district harbour --port 8000
    """
    flags = {
        "state": state,
        "host": host,
        "port": port,
        "district": district,
        "broker_host": broker_host,
        "broker_port": broker_port,
        "broker_username": broker_username,
        "broker_password_file": broker_password_file,
        "policy": policy,
        "influx_url": influx_url,
    }
    with _one_sentence():
        from gateway import serve as room

        status = room.serve(_settings(config, flags))
    raise typer.Exit(status)


@app.command()
def enroll(
    device: Annotated[str, typer.Argument(help="Name of the box, as in its configuration.")],
    key_file: Annotated[Path, typer.Argument(help="Its public key, a JWK.")],
    state: _State = None,
    config: _Config = None,
) -> None:
    """Make a box known by its public key; an earlier key of it counts no more.

    Example: sanse gateway enroll gate-7 gate-7.pub.json --state /var/lib/sanse/gateway
    """
    with _one_sentence():
        from gateway import accounts
        from wire import VerifyKey

        settings = _settings(config, {"state": state})
        accounts.enroll(settings.state, device, VerifyKey.load(key_file, device).as_jwk())
    typer.echo(f"{device} is enrolled")


@app.command("public-key")
def public_key(state: _State = None, config: _Config = None) -> None:
    """Print the public key that boxes believe this gateway by; a box's `gateway.public_key`.

    Example: sanse gateway public-key --state /var/lib/sanse/gateway
    """
    with _one_sentence():
        from gateway import accounts

        key = accounts.gateway_key(_settings(config, {"state": state}).state)
    typer.echo(json.dumps(key.public.as_jwk()))


@user_app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="What they log in with.")],
    shown_as: Annotated[
        str | None, typer.Option(help="The name that stands beside their decisions.")
    ] = None,
    state: _State = None,
    config: _Config = None,
) -> None:
    """Add a person and print the password made up for them.

    Example: sanse gateway user add li.wei --shown-as 李伟 --state /var/lib/sanse/gateway
    """
    with _one_sentence():
        from gateway import accounts

        settings = _settings(config, {"state": state})
        password = accounts.ensure_user(settings.state, name, name=shown_as)
    if password is None:
        raise _refused(f"user {name!r} is there already")
    typer.echo(f"user={name} password={password}")


@app.command()
def openapi(
    out: Annotated[
        Path | None, typer.Option(help="File to write; otherwise it is printed.")
    ] = None,
) -> None:
    """Write the description of the HTTP API.

    Example: sanse gateway openapi --out gateway/api/openapi.json
    """
    from gateway.api.app import describe

    text = json.dumps(describe().openapi(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _settings(config: Path | None, flags: dict[str, Any]) -> "Settings":
    from gateway.settings import load_settings

    return load_settings(config, flags)


@contextmanager
def _one_sentence() -> Iterator[None]:
    """What cannot be done is said in one sentence, with exit status 2."""
    from gateway.errors import GatewayError
    from wire import WireError
    from wire.toml import TomlError

    try:
        yield
    except (GatewayError, WireError, TomlError) as error:
        raise _refused(str(error)) from error


def _refused(sentence: str) -> typer.Exit:
    typer.echo(f"sanse gateway: {sentence}", err=True)
    return typer.Exit(_USE_ERROR)
