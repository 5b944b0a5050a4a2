"""A live camera: newest picture first, a seam where a clip begins anew, reopened when lost."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from edge.errors import SourceError
from edge.video.child import Slot
from edge.video.frame import Frame
from edge.video.live import LiveCamera
from edge.video.protocol import Ended, Picture
from edge.video.replay import Replay
from edge.video.shot import Shot
from edge.video.source import Source, parse_source
from tests.edge.tiny_clips import number_in, torn, write_clip, write_picture

DEBIAN_PYTHON = Path("/usr/bin/python3")


@contextmanager
def playing(camera: LiveCamera) -> Iterator[Iterator[Frame]]:
    """Its frames; ends its decoder with the block."""
    frames = camera.frames()
    try:
        yield frames
    finally:
        camera.close()
        assert next(frames, None) is None


def clip_camera(tmp_path: Path, frames: int, silent_after_s: float = 20.0) -> LiveCamera:
    clip = write_clip(tmp_path / "a.mp4", frames=frames, rate=20)
    return LiveCamera("yard", parse_source(str(clip)), silent_after_s, first_pause_s=0.05)


def until_seam(frames: Iterator[Frame]) -> tuple[list[Frame], Frame]:
    before: list[Frame] = []
    for frame in frames:
        if frame.seam:
            return before, frame
        before.append(frame)
    raise AssertionError("the camera ended")


def until_reopened(camera: LiveCamera, frames: Iterator[Frame]) -> Frame:
    """The first frame after the camera was lost."""
    return next(frame for frame in frames if camera.status(time.monotonic()).reopened)


def test_a_clip_plays_the_camera_over_and_over(tmp_path: Path) -> None:
    """At its own pace, with a seam at each beginning but the first."""
    with playing(clip_camera(tmp_path, frames=20)) as frames:
        first, seam = until_seam(frames)
        second, _ = until_seam(frames)
    # On a loaded machine pictures may be skipped, the first of a round too.
    assert number_in(first[0]) == first[0].index
    assert number_in(seam) == seam.index - 20
    shown = [*first, seam, *second]
    assert [frame.index for frame in shown] == sorted({frame.index for frame in shown})
    assert seam.monotonic_s - first[0].monotonic_s > (seam.index - first[0].index) / 20 - 0.3
    lasted_s = (seam.captured_at - first[0].captured_at).total_seconds()
    assert lasted_s == pytest.approx(seam.monotonic_s - first[0].monotonic_s, abs=0.05)


def test_a_folder_plays_the_camera_too(tmp_path: Path) -> None:
    """A picture a second, whatever lies between their own times."""
    for number in range(2):
        write_picture(tmp_path / f"2026112{number} 120000.png", number)
    camera = LiveCamera("yard", parse_source(str(tmp_path)))
    with playing(camera) as frames:
        shown = list(islice(frames, 3))
    assert [number_in(frame) for frame in shown] == [0, 1, 0]
    assert [frame.seam for frame in shown] == [False, False, True]


def test_the_newest_picture_wins() -> None:
    """What nobody took is counted, and its seam passes on to the next; the end comes last."""
    slot = Slot()

    def shot(index: int, seam: bool = False) -> Shot:
        return Shot(None, index, 0.0, 0.0, 0.0, seam)  # type: ignore[arg-type]  # no picture needed

    for new in (shot(0), shot(1, seam=True), shot(2)):
        slot.put(new)
    taken = slot.take()
    assert isinstance(taken, Shot)
    assert (taken.index, taken.seam, slot.skipped) == (2, True, 2)
    slot.put(shot(3))
    slot.put(Ended("torn"))
    again = slot.take()
    assert isinstance(again, Shot)
    assert (again.index, again.seam, slot.skipped) == (3, False, 2)
    assert slot.take() == Ended("torn")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(signal.SIGKILL, r"the decoder died (signal 9); reopening", id="killed"),
        pytest.param(signal.SIGSTOP, "camera 'yard' silent for ", id="hung"),
    ],
)
def test_a_lost_decoder_is_replaced(tmp_path: Path, number: signal.Signals, said: str) -> None:
    """The camera comes back with a seam; the log says in one sentence what happened."""
    camera = clip_camera(tmp_path, frames=300, silent_after_s=0.8)
    with capture_logs() as logs, playing(camera) as frames:
        before = list(islice(frames, 3))
        lost = camera.decoder_pid
        assert lost is not None
        os.kill(lost, number)
        _, seam = until_seam(frames)
        status = camera.status(time.monotonic())
    with pytest.raises(ProcessLookupError):
        os.kill(lost, 0)
    assert seam.index > before[-1].index
    assert seam.captured_at > before[-1].captured_at
    assert status.reopened == 1
    assert status.state == "live"
    assert [said in entry["event"] for entry in logs] == [True]


def test_a_clip_that_vanishes_is_waited_for(tmp_path: Path) -> None:
    """Gone at a loop, it is asked for again and again; back again, it plays on."""
    camera = clip_camera(tmp_path, frames=4)
    clip = tmp_path / "a.mp4"
    with capture_logs() as logs, playing(camera) as frames:
        next(frames)
        clip.rename(tmp_path / "b.mp4")
        back = threading.Timer(1.0, lambda: (tmp_path / "b.mp4").rename(clip))
        back.start()
        while camera.status(time.monotonic()).reopened == 0:
            next(frames)
        back.join()
        assert next(frames).pixels.shape == (48, 64, 3)
    assert all("a.mp4: " in entry["event"] for entry in logs)


def test_a_torn_clip_plays_as_far_as_it_goes(tmp_path: Path) -> None:
    """At each end it is said what is missing, and the camera begins anew."""
    clip = torn(write_clip(tmp_path / "a.avi", frames=40, rate=40), 0.7)
    camera = LiveCamera("yard", parse_source(str(clip)), first_pause_s=0.05)
    with capture_logs() as logs, playing(camera) as frames:
        _, seam = until_seam(frames)
    assert number_in(seam) <= 5
    assert "breaks off after" in logs[0]["event"]
    assert "of 40 pictures; reopening" in logs[0]["event"]


def test_status_tells_silence(tmp_path: Path) -> None:
    """Silence counts from the last picture and has a name once it is too long."""
    camera = clip_camera(tmp_path, frames=20, silent_after_s=5.0)
    with playing(camera) as frames:
        next(frames)
        now_s = time.monotonic()
        assert camera.status(now_s).state == "live"
        assert camera.status(now_s + 6).state == "silent"
        assert camera.status(now_s + 6).silent_s == pytest.approx(6, abs=1)
        assert camera.status(now_s).frames == 1


def test_closing_ends_a_thread_that_waits(tmp_path: Path) -> None:
    """Whoever waits for a hung camera is let go at once."""
    camera = clip_camera(tmp_path, frames=300, silent_after_s=60)
    seen = threading.Event()

    def watch() -> None:
        for _ in camera.frames():
            seen.set()

    thread = threading.Thread(target=watch)
    thread.start()
    assert seen.wait(20)
    assert camera.decoder_pid is not None
    os.kill(camera.decoder_pid, signal.SIGSTOP)
    camera.close()
    thread.join(10)
    assert not thread.is_alive()


class RtspServer:
    """A real RTSP server that can be killed, frozen and started again on its port."""

    def __init__(self) -> None:
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/main"

    def start(self) -> None:
        script = Path(__file__).with_name("rtsp_server.py")
        self._process = subprocess.Popen(
            [str(DEBIAN_PYTHON), str(script), str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith("ready "):
            self.kill()
            pytest.skip("GStreamer's RTSP server is not installed (gir1.2-gst-rtsp-server-1.0)")
        self.port = int(line.split()[1])

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture
def rtsp() -> Iterator[RtspServer]:
    if not DEBIAN_PYTHON.exists():
        pytest.skip("no Debian Python to run GStreamer's RTSP server with")
    server = RtspServer()
    server.start()
    yield server
    server.kill()


def test_a_real_rtsp_camera(rtsp: RtspServer) -> None:
    """Pictures come over TCP, each with the time of its arrival."""
    with playing(LiveCamera("gate", parse_source(rtsp.address))) as frames:
        shown = list(islice(frames, 12))
    assert {frame.wh for frame in shown} == {(160, 120)}
    assert not any(frame.seam for frame in shown)
    times = [frame.monotonic_s for frame in shown]
    assert times == sorted(times)
    # Twelve pictures of ten a second: not a burst, not a standstill.
    assert 0.5 < times[-1] - times[0] < 10


@pytest.mark.slow
def test_a_killed_rtsp_camera_comes_back(rtsp: RtspServer) -> None:
    """Its loss is said; when it answers again, the pictures go on, after a gap and no seam."""
    camera = LiveCamera("gate", parse_source(rtsp.address), 3.0, first_pause_s=0.2)
    with capture_logs() as logs, playing(camera) as frames:
        *_, last = islice(frames, 3)
        rtsp.kill()
        restart = threading.Timer(1.0, rtsp.start)
        restart.start()
        first = until_reopened(camera, frames)
        restart.join()
    assert first.wh == (160, 120)
    assert not first.seam
    assert first.monotonic_s - last.monotonic_s >= 1.0
    assert camera.status(time.monotonic()).reopened >= 1
    assert logs
    assert all("reopening" in entry["event"] for entry in logs)


def test_a_stream_that_comes_back_in_another_size_bears_a_seam() -> None:
    """What was known of the other picture has no place in this one."""
    camera = LiveCamera("gate", Source("stream", "rtsp://camera/main"))

    def bears_a_seam(width: int, height: int) -> bool:
        picture = Picture(width, height, 0, 0.0, 0.0, 0.0, seam=False, skipped=0)
        return camera._taken(picture, np.zeros((height, width, 3), np.uint8)).seam

    seams = [bears_a_seam(*wh) for wh in ((8, 6), (8, 6), (16, 12), (16, 12))]
    assert seams == [False, False, True, False]


@pytest.mark.slow
def test_a_frozen_rtsp_camera_is_noticed(rtsp: RtspServer) -> None:
    """A connection that stays open and says nothing is silence, and is said."""
    camera = LiveCamera("gate", parse_source(rtsp.address), 1.5, first_pause_s=0.2)
    with capture_logs() as logs, playing(camera) as frames:
        list(islice(frames, 3))
        rtsp.freeze()
        thaw = threading.Timer(3.0, rtsp.thaw)
        thaw.start()
        first = until_reopened(camera, frames)
        thaw.join()
    assert first.wh == (160, 120)
    assert any("camera 'gate' silent for " in entry["event"] for entry in logs)


def test_an_rtsp_camera_can_be_replayed_until_it_ends(rtsp: RtspServer) -> None:
    """Every picture from now on; a server that goes away is a source that broke off."""
    with Replay(parse_source(rtsp.address), silent_after_s=5) as replay:
        frames = replay.frames()
        assert [frame.index for frame in islice(frames, 5)] == [0, 1, 2, 3, 4]
        rtsp.kill()
        try:
            rest = list(frames)
        except SourceError as error:
            assert "broke off" in str(error)  # noqa: PT017  the server may also end it in order
        else:
            assert len(rest) < 100


def test_a_path_that_the_camera_does_not_know(rtsp: RtspServer) -> None:
    """The server answers, but not for this path."""
    with pytest.raises(SourceError, match=r"cannot be reached: .*404"):
        Replay(Source("stream", rtsp.address.replace("main", "other")))
