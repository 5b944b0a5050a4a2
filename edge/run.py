"""The box as a service: every camera watched, every alert sent, until SIGTERM or Ctrl-C."""

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import structlog

from edge.build import Parts, build_agent, open_detector, software
from edge.care.camera import WatchedCamera
from edge.care.health import HealthReporter
from edge.care.space import Caretaker, free_bytes_for_alerts
from edge.care.stopping import StopRequest
from edge.care.watchdog import Part, Watchdog
from edge.config import BoxConfig, Camera
from edge.errors import ConfigError, EdgeError
from edge.evidence.disk import SystemDisk
from edge.evidence.snapshot import SnapshotWitness
from edge.evidence.store import EvidenceStore
from edge.explain.folder import ExplainedFolder, explained_of
from edge.near_misses import NearMissFolder
from edge.remembering import RememberingAgent, marks_in, memory_of
from edge.uplink.clock import SystemClock
from edge.uplink.outbox import Outbox
from edge.uplink.publisher import Caller, Publisher
from edge.uplink.upload import Uploader, UploadQueue
from edge.video.live import LiveCamera
from edge.video.source import parse_source
from wire import SigningKey, VerifyKey, WireError
from wire.topics import Address

GATEWAY: Final = "gateway"
PATIENCE_S: Final = 5.0
_TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)

log = structlog.get_logger()


def run(config: BoxConfig, config_path: Path, default_model: Path | None) -> int:
    """Watches until asked to stop.

    Returns:
        0 after SIGTERM or Ctrl-C; 2 where the configuration cannot be used, said in one sentence.
    """
    _log_to_stderr()
    try:
        with StopRequest() as stop, _state_folder(config, config_path), ExitStack() as opened:
            box = _Box(config, config_path, default_model, opened)
            box.run(stop)
    except (EdgeError, WireError) as error:
        print(f"sanse edge run: {error}", file=sys.stderr)
        return 2
    return 0


def public_key(config: BoxConfig) -> VerifyKey:
    """The box's public key, for its enrolment; makes the key pair where there is none yet.

    Raises:
        ConfigError: The state folder cannot be used.
    """
    return _signing_key(config).public


def near_misses_of(config: BoxConfig) -> Path:
    """The folder in which the box notes what all but alerted."""
    return config.box.state_dir / "near-misses"


class _Box:
    """All parts of one box, put together."""

    def __init__(
        self, config: BoxConfig, config_path: Path, default_model: Path | None, opened: ExitStack
    ) -> None:
        state = config.box.state_dir
        clock, boot_id = SystemClock(), uuid4()
        key = _signing_key(config)
        gateway_key = _gateway_key(config, config_path)
        detector = open_detector(config.detector, default_model)
        outbox = Outbox(state / "outbox.db", clock)
        opened.callback(outbox.close)
        store = EvidenceStore(state / "evidence", SystemDisk())
        keep_free_bytes = config.box.keep_free_bytes
        caretaker = Caretaker(outbox, store, clock, config.box.keep_days, keep_free_bytes)
        caretaker.sweep()

        witness = SnapshotWitness(store, free_bytes_for_alerts(keep_free_bytes))
        with suppress(OSError):  # each camera says it when it cannot read there
            marks_in(state).make()
        misses = NearMissFolder(near_misses_of(config))
        explained = ExplainedFolder(explained_of(config), SystemDisk(), keep_free_bytes)
        parts = Parts(detector, witness, outbox, boot_id, _zone(), misses, explained)
        self._cameras = [_watched(config, camera, parts) for camera in config.cameras]
        address = Address(config.box.district, config.box.device)
        reporter = HealthReporter(address, boot_id, software(), clock, self._cameras)
        caller = Caller(
            address=address,
            boot_id=boot_id,
            software=software(),
            key=key,
            gateway_key=gateway_key,
            host=config.broker.host,
            port=config.broker.port,
            username=config.broker.username,
            password_file=config.broker.password_file,
        )
        publisher = Publisher(
            caller, outbox, clock, lambda: reporter.report(outbox.health, store.free_bytes)
        )
        opened.callback(publisher.close)
        http = opened.enter_context(open_http(config, config_path))
        uploader = Uploader(http, key, UploadQueue(outbox.database, clock), store.get, clock)
        outbox.on_filed(publisher.wake)
        outbox.on_filed(uploader.wake)
        publisher.on_gateway_back(uploader.wake)
        services: dict[str, Part] = {
            "publisher": publisher.run,
            "uploader": uploader.run,
            "caretaker": caretaker.run,
        }
        self._watchdog = Watchdog(services | {c.name: c.run for c in self._cameras})
        self._address = address

    def run(self, stop: StopRequest) -> None:
        log.info(
            "the box runs",
            district=self._address.district,
            device=self._address.device,
            cameras=len(self._cameras),
        )
        self._watchdog.start()
        stop.wait()
        for camera in self._cameras:
            camera.close()
        late = self._watchdog.stop(PATIENCE_S)
        if late:
            log.warning(f"ended without waiting for {', '.join(late)}")
        log.info("the box has ended")


