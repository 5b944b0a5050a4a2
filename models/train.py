"""Training that can be killed at any moment and goes on from its last checkpoint.

The order of pictures and their mirroring are pure functions of the step number, so a run that was
cut off sees what an
unbroken run would have seen from the checkpoint on. The learning rate follows the steps; on a
machine too slow for all of
them within the budget it follows the clock.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.dataset import KINDS, Recipe, Sources, build, read_sample
from models.errors import TrainingStateError
from models.labels import LABELS, MEANS
from models.sources import sha256_of

if TYPE_CHECKING:
    from models.network import Batch

Report = Callable[["Mark", "Plan"], None]

_WHERE_AND_WHEN = {"budget_s", "save_every", "threads", "device", "readers"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast a training runs.

    Attributes:
        steps: gradient steps of the whole training.
        batch: pictures per step.
        peak_rate: learning rate after warm-up, falling as a cosine to a hundredth.
        warm_steps: steps of warm-up.
        seed: of weights and order.
        start: SHA-256 of the ONNX export whose weights it goes on from; empty for random ones.
        budget_s: seconds of computing, summed over restarts, after which it ends early. On the
            processor CPU time over threads, so that waiting on a busy machine costs nothing;
            elsewhere the time that passes.
        save_every: steps between checkpoints.
        threads: CPU threads.
        device: where it computes: ``cpu`` or ``cuda``.
        readers: processes that read the next pictures meanwhile; 0 reads them in between.
    """

    steps: int = 11_000
    batch: int = 8
    peak_rate: float = 0.002
    warm_steps: int = 300
    seed: int = 5
    start: str = ""
    budget_s: float = 10_800
    save_every: int = 100
    threads: int = 2
    device: str = "cpu"
    readers: int = 0

    def rate(self, step: int, spent_s: float = 0.0) -> float:
        """Learning rate of a step; falls with the steps or with the time spent, whichever is
        further on.

        >>> plan = Plan(steps=1000, warm_steps=100, peak_rate=0.002, budget_s=60)
        >>> round(plan.rate(999), 6), round(plan.rate(500, spent_s=60), 6)
        (2e-05, 2e-05)
        """
        warm = min(1.0, (step + 1) / self.warm_steps)
        part = min(1.0, max(step / max(1, self.steps - 1), spent_s / self.budget_s))
        return self.peak_rate * warm * (0.01 + 0.99 * (1 + math.cos(math.pi * part)) / 2)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a training has come: steps done, seconds spent (all restarts), the running loss,
    times started.
    """

    step: int = 0
    spent_s: float = 0.0
    loss: float = 0.0
    starts: int = 0

    def after(self, loss: float, took_s: float) -> Mark:
        smooth = loss if self.step == 0 else 0.98 * self.loss + 0.02 * loss
        return Mark(self.step + 1, self.spent_s + took_s, smooth, self.starts)

    def started(self) -> Mark:
        return Mark(self.step, self.spent_s, self.loss, self.starts + 1)


def is_finished(mark: Mark, plan: Plan) -> bool:
    return mark.step >= plan.steps or mark.spent_s >= plan.budget_s


def picture_numbers(step: int, plan: Plan, recipe: Recipe) -> list[int]:
    """Which pictures a step sees: of every kind its share, and of a kind every one once per round,
    each round in its own order.

    >>> plan, recipe = Plan(batch=4, seed=7), Recipe(images=16, mix=(2, 1, 1))
    >>> [recipe.kind(number) for number in picture_numbers(0, plan, recipe)]
    ['still', 'still', 'composed', 'real']
    >>> len({n for step in range(4) for n in picture_numbers(step, plan, recipe)})
    16
    """
    numbers = []
    for place, kind in enumerate(KINDS):
        mine = recipe.numbers(kind)
        if mine:
            share = slots(plan.batch, recipe.mix)[place]
            rounds = _in_rounds(
                range(step * share, (step + 1) * share), len(mine), plan.seed + place
            )
            numbers += [mine[number] for number in rounds]
    return numbers


def slots(batch: int, mix: Sequence[int]) -> tuple[int, ...]:
    """How many of a step's pictures are of each kind.

    >>> slots(8, (4, 2, 2)), slots(6, (2, 1, 1))
    ((4, 2, 2), (3, 2, 1))
    """
    edges = np.round(np.cumsum([0, *mix]) * batch / sum(mix) + 1e-9)
    return tuple(int(part) for part in np.diff(edges))


def _in_rounds(places: range, pictures: int, seed: int) -> list[int]:
    numbers = []
    for place in places:
        lap, index = divmod(place, pictures)
        order = np.random.default_rng((seed, lap)).permutation(pictures)
        numbers.append(int(order[index]))
    return numbers


def fingerprint(plan: Plan, dataset_sha256: str) -> str:
    """Names the run that a checkpoint belongs to: all that decides what a step does, but not how
    long one waits.
    """
    decisive = {key: value for key, value in asdict(plan).items() if key not in _WHERE_AND_WHEN}
    return hashlib.sha256(
        json.dumps([decisive, dataset_sha256], sort_keys=True).encode()
    ).hexdigest()


def train(
    sources: Sources,
    work: Path,
    recipe: Recipe,
    plan: Plan,
    report: Report = lambda mark, plan: None,
) -> Path:
    """Builds the data set where needed, trains, and writes ``street-n.onnx`` and ``training.json``
    into ``work``.

    Returns:
        The ONNX file.
    Raises:
        StartError: ``sources.start`` cannot be read, or is of another architecture.
        TrainingStateError: ``work`` holds the checkpoint of another plan or data set.
    """
    from models.network import Network, in_order, load_state, save_state  # noqa: PLC0415  # torch
    from models.start import read_start  # noqa: PLC0415  # torch

    summary = build(sources, work / "dataset", recipe)
    if sources.start is not None:
        plan = replace(plan, start=sha256_of(sources.start))
    name = fingerprint(plan, str(summary["sha256"]))
    network = Network(LABELS, plan.seed, plan.threads, plan.device)
    checkpoint = work / "checkpoint.pt"
    mark = Mark()
    if checkpoint.is_file():
        state = load_state(checkpoint)
        if state["fingerprint"] != name:
            raise TrainingStateError("fingerprint", name[:12], str(state["fingerprint"])[:12])
        network.restore(state["network"])
        mark = Mark(**state["mark"])
    elif sources.start is not None:
        before = read_start(sources.start)
        first = [read_batch(work / "dataset", recipe, plan, step).pixels for step in range(4)]
        network.start_from(before, rows_of(before.labels), np.concatenate(first))
    mark, spent_s = mark.started(), _clock(plan)
    read = partial(read_batch, work / "dataset", recipe, plan)
    for batch in in_order(read, range(mark.step, plan.steps), plan.readers):
        if is_finished(mark, plan):
            break
        loss = network.step(batch, plan.rate(mark.step, mark.spent_s))
        mark = mark.after(loss, spent_s())
        if mark.step % plan.save_every == 0 or is_finished(mark, plan):
            save_state(
                checkpoint, {"fingerprint": name, "network": network.state(), "mark": asdict(mark)}
            )
        report(mark, plan)
    onnx = work / "street-n.onnx"
    network.export(onnx, recipe.input_wh, metadata(recipe))
    log = {"plan": asdict(plan), "mark": asdict(mark), "dataset": summary}
    (work / "training.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    return onnx


def _clock(plan: Plan) -> Callable[[], float]:
    """Asked again and again, tells the seconds of computing since it was last asked."""
    on_cpu = plan.device == "cpu"
    last_s = time.process_time() if on_cpu else time.perf_counter()

    def spent_s() -> float:
        nonlocal last_s
        before_s, last_s = last_s, time.process_time() if on_cpu else time.perf_counter()
        return (last_s - before_s) / (plan.threads if on_cpu else 1)

    return spent_s


def rows_of(labels: Sequence[str]) -> list[int | None]:
    """For each of `LABELS` the class of an earlier edition that knew it, by name or by meaning.

    >>> rows_of(["person", "vehicle", "waste"])
    [0, 1, 1, 1, 1, 1, 1, 2, 2, None, None]
    """
    known = {name: row for row, name in enumerate(labels)}
    return [known.get(label, known.get(MEANS.get(label, ""))) for label in LABELS]


def metadata(recipe: Recipe) -> dict[str, str]:
    """What the ONNX file says of itself, in the words that ultralytics' exports use."""
    return {
        "task": "detect",
        "stride": "32",
        "batch": "1",
        "imgsz": str([recipe.input_wh[1], recipe.input_wh[0]]),
        "names": str(dict(enumerate(LABELS))),
        "description": "Sanse street-n",
        "license": "AGPL-3.0-or-later",
    }


