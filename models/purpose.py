"""What a seed may be used for: even ones train, odd ones judge, and the two never meet."""

from __future__ import annotations

from typing import Literal

from models.errors import ModelsError

Purpose = Literal["training", "benchmark"]


class PurposeError(ModelsError):
    """A seed of the benchmark was asked for in training, or the other way."""

    def __init__(self, seed: int, wanted: Purpose) -> None:
        super().__init__(
            f"seed {seed} is for {purpose_of(seed)}, not {wanted}: "
            "even seeds train, odd seeds judge, and the two never meet"
        )


def purpose_of(seed: int) -> Purpose:
    """Streets and things of even seeds train, of odd seeds judge.

    >>> purpose_of(4), purpose_of(7)
    ('training', 'benchmark')
    """
    return "training" if seed % 2 == 0 else "benchmark"


def check_purpose(seed: int, wanted: Purpose) -> None:
    """
    Raises:
        PurposeError: The seed is for the other.
    """
    if purpose_of(seed) != wanted:
        raise PurposeError(seed, wanted)
