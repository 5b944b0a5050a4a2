"""Writes tiny ONNX files by hand: a model that gives the same numbers whatever it sees.

Only the few fields of ``onnx.proto`` that this takes; the onnx package itself would be a
dependency of nothing but these tests.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Dim = int | str


def write_constant_model(
    path: Path,
    output: npt.NDArray[np.float32],
    input_shape: Sequence[Dim] = (1, 3, 96, 160),
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """A model with input ``images`` and output ``output``; a text among its sizes is left open."""
    tensor = (
        b"".join(_number(1, dim) for dim in output.shape)
        + _number(2, 1)
        + _field(8, b"answer")
        + _field(9, output.astype("<f4").tobytes())
    )
    node = _field(1, b"answer") + _field(2, b"output") + _field(4, b"Identity")
    graph = (
        _field(1, node)
        + _field(2, b"tiny")
        + _field(5, tensor)
        + _field(11, _value("images", input_shape))
        + _field(12, _value("output", output.shape))
    )
    properties = b"".join(
        _field(14, _field(1, key.encode()) + _field(2, value.encode()))
        for key, value in (metadata or {}).items()
    )
    opset = _field(1, b"") + _number(2, 13)
    path.write_bytes(_number(1, 8) + _field(7, graph) + _field(8, opset) + properties)
    return path


def _value(name: str, shape: Sequence[Dim]) -> bytes:
    dims = b"".join(
        _field(1, _field(2, dim.encode()) if isinstance(dim, str) else _number(1, dim))
        for dim in shape
    )
    tensor = _number(1, 1) + _field(2, dims)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
