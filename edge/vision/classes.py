"""What a model's own classes count as here: person, vehicle, waste, bulky, or nothing."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge.config import Detector as DetectorConfig
from edge.errors import ModelError
from edge.vision.boxes import KINDS, LABELS, Floats, Ints
from wire.message import Score, Sha256

DEFAULT_SCORE: Final = 0.4
"""Believed from here on where neither configuration nor manifest say otherwise."""

USUAL_CLASSES: Final = {
    "person": "person",
    "pedestrian": "person",
    "bicycle": "vehicle",
    "e-bike": "vehicle",
    "car": "vehicle",
    "motorcycle": "vehicle",
    "bus": "vehicle",
    "truck": "vehicle",
    "van": "vehicle",
    "tricycle": "vehicle",
    "vehicle": "vehicle",
    "waste": "waste",
    "garbage": "waste",
    "trash": "waste",
    "bulky": "bulky",
    "rubble": "bulky",
    "furniture": "bulky",
}
"""Names that mean the same in the usual data sets; a configuration replaces the whole map."""


class Manifest(BaseModel):
    """What a model's folder says of it, in ``model.toml`` beside ``model.onnx``."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    sha256: Sha256
    labels: tuple[str, ...]
    scores: dict[Literal["person", "vehicle", "waste", "bulky"], Score] = {}


@dataclass(frozen=True, slots=True, eq=False)
class ClassMap:
    """From a model's classes to ours.

    Attributes:
        label: ``(classes,)`` index into ``LABELS``, or -1 for what is ignored.
        kind: ``(classes,)`` index into ``KINDS``, or -1 for what is none of them.
        least_score: ``(4,)`` score from which a box of that label is believed.
    """

    label: Ints
    least_score: Floats
    kind: Ints


def read_manifest(onnx: Path) -> Manifest | None:
    """The manifest beside a model, or None where there is none.

    Raises:
        ModelError: It is there, but cannot be used.
    """
    path = onnx.with_suffix(".toml")
    if not path.is_file():
        return None
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(step) for step in fault["loc"])
        raise ModelError(onnx, f"its manifest {path.name}: {key}: {fault['msg']}") from error
    except (OSError, ValueError) as error:
        raise ModelError(onnx, f"its manifest {path.name} is not TOML: {error}") from error


def names_in(onnx: Path, metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The classes that an ultralytics export writes into the file as ``{0: 'person', …}``."""
    try:
        names = ast.literal_eval(metadata.get("names", "{}"))
        return tuple(str(names[index]) for index in range(len(names)))
    except (ValueError, SyntaxError, KeyError, TypeError) as error:
        raise ModelError(onnx, "its metadata 'names' is not a list of classes") from error


def map_classes(
    onnx: Path,
    class_count: int,
    names: Sequence[str],
    manifest: Manifest | None,
    config: DetectorConfig,
) -> ClassMap:
    """Puts configuration before manifest before the file's own names.

    Raises:
        ModelError: No class list, one of another length, an unknown class in the configuration,
            or nothing in it that counts as person, vehicle or waste.
    """
    names = config.labels or (manifest.labels if manifest else ()) or names
    if not names:
        raise ModelError(
            onnx, f"names none of its {class_count} classes; list them in detector.labels"
        )
    if len(names) != class_count:
        raise ModelError(
            onnx, f"has {class_count} classes, but {len(names)} labels are given for them"
        )
    if unknown := sorted(set(config.classes) - set(names)):
        raise ModelError(
            onnx, f"has no class {unknown[0]!r} as detector.classes says, but {', '.join(names)}"
        )
    counts_as: Mapping[str, str] = config.classes or USUAL_CLASSES
    label = [
        LABELS.index(counts_as[name]) if counts_as.get(name) in LABELS else -1 for name in names
    ]
    if max(label) < 0:
        raise ModelError(
            onnx,
            f"none of its classes {', '.join(names)} is known as person, vehicle or waste; "
            "map them in detector.classes",
        )
    scores = {**(manifest.scores if manifest else {}), **config.scores}
    scores.setdefault("bulky", scores.get("waste", DEFAULT_SCORE))
    least = [scores.get(name, DEFAULT_SCORE) for name in LABELS]
    kind = [KINDS.index(name) if name in KINDS else -1 for name in names]
    return ClassMap(
        np.array(label, np.int64), np.array(least, np.float32), np.array(kind, np.int64)
    )
