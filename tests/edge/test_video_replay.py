"""Replay: every picture once, with its own time, and a plain word where some are missing."""

import os
import signal
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from edge.errors import BrokenOffError, SourceError
from edge.video.frame import Frame
from edge.video.replay import UNKNOWN_START, Replay
from edge.video.source import Source, parse_source
from tests.edge.tiny_clips import number_in, torn, write_clip, write_picture

START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


def read_all(path: Path, started_at: datetime | None = None) -> list[Frame]:
    with Replay(parse_source(str(path)), started_at) as replay:
        return list(replay.frames())


@pytest.mark.parametrize("name", ["a.mp4", "a.avi", "a.mkv", "a.mov", "a.ts"])
def test_every_picture_once_and_in_order(tmp_path: Path, name: str) -> None:
    """Each frame comes with its own time after the start, whatever the container."""
    frames = read_all(write_clip(tmp_path / name), START)
    assert [number_in(frame) for frame in frames] == list(range(30))
    assert [frame.index for frame in frames] == list(range(30))
    assert [frame.monotonic_s for frame in frames] == pytest.approx([n / 10 for n in range(30)])
    assert frames[12].captured_at - START == timedelta(seconds=1.2)
    assert not any(frame.seam for frame in frames)
    assert frames[0].wh == (64, 48)


@pytest.mark.parametrize(
    ("created", "given", "want", "known"),
    [
        pytest.param(
            "2025-01-02T03:04:05Z",
            None,
            datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
            True,
            id="by the clip",
        ),
        pytest.param("2025-01-02T03:04:05Z", START, START, True, id="as given"),
        pytest.param(None, None, UNKNOWN_START, False, id="unknown"),
        pytest.param("1904-01-01T00:00:00Z", None, UNKNOWN_START, False, id="a muxer's zero"),
    ],
)
def test_the_start(
    tmp_path: Path, created: str | None, given: datetime | None, want: datetime, known: bool
) -> None:
    """Given before the clip's own word before a date that is plainly none."""
    options = {"creation_time": created} if created else {}
    clip = write_clip(tmp_path / "a.mp4", options=options)
    with Replay(parse_source(str(clip)), given) as replay:
        assert (replay.started_at, replay.knows_start) == (want, known)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        pytest.param("a.mp4", "mpeg4", {"movie_timescale": "1"}, id="header in whole seconds"),
        pytest.param("a.mp4", "libx264", {}, id="pictures out of order"),
        pytest.param("a.mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}, id="fragments"),
        pytest.param("a.mkv", "libx264", {}, id="no count of pictures"),
        pytest.param("a.flv", "flv", {}, id="flv"),
        pytest.param("a.wmv", "wmv2", {}, id="wmv"),
        pytest.param("a.avi", "mjpeg", {}, id="avi of single pictures"),
    ],
)
def test_a_whole_clip_is_not_called_broken(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    """However its header rounds or keeps silent, what is all there ends cleanly."""
    clip = write_clip(tmp_path / name, frames=24, rate=13, codec=codec, options=options)
    assert len(read_all(clip)) == 24


@pytest.mark.parametrize(
    ("name", "fourcc"), [("a.mp4", "mp4v"), ("a.avi", "MJPG"), ("b.avi", "XVID")]
)
def test_clips_of_opencv_are_whole(tmp_path: Path, name: str, fourcc: str) -> None:
    """What cv2.VideoWriter leaves behind ends cleanly too."""
    path = tmp_path / name
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*fourcc), 12.5, (64, 48))
    for number in range(37):
        writer.write(np.full((48, 64, 3), number * 5, np.uint8))
    writer.release()
    assert len(read_all(path)) == 37


@pytest.mark.parametrize(
    ("name", "share", "said"),
    [
        pytest.param("a.mp4", 0.6, r"breaks off after \d+ of 100 pictures", id="mp4"),
        pytest.param("a.mp4", 0.999, "is damaged|breaks off after 99 of 100", id="mp4, last bytes"),
        pytest.param("a.avi", 0.6, r"breaks off after \d+ of 100 pictures", id="avi"),
        pytest.param("a.mkv", 0.6, r"breaks off after \d\.\d of 10\.0 s", id="mkv"),
    ],
)
def test_a_torn_clip_is_looked_at_as_far_as_it_goes(
    tmp_path: Path, name: str, share: float, said: str
) -> None:
    """The readable part comes first, then one sentence."""
    clip = torn(write_clip(tmp_path / name, frames=100), share)
    seen: list[int] = []
    with (
        Replay(parse_source(str(clip))) as replay,
        pytest.raises(BrokenOffError, match=said) as caught,
    ):
        seen.extend(frame.index for frame in replay.frames())
    assert 10 < len(seen) <= 100
    assert seen == list(range(len(seen)))
    assert str(caught.value).startswith(str(clip))


