"""Puts one camera's parts together; replay and service do it in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import UUID

import structlog

from edge.agent import Agent, Explainer, Identity, MissLog, Outbox, ScenarioWatch, Witness
from edge.config import BoxConfig, Camera
from edge.config import Detector as DetectorConfig
from edge.explain.explainer import NoExplainer, PictureExplainer
from edge.explain.folder import Shelf
from edge.ids import uuid7
from edge.scenarios.charging import Charging
from edge.scenarios.construction import Construction
from edge.scenarios.dumping import Dumping
from edge.scenarios.night import Night
from edge.vision.detector import OnnxDetector
from edge.vision.eye import Eye

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parts:
    """What the agents of all cameras of a box share.

    Attributes:
        detector: None where there is no model; then motion alone decides.
        zone: The clock on the wall at the sites, for those without a position.
        explained: Where pictures of what led to alerts go; None draws none.
    """

    detector: OnnxDetector | None
    witness: Witness
    outbox: Outbox
    boot_id: UUID
    zone: tzinfo
    misses: MissLog
    explained: Shelf | None = None


def build_agent(config: BoxConfig, camera: Camera, parts: Parts) -> Agent:
    """One camera's agent, with all scenarios that the configuration has on."""
    site, drawn = config.site_of(camera), config.drawn(camera)
    identity = identity_of(config, camera, parts.detector, parts.boot_id)
    night = Night(site.position, parts.zone, drawn.night if drawn else None)
    scenarios: list[ScenarioWatch] = []
    if config.dumping.enabled and "dumping" in camera.scenarios:
        scenarios.append(Dumping(config.dumping, night, uuid7, drawn))
    if config.charging.enabled and "charging" in camera.scenarios:
        knows_bikes = parts.detector is not None and parts.detector.knows_bikes
        scenarios.append(Charging(config.charging, night, uuid7, drawn, knows_bikes=knows_bikes))
    if config.construction.enabled and "construction" in camera.scenarios:
        scenarios.append(Construction(config.construction, drawn, night, uuid7, parts.detector))
    eye = Eye(parts.detector)
    explainer: Explainer = NoExplainer()
    if parts.explained is not None:
        detects = parts.detector is not None
        explainer = PictureExplainer(parts.explained, parts.zone, detects=detects)
    return Agent(identity, eye, scenarios, parts.witness, parts.outbox, parts.misses, explainer)


def identity_of(
    config: BoxConfig, camera: Camera, detector: OnnxDetector | None, boot_id: UUID
) -> Identity:
    """Who speaks in a camera's alerts."""
    return Identity(
        district=config.box.district,
        device=config.box.device,
        camera_id=camera.camera_id,
        site=config.site_of(camera),
        boot_id=boot_id,
        footage=camera.footage,
        model=detector.model if detector else None,
        software=software(),
    )


def open_detector(config: DetectorConfig, default_model: Path | None) -> OnnxDetector | None:
    """The configured model, or else the bundled one; where there is neither, says so once.

    Raises:
        ModelError: The model cannot serve.
    """
    onnx = config.onnx or default_model
    if onnx is None:
        log.warning("no detector model is installed: motion alone decides, in all else as before")
        return None
    return OnnxDetector(onnx, config)


def software() -> str:
    """What alerts and health say of the program."""
    try:
        return f"sanse {version('sanse')}"
    except PackageNotFoundError:
        return "sanse from source"
