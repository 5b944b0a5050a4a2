"""What can go wrong in commissioning; each builds its own sentence."""

from pathlib import Path


class CommissionError(Exception):
    """Anything that commissioning can name and report."""


class NoGroundError(CommissionError):
    """Without a scale nothing can be drawn in its true size."""

    def __init__(self, site: Path) -> None:
        super().__init__(
            f"{site}: no [[ground]]: measure four spots of the ground or more with a tape, such as "
            "the corners of a parking bay, and write for each its pixel and its metres"
        )


class OddGroundError(CommissionError):
    """The measured spots make a plane, but no camera above it sees them so."""

    def __init__(self, site: Path, why: str) -> None:
        super().__init__(
            f"{site}: [[ground]]: {why}; measure spots farther apart, near and far, and look at "
            "them with `sanse edge check`"
        )


class NoPlaceError(CommissionError):
    """No part of the watched zones can be probed."""

    def __init__(self, site: Path) -> None:
        super().__init__(
            f"{site}: in no watched zone is there ground on which a person would be 12 pixels tall "
            "or more; look at the zones and the ground with `sanse edge check`"
        )


class NeverEmptyError(CommissionError):
    """There is always something before the ground."""

    def __init__(self, clip: Path, busy: float, most: float) -> None:
        super().__init__(
            f"{clip}: never empty: in its calmest part {busy:.0%} of the picture moves, at most "
            f"{most:.0%} may; give a clip from a quieter hour"
        )


class OtherShapeError(CommissionError):
    """Clip and drawing have sides in different ratios."""

    def __init__(self, clip: Path, clip_wh: tuple[int, int], site_wh: tuple[int, int]) -> None:
        super().__init__(
            f"{clip}: {clip_wh[0]} x {clip_wh[1]}, but the site file was drawn at {site_wh[0]} x "
            f"{site_wh[1]}: want a clip of that camera, with sides in the same ratio"
        )


class TooShortError(CommissionError):
    """A clip of a few frames shows no empty place."""

    def __init__(self, clip: Path, seconds: float, least_s: float) -> None:
        super().__init__(f"{clip}: {seconds:.1f} s long: want {least_s:g} s or more")