@pytest.mark.parametrize("turned_deg", [0, 90, 180, 270])
def test_a_phone_held_upright(tmp_path: Path, turned_deg: int) -> None:
    """A clip marked as turned comes upright, as players show it."""
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.set_display_rotation(turned_deg)
        pixels = np.zeros((48, 64, 3), np.uint8)
        pixels[:, :16] = 250  # A white bar on the left.
        image = av.VideoFrame.from_ndarray(pixels, format="bgr24")
        container.mux(stream.encode(image))
        container.mux(stream.encode())
    (frame,) = read_all(path)
    shown = frame.pixels.mean(axis=2)
    ends = {
        0: shown[:, :16],
        90: shown[-16:],  # Counter-clockwise, left becomes bottom.
        180: shown[:, -16:],
        270: shown[:16],
    }
    assert frame.wh == ((48, 64) if turned_deg % 180 else (64, 48))
    assert ends[turned_deg].mean() > 200
    assert shown.mean() == pytest.approx(62, abs=12)


def test_real_clips_end_cleanly(shared_data: Path) -> None:
    """The clips from outside hold as many pictures as they say."""
    counts = {"vtest.avi": 795, "car-detection.mp4": 377}
    for name, count in counts.items():
        with Replay(parse_source(str(shared_data / "video" / name))) as replay:
            assert sum(1 for _ in replay.frames()) == count


def test_a_real_avi_that_ends_cleanly_for_the_decoder(shared_data: Path, tmp_path: Path) -> None:
    """Half an AVI raises no error in FFmpeg; its header tells."""
    part = tmp_path / "part.avi"
    part.write_bytes((shared_data / "video" / "vtest.avi").read_bytes()[:4_000_000])
    with (
        Replay(parse_source(str(part))) as replay,
        pytest.raises(BrokenOffError, match="breaks off after 391 of 795 pictures"),
    ):
        assert sum(1 for _ in replay.frames()) == 391


def write_text(path: Path) -> None:
    path.write_text("hello\n" * 2000)


def write_subtitles(path: Path) -> None:
    path.write_text(
        "1\n00:00:01,000 --> 00:00:02,000\nhi\n\n2\n00:00:03,000 --> 00:00:04,000\nhi\n"
    )


def write_tail(path: Path) -> None:
    whole = write_clip(path.with_name("whole.mp4"), frames=60)
    path.write_bytes(whole.read_bytes()[-3000:])


def write_sound(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        assert isinstance(stream, av.AudioStream)
        silence = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
        )
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
        container.mux(stream.encode())


@pytest.mark.parametrize(
    ("write", "said"),
    [
        pytest.param(lambda path: None, "does not exist", id="missing"),
        pytest.param(Path.touch, "is empty", id="empty"),
        pytest.param(write_text, "is no video", id="text"),
        pytest.param(write_subtitles, "is no video", id="subtitles"),
        pytest.param(write_tail, "is no video", id="torn, without its index"),
        pytest.param(write_sound, "holds no video", id="sound alone"),
        pytest.param(lambda path: write_clip(path, frames=0), "no", id="no frame"),
        pytest.param(Path.mkdir, "is a folder without pictures", id="empty folder"),
        pytest.param(os.mkfifo, "is neither a file nor a folder", id="pipe"),
    ],
)
def test_refuses_what_holds_no_picture(tmp_path: Path, write: object, said: str) -> None:
    """Each gets one sentence that begins with its name, and is not called broken off."""
    assert callable(write)
    path = tmp_path / "a.mp4"
    write(path)
    with pytest.raises(SourceError, match=said) as caught:
        read_all(path)
    assert not isinstance(caught.value, BrokenOffError)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("http://10.0.0.7/a.mp4", "want rtsp:// or rtsps://", id="web"),
        pytest.param("", "is not given", id="nothing"),
    ],
)
def test_refuses_other_addresses(address: str, said: str) -> None:
    """Only cameras are asked over the network."""
    with pytest.raises(SourceError, match=said):
        parse_source(address)


