"""How long to wait before trying again."""


def backoff_s(failures: int, first_s: float, longest_s: float, chance: float = 1.0) -> float:
    """Doubles with every failure; ``chance`` (0 to 1) spreads many boxes over its upper half.

    >>> [backoff_s(n, 1, 30) for n in range(1, 8)]
    [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    >>> backoff_s(3, 1, 30, chance=0)
    2.0
    """
    full = min(longest_s, first_s * 2.0 ** min(failures - 1, 30))
    return full * (0.5 + 0.5 * chance)
