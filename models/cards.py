"""The zoo: a folder for each model with ``model.onnx``, ``model.toml`` and ``README.md``.

``model.toml`` says what the file is and what was measured with it; `render` and `read` are inverse.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.errors import ManifestError
from models.evaluate import Figures

ZOO = Path(__file__).parent / "zoo"
FEWEST_THINGS = 30
TABLES = ("figures", "composed", "before", "before_composed")


@dataclass(frozen=True, slots=True)
class Card:
    """A model.toml.

    Attributes:
        name: of the model. version: of this training.
        sha256: of model.onnx.
        input_wh: width and height of the network's input, pixels.
        labels: in the order of the output's rows.
        scores: threshold of each meaning, 0..1: what a box at the street believes.
        things: physical things per label among the held-out material whose labels a person checked.
        material: SHA-256 of every source of training and held-out material.
        dataset: SHA-256 of the training set as built.
        figures: what was measured on real held-out material, by name of the set.
        edition: of the classes: the first had three, which were the meanings themselves.
        class_scores: threshold of each label, 0..1, where labels are more than the meanings.
        composed: what was measured on composed pictures; never told with the real in one number.
        before, before_composed: the same sets by the edition before, measured at the same time.
        stills: SHA-256 of the labels of the drawn stills it was trained on.
        start: SHA-256 of the ONNX file whose weights the training went on from; empty for none.
    """

    name: str
    version: str
    sha256: str
    input_wh: tuple[int, int]
    labels: tuple[str, ...]
    scores: dict[str, float]
    things: dict[str, int]
    material: dict[str, str]
    dataset: str
    figures: dict[str, Figures]
    edition: int = 1
    class_scores: dict[str, float] = field(default_factory=dict)
    composed: dict[str, Figures] = field(default_factory=dict)
    before: dict[str, Figures] = field(default_factory=dict)
    before_composed: dict[str, Figures] = field(default_factory=dict)
    stills: str = ""
    start: str = ""

    @property
    def unproven(self) -> tuple[str, ...]:
        """Labels with fewer than 30 real held-out things.

        >>> Card("m", "1", "", (1, 1), ("a", "b"), {}, {"a": 30, "b": 29}, {}, "", {}).unproven
        ('b',)
        """
        return tuple(label for label in self.labels if self.things.get(label, 0) < FEWEST_THINGS)


def render(card: Card) -> str:
    """The text of a model.toml."""
    lines = [
        f'name = "{card.name}"',
        f'version = "{card.version}"',
        f"edition = {card.edition}",
        f'sha256 = "{card.sha256}"',
        'head = "yolo"  # 1 x (4 + labels) x N, cx cy w h in input pixels, no suppression built in',
        f"input_wh = [{card.input_wh[0]}, {card.input_wh[1]}]",
        f"labels = [{', '.join(_quoted(label) for label in card.labels)}]",
        f"unproven = [{', '.join(_quoted(label) for label in card.unproven)}]",
        f"dataset_sha256 = {_quoted(card.dataset)}",
        f"stills_sha256 = {_quoted(card.stills)}",
        f"start_sha256 = {_quoted(card.start)}",
        "",
        "[scores]  # a detection below the score of what it means is not believed",
        *(f"{label} = {score:.2f}" for label, score in card.scores.items()),
        "",
        "[class_scores]  # at which the figures of a class hold",
        *(f"{label} = {score:.2f}" for label, score in card.class_scores.items()),
        "",
        "[things]  # physical things in held-out material whose labels a person checked",
        *(f"{label} = {count}" for label, count in card.things.items()),
        "",
        "[material]  # SHA-256 of what it was trained and measured on",
        *(f"{_quoted(name)} = {_quoted(value)}" for name, value in card.material.items()),
    ]
    for table in TABLES:
        figures: Mapping[str, Figures] = getattr(card, table)
        for name, measured in figures.items():
            lines += ["", f"[{table}.{_quoted(name)}]"]
            lines += [
                f"{key} = {value if isinstance(value, int) else f'{value:.4f}'}"
                for key, value in asdict(measured).items()
            ]
    return "\n".join(lines) + "\n"


def as_markdown(card: Card) -> str:
    """The figures as tables for the README: real held-out material, then composed pictures."""
    tables = []
    for title, now, before in (
        ("real, held out", card.figures, card.before),
        ("composed", card.composed, card.before_composed),
    ):
        tables += [
            f"| {title} | boxes | pictures | AP50 | recall | precision | false per picture "
            "| AP50 before | recall before | false before |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        tables += [_row(name, figures, before.get(name)) for name, figures in now.items()]
        tables.append("")
    counts = ", ".join(f"{label} {card.things.get(label, 0)}" for label in card.labels)
    return "\n".join([*tables, f"Real held-out things: {counts}.", ""])


def _row(name: str, now: Figures, before: Figures | None) -> str:
    def shown(figures: Figures | None, *keys: str) -> list[str]:
        values = asdict(figures) if figures else {}
        empty = {"ap50", "recall", "precision"} if figures and not figures.boxes else set()
        return [f"{values[key]:.2f}" if key in values and key not in empty else "" for key in keys]

    cells = [name, str(now.boxes), str(now.pictures)]
    cells += shown(now, "ap50", "recall", "precision", "false_per_picture")
    cells += shown(before, "ap50", "recall", "false_per_picture")
    return f"| {' | '.join(cells)} |"


def read(text: str, where: str = "model.toml") -> Card:
    """A card from its text.

    Raises:
        ManifestError: not TOML, or a key is missing or of another kind.
    """
    try:
        table = tomllib.loads(text)
        width, height = table["input_wh"]
        return Card(
            name=str(table["name"]),
            version=str(table["version"]),
            sha256=str(table["sha256"]),
            input_wh=(int(width), int(height)),
            labels=tuple(str(label) for label in table["labels"]),
            scores={str(label): float(score) for label, score in table["scores"].items()},
            things={str(label): int(count) for label, count in table["things"].items()},
            material={str(name): str(value) for name, value in table["material"].items()},
            dataset=str(table["dataset_sha256"]),
            figures=_figures(table["figures"]),
            edition=int(table.get("edition", 1)),
            class_scores={k: float(v) for k, v in table.get("class_scores", {}).items()},
            composed=_figures(table.get("composed", {})),
            before=_figures(table.get("before", {})),
            before_composed=_figures(table.get("before_composed", {})),
            stills=str(table.get("stills_sha256", "")),
            start=str(table.get("start_sha256", "")),
        )
    except tomllib.TOMLDecodeError as cause:
        raise ManifestError(f"{where} is not TOML: {cause}") from cause
    except KeyError as cause:
        raise ManifestError(f"{where} lacks {cause.args[0]!r}") from cause
    except (TypeError, ValueError, AttributeError) as cause:
        raise ManifestError(f"{where}: {cause}") from cause


def _figures(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Figures]:
    return {name: Figures(**values) for name, values in table.items()}


def folder(name: str) -> Path:
    """The folder of a model of the zoo.

    Raises:
        ManifestError: there is none of that name.
    """
    path = ZOO / name
    if not (path / "model.toml").is_file():
        known = ", ".join(sorted(other.parent.name for other in ZOO.glob("*/model.toml")))
        raise ManifestError(f"no model {name!r} in the zoo; there is {known or 'none'}")
    return path


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
