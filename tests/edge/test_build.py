"""What is put together for one camera is what its configuration asks for."""

from datetime import UTC
from typing import Any, cast
from uuid import uuid4

import pytest

from edge.build import Parts, build_agent
from edge.config import BoxConfig, Camera, load_config
from edge.errors import ConfigError
from edge.scenarios.charging import Charging
from edge.scenarios.construction import Construction
from edge.scenarios.dumping import Dumping

NOTHING = cast(Any, None)


@pytest.mark.parametrize(
    ("overrides", "kinds"),
    [
        ([], [Dumping, Charging, Construction]),
        (['cameras.0.scenarios=["construction"]'], [Construction]),
        (["dumping.enabled=false", 'cameras.0.scenarios=["dumping", "charging"]'], [Charging]),
    ],
)
def test_a_camera_is_watched_for_what_it_and_its_box_say(
    overrides: list[str], kinds: list[type]
) -> None:
    config: BoxConfig = load_config(None, overrides)
    camera: Camera = config.cameras[0]
    parts = Parts(None, NOTHING, NOTHING, uuid4(), UTC, NOTHING)
    watches = build_agent(config, camera, parts).scenarios
    assert [type(watch) for watch in watches] == kinds


def test_what_nobody_can_watch_for_is_named() -> None:
    with pytest.raises(ConfigError, match="scenarios"):
        load_config(None, ['cameras.0.scenarios=["parking"]'])