def test_an_unreachable_camera_is_one_sentence() -> None:
    """Nobody listens there; the password does not show."""
    with pytest.raises(SourceError, match="cannot be reached: Connection refused") as caught:
        Replay(Source("stream", "rtsp://admin:secret@127.0.0.1:9/main"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(signal.SIGKILL, r"the decoder died \(signal 9\)", id="killed"),
        pytest.param(signal.SIGSEGV, r"the decoder died \(signal 11\)", id="crashed"),
        pytest.param(signal.SIGSTOP, "gave no picture for 0.7 s", id="hung"),
    ],
)
def test_the_decoder_may_die_alone(tmp_path: Path, number: signal.Signals, said: str) -> None:
    """Killed, crashed or hung in the middle of a clip, it costs the rest of the clip only."""
    clip = write_clip(tmp_path / "a.avi", frames=500)
    with Replay(parse_source(str(clip)), silent_after_s=10) as replay:
        frames = replay.frames()
        assert [frame.index for frame in islice(frames, 5)] == [0, 1, 2, 3, 4]
        replay.silent_after_s = 0.7
        os.kill(replay.decoder_pid, number)
        with pytest.raises(BrokenOffError, match=said):
            list(frames)
    with pytest.raises(ProcessLookupError):
        os.kill(replay.decoder_pid, 0)


def test_leaving_early_leaves_no_child(tmp_path: Path) -> None:
    """Whoever stops reading ends the decoder with it."""
    clip = write_clip(tmp_path / "a.avi", frames=500)
    with Replay(parse_source(str(clip))) as replay:
        next(replay.frames())
    with pytest.raises(ProcessLookupError):
        os.kill(replay.decoder_pid, 0)


def test_a_folder_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    """Pictures without a time are a second apart; 10 comes after 9."""
    for number in (2, 0, 10, 9):
        write_picture(tmp_path / f"shot {number}.png", number)
    (tmp_path / "notes.txt").write_text("no picture")
    frames = read_all(tmp_path, START)
    assert [number_in(frame) for frame in frames] == [0, 2, 9, 10]
    assert [frame.monotonic_s for frame in frames] == [0, 1, 2, 3]


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "png", "bmp", "webp", "tif"])
def test_pictures_of_every_kind(tmp_path: Path, suffix: str) -> None:
    """A sign of a numbered sequence in the name is part of the name."""
    write_picture(tmp_path / f"shot %d.{suffix}", 4)
    assert [number_in(frame) for frame in read_all(tmp_path)] == [4]


def test_a_folder_whose_names_tell_the_time(tmp_path: Path) -> None:
    """Times in all names give start and distances."""
    for number, name in enumerate(("20261120-153000", "20261120-153030", "20261120_160000")):
        write_picture(tmp_path / f"yard {name}.jpg", number)
    frames = read_all(tmp_path)
    assert [frame.monotonic_s for frame in frames] == [0, 30, 1800]
    assert frames[0].captured_at == START


def test_a_folder_with_a_torn_picture_and_another_view(tmp_path: Path) -> None:
    """What cannot be read is counted; another size is another view."""
    write_picture(tmp_path / "1.png", 1)
    write_picture(tmp_path / "3.png", 3, wh=(32, 48))
    torn(write_picture(tmp_path / "2.png", 2), 0.5).replace(tmp_path / "2.png")
    seen: list[Frame] = []
    with (
        Replay(parse_source(str(tmp_path))) as replay,
        pytest.raises(BrokenOffError, match="1 of 3 pictures cannot be read"),
    ):
        seen.extend(replay.frames())
    assert [(frame.wh, frame.seam) for frame in seen] == [((64, 48), False), ((32, 48), True)]


def test_a_flight_whose_cameras_tell_the_time(shared_data: Path) -> None:
    """Times of EXIF give start and distances."""
    frames = read_all(shared_data / "drone")
    assert [frame.monotonic_s for frame in frames] == [0, 7, 44, 51]
    assert frames[0].captured_at == datetime(2016, 6, 23, 16, 31, 59, tzinfo=UTC)
