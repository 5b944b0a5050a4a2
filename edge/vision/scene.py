"""What one frame shows, to be decided over: the value that every scenario reads."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.video.frame import Frame

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A frame, and what stands and moves in it.

    Attributes:
        frame: The picture itself.
        people: ``(n, 4)`` xyxy of every person and every upright moving thing of unknown class;
            the upper quarter of each is blurred in evidence.
    """

    frame: Frame
    people: Floats
