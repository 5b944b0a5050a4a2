"""Clips that are the same bytes every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import av
import numpy as np
import pytest

from models.scenes.codec import ClipWriter, Coding, Name, NoCodecError
from models.scenes.sensor import Frame

BEGAN = datetime(2025, 5, 10, 23, 30, tzinfo=timezone(timedelta(hours=8)))
WH = (96, 64)


def frames(count: int) -> list[Frame]:
    rng = np.random.default_rng(1)
    still = rng.integers(60, 90, (WH[1], WH[0], 3), np.uint8)
    moved = []
    for k in range(count):
        frame = still.copy()
        frame[20:40, 2 * k : 2 * k + 12] = 200
        moved.append(frame)
    return moved


def written(path: Path, codec: Name) -> bytes:
    with ClipWriter(path, WH, BEGAN, Coding(codec, kbps=300, key_s=1.0, fps=10)) as clip:
        for frame in frames(25):
            clip.write(frame)
    return path.read_bytes()


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_a_clip_is_the_same_bytes_every_time(tmp_path: Path, codec: Name) -> None:
    """Two writings of the same frames are one file."""
    assert written(tmp_path / "one.mp4", codec) == written(tmp_path / "two.mp4", codec)


@pytest.mark.parametrize(
    ("codec", "reads_as"), [pytest.param("h264", "h264"), pytest.param("h265", "hevc")]
)
def test_a_clip_reads_back(tmp_path: Path, codec: Name, reads_as: str) -> None:
    """Frames, rate, key frames and the hour it began come back as they went in."""
    path = tmp_path / "clip.mp4"
    written(path, codec)
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        read = list(clip.decode(stream))
        assert stream.codec_context.name == reads_as
        assert stream.average_rate == 10
        began = datetime.fromisoformat(clip.metadata["creation_time"])
    assert began == BEGAN.astimezone(UTC)
    assert [k for k, frame in enumerate(read) if frame.key_frame] == [0, 10, 20]
    shown = read[5].to_ndarray(format="bgr24").astype(int)
    assert np.abs(shown - frames(6)[5]).mean() < 12


def test_odd_sides_are_refused(tmp_path: Path) -> None:
    """Chroma is halved, so sides are even."""
    with pytest.raises(ValueError, match="97 x 64: want even sides"):
        ClipWriter(tmp_path / "clip.mp4", (97, 64), BEGAN)


def test_a_frame_of_another_size_is_refused(tmp_path: Path) -> None:
    """The message gives the shape wanted."""
    with (
        ClipWriter(tmp_path / "clip.mp4", WH, BEGAN) as clip,
        pytest.raises(ValueError, match=r"want \(64, 96, 3\)"),
    ):
        clip.write(np.zeros((2, 2, 3), np.uint8))


def test_a_missing_encoder_is_one_sentence() -> None:
    """The message names the encoder and what brings it."""
    sentence = str(NoCodecError("h265"))
    assert "libx265" in sentence
    assert "\n" not in sentence


def test_a_clip_that_cannot_be_written_names_its_path(tmp_path: Path) -> None:
    """A folder in the clip's place is an error that says which folder."""
    with pytest.raises(OSError, match="directory") as told:
        ClipWriter(tmp_path, WH, BEGAN)
    assert told.value.filename == str(tmp_path)