def read_batch(folder: Path, recipe: Recipe, plan: Plan, step: int) -> Batch:
    """The pictures of a step, some mirrored, some brighter or darker."""
    from models.network import Batch  # noqa: PLC0415  # torch

    rng = np.random.default_rng((plan.seed, 1, step))
    pixels, pictures, labels, centers = [], [], [], []
    for place, number in enumerate(picture_numbers(step, plan, recipe)):
        scene = read_sample(folder, number, recipe.input_wh)
        x1, y1, x2, y2 = (scene.boxes.xyxy / np.tile(np.array(recipe.input_wh, np.float32), 2)).T
        cx, image = (x1 + x2) / 2, scene.pixels
        if rng.random() < 0.5:
            cx, image = 1 - cx, image[:, ::-1]
        gain = rng.uniform(0.8, 1.2)
        pixels.append(np.clip(image * gain, 0, 255).astype(np.uint8))
        pictures.append(np.full(len(scene.boxes), place, np.int64))
        labels.append(scene.boxes.label)
        centers.append(np.stack([cx, (y1 + y2) / 2, x2 - x1, y2 - y1], axis=1).astype(np.float32))
    return Batch(
        np.stack(pixels), np.concatenate(pictures), np.concatenate(labels), np.concatenate(centers)
    )
