"""What is committed speaks of the project alone."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).relative_to(ROOT).as_posix()
BINARY = {".onnx", ".mp4", ".png", ".jpg", ".avi", ".ico", ".woff2", ".parquet", ".npz"}

FOREIGN = {
    "an address of a package index": re.compile(
        r"files\.pythonhosted\.org|pypi\.org/simple|//(?:registry|artifactory|nexus)\.\w"
    ),
    "a path of one machine": re.compile(r"(?<![\w.~/-])/(?:work|root|home|Users)/\w"),
}


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("what", FOREIGN)
def test_speaks_of_the_project_alone(what: str) -> None:
    """No package index and no folder of a developer's machine is named in any file."""
    found = [
        f"{name}:{number}"
        for name in committed()
        if name != HERE and Path(name).suffix not in BINARY
        for number, line in enumerate((ROOT / name).read_text("utf-8", "replace").splitlines(), 1)
        if FOREIGN[what].search(line)
    ]
    assert found == []


def test_nothing_large_but_model_and_clip() -> None:
    """A clone stays small: 12 MB for the model, 6 MB for all clips, 1 MB for anything else."""
    limits = {".onnx": 12_000_000, ".mp4": 2_500_000}
    large = [
        name
        for name in committed()
        if (ROOT / name).stat().st_size > limits.get(Path(name).suffix, 1_000_000)
    ]
    clips = [name for name in committed() if name.endswith(".mp4")]
    assert large == []
    assert sum((ROOT / name).stat().st_size for name in clips) <= 6_000_000
