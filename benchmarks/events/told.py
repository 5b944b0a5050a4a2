"""What a box may be told before a clip: the district's register and the scale, as its own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import tomli_w

from benchmarks.events.truth import Area, Clip

SITE_ID = "benchmark"
LEAST_SPOTS = 4


class Config(NamedTuple):
    """A box's file, and the site file that it names."""

    box: Path
    site: Path


def write_config(clip: Clip, folder: Path) -> Config:
    """Writes ``<clip>.site.toml`` and ``<clip>.box.toml``."""
    site, box = folder / f"{clip.name}.site.toml", folder / f"{clip.name}.box.toml"
    site.write_text(tomli_w.dumps(_site(clip)), encoding="utf-8")
    camera = {"camera_id": "camera", "source": "", "site_file": site.name}
    box.write_text(tomli_w.dumps({"cameras": [camera]}), encoding="utf-8")
    return Config(box, site)


def _site(clip: Clip) -> dict[str, Any]:
    told: dict[str, Any] = {"site_id": SITE_ID, "name": clip.name, "frame_wh": list(clip.wh)}
    for number, area in enumerate(clip.areas, 1):
        told.setdefault(area.kind, []).append(_area(area, number))
    if len(clip.ground) >= LEAST_SPOTS:
        told["ground"] = [
            {"pixel": list(spot.pixel), "metres": list(spot.metres)} for spot in clip.ground
        ]
    return told


def _area(area: Area, number: int) -> dict[str, Any]:
    polygon = [list(corner) for corner in area.polygon_px]
    if area.kind != "permit":
        return {"name": f"{area.kind} {number}", "polygon": polygon}
    assert area.since is not None
    assert area.until is not None
    days = {"from": area.since.date(), "until": area.until.date()}
    return {"number": f"permit {number}", "polygon": polygon, **days}
