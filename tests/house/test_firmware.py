"""Boards, cameras, sites and boxes are data with a schema, and a box that is rendered starts."""

import shutil
import stat
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.config import BoxConfig, load_config
from sanse.commands.firmware import app
from sanse.firmware import names, render

CONFIGS = Path(__file__).parents[2] / "firmware_configs"
PASSWORDS = {"north-gate": "päss/wörd@1", "bins": "x"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of firmware_configs/ that a test may break."""
    return Path(shutil.copytree(CONFIGS, tmp_path / "firmware_configs"))


def run(*argv: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(argv))
    return result.exit_code, result.stdout, result.stderr


def test_all_that_ships_holds() -> None:
    """Every file of firmware_configs/ keeps its schema, and every box can be rendered."""
    code, out, err = run("check", str(CONFIGS))
    assert (code, err) == (0, "")
    assert out == "boards 1, cameras 3, sites 2, boxes 1: all hold\n"


@pytest.mark.parametrize("device", names(CONFIGS, "boxes"))
def test_rendered_box_loads(device: str, tmp_path: Path) -> None:
    """The agent's own reader takes the rendered file, and nothing of it is lost on the way."""
    path = tmp_path / "box.toml"
    path.write_text(render(CONFIGS, device, PASSWORDS), encoding="utf-8")
    config = load_config(path)
    assert config.box.device == device
    assert {camera.camera_id for camera in config.cameras} == set(PASSWORDS)
    assert all(config.site_of(camera).position for camera in config.cameras)
    assert config.detector.threads == 3
    assert config.dumping.stay_s == 120


def test_camera_with_a_site_file(folder: Path, tmp_path: Path) -> None:
    """What is drawn for one camera lies on the box, beside its box.toml."""
    told = folder / "boxes" / "gate-7.toml"
    told.write_text(
        told.read_text().replace('site = "river-east-12-bins"', 'site_file = "bins.toml"')
    )
    path = tmp_path / "box.toml"
    path.write_text(render(folder, "gate-7", PASSWORDS), encoding="utf-8")
    (tmp_path / "bins.toml").write_text(
        'site_id = "bins"\nname = "垃圾房旁"\nframe_wh = [1280, 720]\n', encoding="utf-8"
    )
    config = load_config(path)
    assert [config.site_of(camera).site_id for camera in config.cameras] == [
        "river-east-12-north",
        "bins",
    ]


def test_every_section_can_be_told() -> None:
    """A rendered box has every section that the agent can be told of."""
    tree = tomllib.loads(render(CONFIGS, "gate-7", PASSWORDS))
    assert tree.keys() == BoxConfig.model_fields.keys()


def test_password_is_escaped() -> None:
    """A password with signs of its own stays one part of the address."""
    tree = tomllib.loads(render(CONFIGS, "gate-7", PASSWORDS))
    assert "sanse:p%C3%A4ss%2Fw%C3%B6rd%401@192.168.12.21" in tree["cameras"][0]["source"]


def test_written_file_is_its_owners(tmp_path: Path) -> None:
    """The rendered file holds passwords, so nobody else may read it."""
    (tmp_path / "passwords.toml").write_text('north-gate = "a"\nbins = "b"\n')
    out = tmp_path / "box.toml"
    code, _, err = run(
        *("render", "gate-7", "--folder", str(CONFIGS)),
        *("--passwords", str(tmp_path / "passwords.toml"), "--out", str(out)),
    )
    assert (code, err) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert load_config(out).box.device == "gate-7"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        pytest.param(
            "boards/x86-64-quad.toml",
            "keep_days = 30",
            "keep_dais = 30",
            "boards/x86-64-quad.toml:4: keep_dais: no such key",
            id="slip in a key",
        ),
        pytest.param(
            "boards/x86-64-quad.toml",
            "threads = 3",
            "threads = 3\nfan = true",
            "boards/x86-64-quad.toml:9: fan: no such key",
            id="unknown key",
        ),
        pytest.param(
            "boards/x86-64-quad.toml",
            "keep_days = 30",
            "keep_days = 0",
            "boards/x86-64-quad.toml:4: keep_days: Input should be greater than or equal to 1",
            id="value out of range",
        ),
        pytest.param(
            "cameras/dahua-sub-stream.toml",
            "{host}",
            "{ip}",
            "cameras/dahua-sub-stream.toml:3: source: {ip} is none of {host}, {username}, "
            "{password}",
            id="unknown place in an address",
        ),
        pytest.param(
            "sites/river-east-12-bins.toml",
            "latitude_deg = 31",
            "latitude_deg = 131",
            "sites/river-east-12-bins.toml:3: position.latitude_deg: Input should be less than or "
            "equal to 90",
            id="north of the pole",
        ),
        pytest.param(
            "sites/river-east-12-bins.toml",
            "latitude_deg",
            "lat_deg",
            "sites/river-east-12-bins.toml:3: position.lat_deg: no such key",
            id="slip inside a position",
        ),
        pytest.param(
            "sites/river-east-12-bins.toml",
            "address",
            'site_id = "bins"\naddress',
            "sites/river-east-12-bins.toml:2: site_id: no such key",
            id="a name beside the file's",
        ),
        pytest.param(
            "boxes/gate-7.toml",
            'board = "x86-64-quad"',
            'board = "x86-64-hexa"',
            "boards/x86-64-hexa.toml: cannot be read: No such file or directory",
            id="board that is not there",
        ),
        pytest.param(
            "boxes/gate-7.toml",
            'site = "river-east-12-bins"',
            'site = "river-west-1"',
            "sites/river-west-1.toml: cannot be read: No such file or directory",
            id="site that is not there",
        ),
        pytest.param(
            "boxes/gate-7.toml",
            'site = "river-east-12-bins"',
            'site = "river-east-12-bins"\nsite_file = "bins.toml"',
            "boxes/gate-7.toml:22: cameras.1: want either site or site_file",
            id="two sites of one camera",
        ),
        pytest.param(
            "boxes/gate-7.toml",
            'camera_id = "bins"',
            'camera_id = "north-gate"',
            "boxes/gate-7.toml: two cameras share one camera_id",
            id="two cameras of one name",
        ),
        pytest.param(
            "boxes/gate-7.toml",
            'host = "192.168.12.22"\nusername = "sanse"',
            'host = "192.168.12.22"',
            "boxes/gate-7.toml:22: username: dahua-sub-stream wants one",
            id="login missing",
        ),
        pytest.param(
            "boxes/gate-7.toml",
            "stay_s = 120.0",
            "stay_s = 0",
            "boxes/gate-7.toml:30: dumping.stay_s: Input should be greater than 0",
            id="no time to stay",
        ),
        pytest.param(
            "boxes/gate-7.toml",
            "[broker]",
            "[broker",
            "boxes/gate-7.toml: is not TOML",
            id="not TOML",
        ),
    ],
)
def test_fault(folder: Path, file: str, old: str, new: str, said: str) -> None:
    """Each single fault is one line that names file, line and key."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, _, err = run("check", str(folder))
    assert code == 2
    assert err.startswith(f"{folder}/{said}")
    assert err.count("\n") == 1


def test_check_tells_every_fault(folder: Path) -> None:
    """One look names all faulty files, each once."""
    (folder / "boards" / "x86-64-quad.toml").write_text("")
    (folder / "cameras" / "plain-rtsp.toml").write_text("")
    code, _, err = run("check", str(folder))
    assert code == 2
    assert [line.partition(": ")[0] for line in err.splitlines()] == [
        f"{folder}/boards/x86-64-quad.toml",
        f"{folder}/cameras/plain-rtsp.toml",
    ]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        pytest.param(["render", "gate-8"], "boxes/gate-8.toml: cannot be read", id="no such box"),
        pytest.param(
            ["render", "gate-7"], "give --passwords FILE with north-gate = '…'", id="no password"
        ),
        pytest.param(
            ["render", "gate-7", "--passwords", "gone.toml"],
            "gone.toml: cannot be read",
            id="no password file",
        ),
        pytest.param(["check", "nowhere"], "nowhere/boxes: holds no box", id="no folder"),
    ],
)
def test_refuses(argv: list[str], said: str) -> None:
    """What cannot be done is said in one line, with exit code 2 and nothing on stdout."""
    argv += ["--folder", str(CONFIGS)] if argv[0] == "render" else []
    code, out, err = run(*argv)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
