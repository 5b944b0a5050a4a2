"""What a box has learned is whole on its disk; what is not its own is put aside."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import structlog

from edge.memory import (
    MOST_ASIDE,
    MOST_TRIES,
    CameraMemory,
    Members,
    packed,
    put_aside,
    read,
)
from edge.testing import FaultyDisk, PowerCut
from edge.video.frame import Frame

AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


def frame(wide: int = 64) -> Frame:
    return Frame(np.zeros((48, wide, 3), np.uint8), AT, 0.0, 0)


class Notes:
    """Remembers one text."""

    def __init__(self, text: str | None = None, epoch: str = "") -> None:
        self.text, self._epoch = text, epoch

    def epoch(self) -> str:
        return self._epoch

    def saved(self) -> Members | None:
        return None if self.text is None else {"text": self.text.encode(), "more": b"x" * 5000}

    def restore(self, saved: Members, frame: Frame) -> None:
        if "text" not in saved:
            raise ValueError("it holds no text")
        self.text, self._epoch = saved["text"].decode(), "of the file"


def kept(folder: Path, camera_id: str = "yard", wide: int = 64) -> Path:
    CameraMemory(folder, camera_id).save({"notes": Notes("learned")}, frame(wide))
    return folder / "notes.zip"


def restored(folder: Path, wide: int = 64) -> tuple[str | None, list[str]]:
    """What is known, and what was said."""
    notes = Notes()
    with structlog.testing.capture_logs() as said:
        CameraMemory(folder, "yard").restore({"notes": notes, "others": Notes()}, frame(wide))
    return notes.text, [str(line["event"]) for line in said]


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    kept(tmp_path / "yard")
    assert restored(tmp_path / "yard") == ("learned", [])


def test_what_knows_nothing_leaves_no_file(tmp_path: Path) -> None:
    CameraMemory(tmp_path / "yard", "yard").save({"notes": Notes()}, frame())
    assert not list(tmp_path.iterdir())


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-60])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def another_file(path: Path) -> None:
    path.write_text("this is no memory")


def rewritten(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        about, members = read(path)
        change(told := json.loads(about.model_dump_json()))
        path.write_bytes(packed(type(about).model_validate(told), members))

    return rewrite


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(torn, "not a zip file", id="torn"),
        pytest.param(flipped, "", id="a flipped bit"),
        pytest.param(another_file, "not a zip file", id="no memory at all"),
        pytest.param(
            rewritten(lambda told: told.update(version=9)), "version 9", id="a later version"
        ),
        pytest.param(
            rewritten(lambda told: told.update(camera_id="gate")),
            "of camera 'gate'",
            id="another camera",
        ),
        pytest.param(
            rewritten(lambda told: told.update(frame_wh=[640, 480])),
            "of pictures of 640 x 480, the camera sends 64 x 48",
            id="another size",
        ),
    ],
)
def test_what_cannot_be_used_is_said_and_put_aside(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    """One sentence, the file as it was under another name, and the rest goes on."""
    path = kept(tmp_path / "yard")
    spoil(path)
    content = path.read_bytes()
    text, lines = restored(tmp_path / "yard")
    assert text is None
    (line,) = lines
    assert said in line
    assert "kept as notes.aside-1.zip" in line
    assert (tmp_path / "yard" / "notes.aside-1.zip").read_bytes() == content
    assert not path.exists()


def test_a_few_are_put_aside(tmp_path: Path) -> None:
    for _ in range(12):
        put_aside(kept(tmp_path / "yard"))
    aside = sorted(path.name for path in (tmp_path / "yard").iterdir())
    assert len(aside) == MOST_ASIDE
    assert "notes.aside-12.zip" in aside


@pytest.mark.parametrize("fails_at", [1, 2], ids=["the write", "the rename"])
def test_a_power_cut_leaves_the_old_file(tmp_path: Path, fails_at: int) -> None:
    kept(tmp_path / "yard")
    memory = CameraMemory(tmp_path / "yard", "yard", FaultyDisk(fails_at, PowerCut()))
    with pytest.raises(PowerCut):
        memory.save({"notes": Notes("newer")}, frame())
    assert restored(tmp_path / "yard") == ("learned", [])


def test_a_full_disk_is_said_once(tmp_path: Path) -> None:
    """The camera is watched all the same, and what was kept stays."""
    kept(tmp_path / "yard")
    full = OSError(28, "No space left on device")
    memory = CameraMemory(tmp_path / "yard", "yard", FaultyDisk(1, full))
    with structlog.testing.capture_logs() as said:
        for text in "abc":
            memory.save({"notes": Notes(text)}, frame())
    assert len(said) == 1
    assert "cannot be kept: No space left" in said[0]["event"]
    assert restored(tmp_path / "yard")[0] == "learned"


def test_what_has_not_changed_is_not_written(tmp_path: Path) -> None:
    memory, path = CameraMemory(tmp_path, "yard"), tmp_path / "notes.zip"
    memory.save({"notes": Notes("learned")}, frame())
    path.unlink()
    memory.save({"notes": Notes("learned")}, frame())
    assert not path.exists()
    memory.save({"notes": Notes("more")}, frame())
    assert path.exists()


def test_another_beginning_keeps_the_old_file(tmp_path: Path) -> None:
    """Where a part has begun anew, what it knew before is put aside."""
    memory = CameraMemory(tmp_path, "yard")
    memory.save({"notes": Notes("old", "monday")}, frame())
    memory.save({"notes": Notes("new", "tuesday")}, frame())
    assert read(tmp_path / "notes.aside-1.zip")[1]["text"] == b"old"
    assert read(tmp_path / "notes.zip")[1]["text"] == b"new"


@pytest.mark.parametrize("alerts", [False, True], ids=["at once", "after an alert"])
def test_what_breaks_an_agent_is_not_given_to_it_for_ever(tmp_path: Path, alerts: bool) -> None:
    kept(tmp_path)
    memory = CameraMemory(tmp_path, "yard")
    texts = []
    for _ in range(MOST_TRIES + 1):
        notes = Notes()
        memory.restore({"notes": notes}, frame())
        if alerts:
            memory.save({"notes": notes}, frame(), proven=False)
        texts.append(notes.text)
    assert texts == ["learned"] * MOST_TRIES + [None]
    assert (tmp_path / "notes.aside-1.zip").exists()
