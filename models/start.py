"""Weights to go on from: those of an earlier ONNX export of the same architecture.

An export has each batch normalization folded into its convolution. `unfolded` undoes that: every
normalization is set so that the network does on the pictures given what the export did.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import StartError, ToolMissingError

try:
    import onnx  # type: ignore[import-not-found]
    import torch  # type: ignore[import-not-found]
    from onnx import numpy_helper
    from torch import nn
except ImportError as cause:
    raise ToolMissingError("ultralytics with torch and onnx") from cause

Floats = npt.NDArray[np.float32]
CLASS_LAYER = re.compile(r"\.cv3\.\d+\.2$")
"""The last layers of the head, one row for each class."""


@dataclass(frozen=True, slots=True)
class Start:
    """What an export holds.

    Attributes:
        labels: Its classes, in the order of its output's rows.
        layers: Weight and bias of each convolution, by the module's name.
    """

    labels: tuple[str, ...]
    layers: Mapping[str, tuple[Floats, Floats]]


def read_start(path: Path) -> Start:
    """
    Raises:
        StartError: It cannot be read, or names no classes.
    """
    try:
        model = onnx.load(str(path))
    except Exception as cause:  # protobuf's own, which onnx does not name
        raise StartError(path, "it is no ONNX file that can be read") from cause
    told = {entry.key: entry.value for entry in model.metadata_props}
    try:
        labels = tuple(str(name) for _, name in sorted(ast.literal_eval(told["names"]).items()))
    except (KeyError, ValueError, SyntaxError, AttributeError) as cause:
        raise StartError(path, "it does not name its classes") from cause
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    layers = {
        module_of(node.name): (held[node.input[1]], held[node.input[2]])
        for node in model.graph.node
        if node.op_type == "Conv" and len(node.input) == 3
    }
    return Start(labels, layers)


def module_of(node: str) -> str:
    """The module that a node of a traced graph stands for: ``model.23.cv3.2.1.1.conv`` for
    ``/model.23/cv3.2/cv3.2.1/cv3.2.1.1/conv/Conv``.
    """
    path: list[str] = []
    for part in node.strip("/").split("/")[:-1]:
        if path and part.startswith(path[-1] + "."):
            path[-1] = part
        else:
            path.append(part)
    return ".".join(path)


def unfolded(
    model: Any,  # noqa: ANN401  # a torch module
    start: Start,
    rows: Sequence[int | None],
    images: Any,  # noqa: ANN401  # a torch tensor
) -> None:
    """Puts a start's weights into a network.

    Args:
        rows: For each of the network's classes the row of the start's; None has none there and
            keeps what it has.
        images: ``(n, 3, h, w)`` RGB 0..1, by which the normalizations are set.

    Raises:
        StartError: A layer is missing or of another shape.
    """
    modules, hooks = dict(model.named_modules()), []
    for name, module in modules.items():
        if not isinstance(module, nn.Conv2d) or name.endswith("dfl.conv"):
            continue
        if name not in start.layers:
            raise StartError(name, "the start lacks this layer: it is of another architecture")
        weight, bias = (
            torch.from_numpy(part.copy()).to(module.weight.device) for part in start.layers[name]
        )
        if CLASS_LAYER.search(name):
            weight, bias = _by_class(module, weight, bias, rows)
        if weight.shape != module.weight.shape:
            raise StartError(name, "in the start this layer is of another shape")
        module.weight.data = weight
        if module.bias is not None:
            module.bias.data = bias
        else:
            norm = modules[name.removesuffix("conv") + "bn"]
            hooks.append(norm.register_forward_pre_hook(_set_by(bias)))
    with torch.no_grad():
        model(images)
    for hook in hooks:
        hook.remove()


def _by_class(layer: Any, weight: Any, bias: Any, rows: Sequence[int | None]) -> tuple[Any, Any]:  # noqa: ANN401
    own_weight, own_bias = layer.weight.data.clone(), layer.bias.data.clone()
    for own, theirs in enumerate(rows):
        if theirs is not None:
            own_weight[own], own_bias[own] = weight[theirs], bias[theirs]
    return own_weight, own_bias


def _set_by(bias: Any) -> Any:  # noqa: ANN401
    """Makes a normalization pass on what it is given, plus the bias that was folded away."""

    def set_norm(norm: Any, given: tuple[Any]) -> None:  # noqa: ANN401
        mean, spread = given[0].float().mean((0, 2, 3)), given[0].float().var((0, 2, 3))
        norm.running_mean, norm.running_var = mean, spread
        norm.weight.data = torch.sqrt(spread + norm.eps)
        norm.bias.data = bias + mean

    return set_norm
