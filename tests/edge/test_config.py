"""The box's configuration: every slip is named with file, line and key."""

from pathlib import Path

import pytest

from edge.config import BoxConfig, load_config
from edge.errors import ConfigError

GOOD = """\
[box]
district = "harbour"
state_dir = "state"

[[cameras]]
camera_id = "gate-1"
source = "clips/gate.mp4"
site = "gate"

[[cameras]]
camera_id = "gate-2"
source = "rtsp://10.0.0.7/main"
site = "gate"

[[sites]]
site_id = "gate"
name = "West gate"

[sites.position]
latitude_deg = 31.2
longitude_deg = 121.5

[dumping]
stay_s = 30
"""


def box(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "box.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_a_whole_box(tmp_path: Path) -> None:
    """Values arrive, relative paths count from the file, addresses stay as they are."""
    config = load_config(box(tmp_path, GOOD))
    assert config.box.state_dir == tmp_path / "state"
    assert [camera.source for camera in config.cameras] == [
        str(tmp_path / "clips/gate.mp4"),
        "rtsp://10.0.0.7/main",
    ]
    site = config.site_of(config.cameras[1])
    assert site.position is not None
    assert (site.name, site.position.latitude_deg) == ("West gate", 31.2)


DRAWN = """\
site_id = "yard-7"
name = "七号院"
frame_wh = [1280, 720]
night = { from = 20:00:00, until = 05:00:00 }
"""


def drawn_box(tmp_path: Path, site: str = DRAWN) -> Path:
    """A box whose second camera has a site file beside the box.toml."""
    (tmp_path / "yard-7.toml").write_text(site, encoding="utf-8")
    head, found, tail = GOOD.rpartition('site = "gate"\n')
    assert found
    return box(tmp_path, f'{head}site_file = "yard-7.toml"\n{tail}')


def test_a_site_file_takes_the_place_of_a_site(tmp_path: Path) -> None:
    """It counts from the box.toml, is read once, and says what alerts say of the place."""
    config = load_config(drawn_box(tmp_path))
    (tmp_path / "yard-7.toml").unlink()
    first, second = config.cameras
    assert (config.site_of(first).site_id, config.drawn(first)) == ("gate", None)
    assert config.site_of(second).name == "七号院"
    assert (drawn := config.drawn(second)) is not None
    assert drawn.night is not None


def test_a_site_file_by_override(tmp_path: Path) -> None:
    """It can be set without a box.toml."""
    drawn_box(tmp_path)
    config = load_config(None, [f"cameras.0.site_file={tmp_path / 'yard-7.toml'}"])
    assert config.site_of(config.cameras[0]).site_id == "yard-7"


def test_a_broken_site_file_is_told_in_its_own_words(tmp_path: Path) -> None:
    """Where the configuration names it, and what the site file says of itself."""
    path = drawn_box(tmp_path, DRAWN.replace("[1280, 720]", "[1280]"))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    said = f"{path}:13: cameras.1.site_file: {tmp_path / 'yard-7.toml'}:3: frame_wh"
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_defaults_are_a_whole_box() -> None:
    """Without a file the whole frame is one site."""
    config = load_config(None)
    assert config == BoxConfig()
    assert config.site_of(config.cameras[0]).name == "whole frame"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        pytest.param("stay_s = 30", "stay_ss = 30", 24, "dumping.stay_ss: no such key", id="typo"),
        pytest.param(
            "stay_s = 30", "stay_s = -1", 24, "dumping.stay_s: Input should be greater", id="range"
        ),
        pytest.param("[dumping]", "[dumbing]", 23, "dumbing: no such key", id="unknown table"),
        pytest.param(
            '"gate-2"', '"Gate 2"', 11, "cameras.1.camera_id: String should match", id="second item"
        ),
        pytest.param(
            "latitude_deg = 31.2",
            "latitude_deg = 131.2",
            20,
            "sites.0.position.latitude_deg: Input",
            id="table inside a list",
        ),
        pytest.param(
            'name = "West gate"', "", 15, "sites.0.name: Field required", id="missing key"
        ),
        pytest.param(
            'name = "West gate"',
            'name = "West gate"\ncolour = "red"',
            18,
            "sites.0.colour: no such key",
            id="unknown key of a site",
        ),
    ],
)
def test_names_file_line_and_key(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    """A slip is said in one sentence with the line on which it stands."""
    path = box(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(caught.value).startswith(f"{path}:{line}: {said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[box", "is not TOML", id="torn TOML"),
        pytest.param(GOOD.replace('site = "gate"', 'site = "yard"'), "is none of gate", id="site"),
        pytest.param(GOOD.replace("gate-2", "gate-1"), "share one camera_id", id="same name twice"),
        pytest.param(
            GOOD.replace('site = "gate"', 'site = "gate"\nsite_file = "yard-7.toml"'),
            "cameras.0: site and site_file exclude each other",
            id="site and site file",
        ),
        pytest.param("cameras = []", "0 cameras: want 1 to 16", id="no camera"),
    ],
)
def test_refuses_what_does_not_fit_together(tmp_path: Path, text: str, said: str) -> None:
    """What no single line is to blame for is said of the file."""
    with pytest.raises(ConfigError, match=said):
        load_config(box(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is one sentence too."""
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read: No such file"):
        load_config(tmp_path / "none.toml")


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    """A binary file is no TOML."""
    path = tmp_path / "box.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is not TOML"):
        load_config(path)


@pytest.mark.parametrize(
    ("override", "read"),
    [
        pytest.param("dumping.stay_s=10", lambda c: c.dumping.stay_s == 10, id="number"),
        pytest.param("box.device=box-9", lambda c: c.box.device == "box-9", id="plain text"),
        pytest.param('box.device="box-9"', lambda c: c.box.device == "box-9", id="TOML text"),
        pytest.param("dumping.enabled=false", lambda c: not c.dumping.enabled, id="switch"),
        pytest.param(
            "cameras.0.camera_id=yard", lambda c: c.cameras[0].camera_id == "yard", id="list item"
        ),
        pytest.param(
            "detector.classes.bag=waste",
            lambda c: c.detector.classes == {"bag": "waste"},
            id="new entry of a map",
        ),
    ],
)
def test_overrides(override: str, read: object) -> None:
    """A single key can be set without a file."""
    assert callable(read)
    assert read(load_config(None, [override]))


def test_the_override_wins(tmp_path: Path) -> None:
    """The command line stands above the file."""
    assert load_config(box(tmp_path, GOOD), ["dumping.stay_s=10"]).dumping.stay_s == 10


@pytest.mark.parametrize(
    ("override", "said"),
    [
        pytest.param("dumping.stay_s", "--set: dumping.stay_s: want KEY=VALUE", id="no value"),
        pytest.param(
            "dumping.stay_s=soon", "--set: dumping.stay_s: Input should be", id="no number"
        ),
        pytest.param("dumping.stay=1", "--set: dumping.stay: no such key", id="typo"),
        pytest.param("box.device.x=1", "--set: box.device.x: no such key", id="below a value"),
        pytest.param(
            "cameras.9.site=gate", "--set: cameras.9.site: no such key", id="no such item"
        ),
    ],
)
def test_refuses_overrides(tmp_path: Path, override: str, said: str) -> None:
    """A slip on the command line is said of the command line, not of the file."""
    path = box(tmp_path, GOOD.replace("[box]", '[box]\ndevice = "box-1"'))
    with pytest.raises(ConfigError) as caught:
        load_config(path, [override])
    assert str(caught.value).startswith(said)
