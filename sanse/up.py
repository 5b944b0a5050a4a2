"""``sanse up``: broker, gateway and one box as one process tree, all state in one folder."""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomli_w
import typer

from edge.care.stopping import StopRequest
from sanse.broker import Broker, nats_server, write_config
from sanse.defaults import demo_clips
from sanse.probe import accepts, free_port, is_healthy
from sanse.processes import NotReadyError, ProcessTree, Program

DISTRICT = "demo"
DEVICE = "box-1"
STAY_S = 10
DWELL_S = 15
DEMO_SITES: Final = {
    "demo-gate": "示范小区大门 · Demo gate",
    "demo-yard": "示范小区院内 · Demo yard",
    "demo-roofs": "示范自建房 · Demo roofs",
}
"""What the three bundled clips show."""
_WATCHED_FOR: Final = {"demo-roofs": {"scenarios": ["construction"]}}
"""Weeks pass in that clip within seconds: what comes between two of its pictures nobody left."""
OWN_SITE: Final = {"demo-corner": "示范路口 · Demo corner"}


class UpError(Exception):
    """It cannot start; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class UpSettings:
    """What ``sanse up`` can be told.

    Attributes:
        source: Clip, folder or ``rtsp://`` address of the one camera; None for the bundled clips.
        policy: The gateway's policy file; None for the bundled one.
        overrides: ``KEY=VALUE`` for the box's configuration.
    """

    state: Path
    port: int
    source: str | None = None
    policy: Path | None = None
    overrides: tuple[str, ...] = ()


def serve(settings: UpSettings) -> int:
    """Runs until SIGINT or SIGTERM.

    Returns:
        0 after an orderly end, 2 where it could not start; the reason is on stderr.
    """
    with StopRequest() as stop:
        try:
            with _only_one(settings.state):
                _check(settings)
                with ProcessTree(settings.state / "log", _say) as tree:
                    _start(tree, settings, stop)
                    while not stop.wait(0.5):
                        tree.restart_ended(time.monotonic())
                    _say("stopping")
        except (UpError, NotReadyError, FileNotFoundError) as error:
            if stop.is_set():
                return 0
            _say(f"sanse up: {error}")
            return 2
    return 0


def _start(tree: ProcessTree, settings: UpSettings, stop: StopRequest) -> None:
    state = settings.state.resolve()
    broker = write_config(state / "broker", free_port(), free_port())
    tree.start(
        Program(
            "broker",
            (nats_server(), "-c", str(broker.config)),
            lambda: stop.is_set() or accepts(broker.host, broker.port),
        )
    )
    box = _write_box(state / "box", settings, broker)
    password = _introduce(state, box)
    url = f"http://127.0.0.1:{settings.port}"
    tree.start(
        Program(
            "gateway",
            _gateway_argv(state / "gateway", settings, broker),
            lambda: stop.is_set() or is_healthy(url),
            ready_within_s=60.0,
        )
    )
    overrides = [f"--set={override}" for override in settings.overrides]
    tree.start(Program("box", (*_sanse(), "edge", "run", "--config", str(box), *overrides)))
    secret = f" password={password}" if password else ""
    typer.echo(f"ready {url} user=operator{secret}")
    sys.stdout.flush()


def _write_box(folder: Path, settings: UpSettings, broker: Broker) -> Path:
    """The demonstration box's configuration, written anew at each start."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "box.toml"
    tree = {
        "box": {"district": DISTRICT, "device": DEVICE, "state_dir": str(folder)},
        "broker": {
            "host": broker.host,
            "port": broker.port,
            "username": "box",
            "password_file": str(broker.box_password),
        },
        "gateway": {
            "url": f"http://127.0.0.1:{settings.port}",
            "public_key": str(folder / "gateway.jwk"),
        },
        "dumping": {"stay_s": STAY_S},
        "charging": {"dwell_s": DWELL_S},
        **_cameras(settings.source),
    }
    path.write_text(f"# Written by `sanse up` at each start.\n{tomli_w.dumps(tree)}", "utf-8")
    return path


def _cameras(source: str | None) -> dict[str, list[dict[str, Any]]]:
    """One camera at a site of its own for each clip."""
    sites = DEMO_SITES if source is None else OWN_SITE
    sources = [str(clip) for clip in demo_clips()] if source is None else [source]
    return {
        "cameras": [
            {
                "camera_id": f"camera-{number}",
                "source": where if "://" in where else str(Path(where).resolve()),
                "site": site,
                "footage": _footage(source),
                **_WATCHED_FOR.get(site, {}),
            }
            for number, (site, where) in enumerate(zip(sites, sources, strict=True), 1)
        ],
        "sites": [
            {
                "site_id": site,
                "name": name,
                "address": f"演示 · demonstration: stay_s = {STAY_S}, dwell_s = {DWELL_S}",
            }
            for site, name in sites.items()
        ],
    }


def _footage(source: str | None) -> str:
    if source is None:
        return "composed"
    return "camera" if "://" in source else "recording"


def _introduce(state: Path, box: Path) -> str | None:
    """Makes box and gateway known to each other; the operator's password at the first start."""
    from edge.config import load_config
    from edge.run import public_key
    from gateway.accounts import enroll, ensure_user, gateway_key

    config = load_config(box)
    gateway_key(state / "gateway").public.save(config.gateway.public_key)
    enroll(state / "gateway", DEVICE, public_key(config).as_jwk())
    return ensure_user(state / "gateway", "operator")


def _gateway_argv(state: Path, settings: UpSettings, broker: Broker) -> tuple[str, ...]:
    policy = ["--policy", str(settings.policy.resolve())] if settings.policy else []
    return (
        *_sanse(),
        *("gateway", "serve", "--state", str(state), "--port", str(settings.port)),
        *("--broker-host", broker.host, "--broker-port", str(broker.port)),
        *("--broker-username", "gateway"),
        *("--broker-password-file", str(broker.gateway_password)),
        *("--district", DISTRICT, *policy),
    )


def _sanse() -> tuple[str, ...]:
    return (sys.executable, "-m", "sanse")


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Holds the state folder; two at once would share a database and a device key."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = os.open(state / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UpError(f"{state}: cannot keep state here: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise UpError(
            f"another `sanse up` runs from {state}; end it, or give --state another folder"
        ) from error
    finally:
        os.close(lock)


def _check(settings: UpSettings) -> None:
    if settings.policy and not settings.policy.exists():
        raise UpError(f"{settings.policy}: no such policy file")
    if settings.source and "://" not in settings.source and not Path(settings.source).exists():
        raise UpError(f"{settings.source}: no such clip or folder")
    _check_port(settings.port)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UpError(
                f"port {port} is taken ({error.strerror}); give another, as in make run PORT=8001"
            ) from error


def _say(line: str) -> None:
    typer.echo(line, err=True)