def _watched(config: BoxConfig, camera: Camera, parts: Parts) -> WatchedCamera:
    live = LiveCamera(camera.camera_id, parse_source(camera.source), camera.silent_after_s)
    site_id, state = config.site_of(camera).site_id, config.box.state_dir
    memory, stream = memory_of(state, camera.camera_id), live.source.kind == "stream"
    return WatchedCamera(
        camera.camera_id,
        site_id,
        live,
        lambda: RememberingAgent(build_agent(config, camera, parts), memory, state, stream),
    )


def _signing_key(config: BoxConfig) -> SigningKey:
    state = config.box.state_dir
    try:
        key = SigningKey.load_or_create(state / "box-key.json", config.box.device)
        key.public.save(state / "box-key.pub.jwk")
    except OSError as error:
        fault = f"the box's key cannot be kept in {state}: {error.strerror}"
        raise ConfigError("configuration", "box.state_dir", fault) from error
    except WireError as error:
        raise ConfigError("configuration", "box.state_dir", str(error)) from error
    return key


def _gateway_key(config: BoxConfig, config_path: Path) -> VerifyKey:
    path = config.gateway.public_key
    try:
        return VerifyKey.load(path, GATEWAY)
    except WireError as error:
        fault = f"{error}; copy the gateway's public key there, receipts are believed by it"
        raise ConfigError(str(config_path), "gateway.public_key", fault) from error


def open_http(config: BoxConfig, config_path: Path) -> httpx.Client:
    """Raises: ConfigError: The gateway's address is none."""
    try:
        url = httpx.URL(config.gateway.url)
    except httpx.InvalidURL as error:
        raise ConfigError(str(config_path), "gateway.url", str(error)) from error
    if url.scheme not in ("http", "https") or not url.host:
        fault = f"{config.gateway.url!r} is no address: want http://host:port or https://host"
        raise ConfigError(str(config_path), "gateway.url", fault)
    return httpx.Client(base_url=url, timeout=_TIMEOUT)


@contextmanager
def _state_folder(config: BoxConfig, config_path: Path) -> Iterator[None]:
    """Holds the folder: two boxes in one would share an outbox and a key.

    Raises:
        ConfigError: It cannot be written, or another box holds it.
    """
    state = config.box.state_dir
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = os.open(state / "box.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        fault = f"{state}: {error.strerror}"
        raise ConfigError(str(config_path), "box.state_dir", fault) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        fault = f"another box runs in {state}; end it, or give this one a folder of its own"
        raise ConfigError(str(config_path), "box.state_dir", fault) from error
    finally:
        os.close(lock)


def _zone() -> tzinfo:
    """The clock on the wall where the box stands."""
    return datetime.now(UTC).astimezone().tzinfo or UTC


def _log_to_stderr() -> None:
    """One line for each event."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
