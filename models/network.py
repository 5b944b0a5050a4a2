"""The door to PyTorch and ultralytics: network, loss, one step, checkpoint, export."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.errors import DeviceError, ToolMissingError

# Threads that spin while they wait are slow where cores are shared: 8 s a step against 1.8 s.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
os.environ.setdefault("YOLO_OFFLINE", "true")
os.environ.setdefault("YOLO_AUTOINSTALL", "false")
os.environ.setdefault("YOLO_VERBOSE", "false")

try:
    import onnx  # type: ignore[import-not-found]
    import torch  # type: ignore[import-not-found]
    from torch.utils.data import DataLoader  # type: ignore[import-not-found]
    from ultralytics.cfg import get_cfg  # type: ignore[import-not-found]
    from ultralytics.nn.tasks import DetectionModel  # type: ignore[import-not-found]
    from ultralytics.utils.torch_utils import ModelEMA  # type: ignore[import-not-found]
except ImportError as cause:
    raise ToolMissingError("ultralytics with torch and onnx") from cause

from models.start import Start, unfolded

Pixels = npt.NDArray[np.uint8]

ARCHITECTURE = "yolo11n.yaml"


class Batch(NamedTuple):
    """Pictures ``(n, h, w, 3)`` BGR and their objects: picture number ``(k,)``, label ``(k,)``, box
    ``(k, 4)`` cx cy w h in 0..1.

    A tuple, since torch's loader then hands its arrays on as tensors in shared memory.
    """

    pixels: Pixels
    picture: npt.NDArray[np.int64]
    label: npt.NDArray[np.int64]
    cxcywh: npt.NDArray[np.float32]


class Network:
    """A yolo11n, random at first, its optimizer (AdamW) and its running average, which is what
    gets exported.
    """

    def __init__(
        self, labels: tuple[str, ...], seed: int, threads: int, device: str = "cpu"
    ) -> None:
        """
        Args:
            device: Where it computes, in torch's words: ``cpu`` or ``cuda``.

        Raises:
            DeviceError: There is no such device here.
        """
        torch.set_num_threads(threads)
        torch.manual_seed(seed)
        torch.backends.cudnn.benchmark = True
        self._device = _device(device)
        self._model = DetectionModel(ARCHITECTURE, ch=3, nc=len(labels), verbose=False)
        self._model.to(self._device)
        self._model.args = get_cfg()
        self._model.names = dict(enumerate(labels))
        self._criterion = self._model.init_criterion()
        decayed = [p for p in self._model.parameters() if p.ndim > 1]
        plain = [p for p in self._model.parameters() if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0.0}]
        self._optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.999))
        self._model.train()
        self._averaged()

    def _averaged(self) -> None:
        self._average = ModelEMA(self._model, decay=0.9995, tau=300)

    def start_from(self, start: Start, rows: Sequence[int | None], pixels: Pixels) -> None:
        """Takes over an earlier export's weights, see `models.start.unfolded`.

        Args:
            pixels: ``(n, h, w, 3)`` BGR.
        """
        unfolded(self._model, start, rows, self._images(pixels))
        self._averaged()

    def step(self, batch: Batch, learning_rate: float) -> float:
        """One gradient step; returns the loss per picture."""
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        images = self._images(batch.pixels)
        with torch.autocast(self._device.type, torch.bfloat16):
            predictions = self._model(images)
        targets = {
            "img": images,
            "batch_idx": torch.as_tensor(batch.picture).float(),
            "cls": torch.as_tensor(batch.label).float()[:, None],
            "bboxes": torch.as_tensor(batch.cxcywh),
        }
        targets = {key: value.to(self._device) for key, value in targets.items()}
        parts, _ = self._criterion(_in_full(predictions), targets)
        loss = parts.sum()
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 10.0)
        self._optimizer.step()
        self._average.update(self._model)
        return float(loss.detach()) / len(batch.pixels)

    def _images(self, pixels: Pixels) -> Any:  # noqa: ANN401  # a torch tensor
        """BGR ``(n, h, w, 3)`` as RGB 0..1 ``(n, 3, h, w)``, where it is computed."""
        rgb = torch.as_tensor(pixels).to(self._device).flip(3).permute(0, 3, 1, 2)
        return rgb.float() / 255

    def state(self) -> dict[str, Any]:
        return {
            "model": self._model.state_dict(),
            "average": self._average.ema.state_dict(),
            "average_updates": self._average.updates,
            "optimizer": self._optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self._model.load_state_dict(state["model"])
        self._average.ema.load_state_dict(state["average"])
        self._average.updates = state["average_updates"]
        self._optimizer.load_state_dict(state["optimizer"])

    def export(self, path: Path, input_wh: tuple[int, int], metadata: dict[str, str]) -> None:
        """Writes the running average as ONNX: 1×3×h×w RGB 0..1 → 1×(4+labels)×N, without
        suppression.
        """
        model = deepcopy(self._average.ema).cpu()
        with _exporting(model):
            example = torch.zeros(1, 3, input_wh[1], input_wh[0])
            torch.onnx.export(
                model,
                (example,),
                str(path),
                input_names=["images"],
                output_names=["output0"],
                opset_version=17,
                dynamo=False,
            )
        proto = onnx.load(str(path))
        for key, value in metadata.items():
            entry = proto.metadata_props.add()
            entry.key, entry.value = key, value
        onnx.checker.check_model(proto)
        onnx.save(proto, str(path))


def in_order(read: Callable[[int], Batch], steps: Sequence[int], readers: int) -> Iterable[Batch]:
    """What ``read`` gives for each of the steps, read ahead in ``readers`` processes."""
    return DataLoader(_Steps(read, steps), batch_size=None, num_workers=readers)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Steps:
    """As torch's loader wants it: a thing with a length and a batch for each place."""

    read: Callable[[int], Batch]
    steps: Sequence[int]

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, place: int) -> Batch:
        return self.read(self.steps[place])


def _device(name: str) -> Any:  # noqa: ANN401  # a torch device
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as cause:
        raise DeviceError(name) from cause
    return device


@contextmanager
def _exporting(model: DetectionModel) -> Iterator[None]:
    """The detection head gives one decoded tensor while exporting."""
    head = model.model[-1]
    before = head.export, head.format
    model.eval()
    head.export, head.format = True, "onnx"
    try:
        with torch.no_grad():
            yield
    finally:
        head.export, head.format = before


def _in_full(value: Any) -> Any:  # noqa: ANN401  # a nest whose form ultralytics decides
    """The same nest of tensors in 32 bits; the loss is not computed in 16."""
    if isinstance(value, torch.Tensor):
        return value.float()
    if isinstance(value, dict):
        return {key: _in_full(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_in_full(part) for part in value)
    return value


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Writes a checkpoint so that a power cut leaves the old one or the new, never a torn one."""
    fresh = path.with_suffix(".fresh")
    torch.save(state, fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def load_state(path: Path) -> dict[str, Any]:
    """A checkpoint of this project; plain tensors and numbers only, nothing that runs when it is
    read.
    """
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state
