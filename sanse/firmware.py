"""What goes onto a box, as data: boards, cameras, sites and boxes become one ``box.toml``.

A box names one board, and for each of its cameras a make and the site that it looks at. The name of
a file is the name of what it describes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import tomli_w
from pydantic import BaseModel, TypeAdapter, ValidationError

from edge.config import Box, BoxConfig, Camera, Detector
from sanse.firmware_files import (
    Board,
    BoxFile,
    CameraModel,
    MountedCamera,
    SiteFile,
    read_file,
)
from wire import Site
from wire.toml import TomlError, fault_of, line_of, read_toml

KINDS: Final[dict[str, type[BaseModel]]] = {
    "boards": Board,
    "cameras": CameraModel,
    "sites": SiteFile,
    "boxes": BoxFile,
}
"""Each folder, and the schema of its files."""

Passwords = Mapping[str, str]
"""Of the cameras, by ``camera_id``; they stand in no file of this folder."""


def render(folder: Path, device: str, passwords: Passwords) -> str:
    """The ``box.toml`` of one box, which ``edge.config.load_config`` reads.

    Raises:
        TomlError: A file is missing or faulty, or a camera's password was not given.
    """
    path = folder / "boxes" / f"{device}.toml"
    box, file = read_file(BoxFile, path)
    board, _ = read_file(Board, folder / "boards" / f"{box.board}.toml")
    cameras = [
        _camera(folder, mounted, f"{path}:{line_of(file.text, ('cameras', index))}", passwords)
        for index, mounted in enumerate(box.cameras)
    ]
    sites = {site: _site(folder, site) for one in box.cameras if (site := one.site) is not None}
    tree: dict[str, Any] = {
        "box": Box(
            district=box.district,
            device=device,
            state_dir=board.state_dir,
            keep_days=board.keep_days,
            keep_free_bytes=board.keep_free_bytes,
        ),
        "broker": box.broker,
        "gateway": box.gateway,
        "detector": Detector(
            **{"threads": board.threads} | box.detector.model_dump(exclude_unset=True)
        ),
        "dumping": box.dumping,
        "charging": box.charging,
        "construction": box.construction,
    }
    tree = {name: _told(section) for name, section in tree.items()}
    tree |= {"cameras": [_told(one, "site" if one.site_file else "") for one in cameras]}
    tree |= {"sites": [_told(site) for site in sites.values()]}
    try:
        BoxConfig.model_validate(tree)
    except ValidationError as error:
        raise fault_of(error, file) from error
    head = f"# Rendered by `sanse firmware render {device}`; change the files it came from.\n"
    return head + tomli_w.dumps(tree)


def read_passwords(path: Path) -> Passwords:
    """A TOML file of ``camera_id = "password"``.

    Raises:
        TomlError: It cannot be read, or holds something else.
    """
    file = read_toml(path)
    try:
        return TypeAdapter[dict[str, str]](dict[str, str]).validate_python(file.tree, strict=True)
    except ValidationError as error:
        raise fault_of(error, file) from error


def faults(folder: Path) -> list[TomlError]:
    """Every file looked at by its schema, every box rendered; empty where all of it holds."""
    found: dict[str, TomlError] = {}
    boxes = names(folder, "boxes")
    if not boxes:
        return [TomlError(str(folder / "boxes"), "", "holds no box; want at least one *.toml")]
    for kind, schema in KINDS.items():
        for name in names(folder, kind):
            try:
                read_file(schema, folder / kind / f"{name}.toml")
            except TomlError as error:
                found[str(error)] = error
    for device in boxes:
        try:
            box, _ = read_file(BoxFile, folder / "boxes" / f"{device}.toml")
            render(folder, device, {camera.camera_id: "password" for camera in box.cameras})
        except TomlError as error:
            found[str(error)] = error
    return list(found.values())


def names(folder: Path, kind: str) -> list[str]:
    """Of the files of one kind, without their ending, in order."""
    return sorted(path.stem for path in (folder / kind).glob("*.toml"))


def _camera(folder: Path, mounted: MountedCamera, where: str, passwords: Passwords) -> Camera:
    model, _ = read_file(CameraModel, folder / "cameras" / f"{mounted.camera}.toml")
    password = ""
    if "{password}" in model.source:
        if mounted.camera_id not in passwords:
            wanted = f"give --passwords FILE with {mounted.camera_id} = '…' in it"
            raise TomlError(where, "camera_id", wanted)
        password = passwords[mounted.camera_id]
    if "{username}" in model.source and not mounted.username:
        raise TomlError(where, "username", f"{mounted.camera} wants one")
    source = model.source.format(
        host=mounted.host,
        username=quote(mounted.username, safe=""),
        password=quote(password, safe=""),
    )
    place = {"site": mounted.site} if mounted.site else {"site_file": mounted.site_file}
    return Camera.model_validate(
        {
            "camera_id": mounted.camera_id,
            "source": source,
            "silent_after_s": model.silent_after_s,
            **place,
        }
    )


def _site(folder: Path, name: str) -> Site:
    site, _ = read_file(SiteFile, folder / "sites" / f"{name}.toml")
    return site.named(name)


def _told(section: BaseModel, without: str = "") -> dict[str, Any]:
    return section.model_dump(mode="json", exclude_none=True, exclude={without})
