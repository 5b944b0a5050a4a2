"""A run that was broken off goes on where it was; what has changed is made anew."""

from pathlib import Path

from sanse.commission.kept import kept, key_of, made
from sanse.commission.results import Watched


def watched(key: str) -> Watched:
    return Watched(key=key, light="day", clip="yard.mp4", seconds=79.0, heard=(), took_s=1.0)


def test_what_is_finished_is_not_made_again(tmp_path: Path) -> None:
    """Made once for one key, again for another, and never left half written."""
    path = tmp_path / "probes" / "a.json"
    calls: list[str] = []

    def note(key: str) -> Watched:
        calls.append(key)
        return watched(key)

    def make(key: str) -> Watched:
        return made(path, key, Watched, lambda: note(key))

    assert [make(key).key for key in ("one", "one", "two")] == ["one", "one", "two"]
    assert calls == ["one", "two"]
    assert [child.name for child in path.parent.iterdir()] == ["a.json"]


def test_a_torn_file_is_made_anew(tmp_path: Path) -> None:
    """What a power cut tore, or another version wrote, counts as not there."""
    path = tmp_path / "a.json"
    for content in ('{"key": "one", "li', '{"key": "one", "other": 1}'):
        path.write_text(content, encoding="utf-8")
        assert kept(path, "one", Watched) is None
    made(path, "one", Watched, lambda: watched("one"))
    assert kept(path, "one", Watched) == watched("one")


def test_a_key_tells_where_parts_end() -> None:
    """Two settings that read alike in a row are two."""
    assert key_of("a", "bc") != key_of("ab", "c")
