"""What documents show and point to is there."""

import re
from pathlib import Path

import pytest

from edge.config import BoxConfig
from edge.site import load_site
from gateway.casework.policy import load_policy
from gateway.settings import load_settings
from sanse.reference import pages, undocumented
from wire.toml import read_toml

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BUNDLED_POLICY = ROOT / "gateway" / "casework" / "policy.toml"

pages_of_ours = pytest.mark.parametrize(
    "page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix()
)


@pages_of_ours
def test_links(page: Path) -> None:
    """Every relative link leads to a file."""
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pages_of_ours
def test_examples_of_configuration(page: Path, tmp_path: Path) -> None:
    """Every TOML block says in its first line which file it is, and loads as that."""
    for block in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        path = tmp_path / "example.toml"
        path.write_text(block, encoding="utf-8")
        match block.partition("\n")[0]:
            case "# box.toml":
                read_toml(path).validate(BoxConfig)
            case "# yard-7.toml":
                load_site(path)
            case "# gateway.toml":
                load_settings(path, {})
            case "# add to policy.toml":
                path.write_text(BUNDLED_POLICY.read_text("utf-8") + block, encoding="utf-8")
                load_policy(path)
            case other:
                pytest.fail(f"{page}: a TOML block begins with {other!r}, which names no file")


@pytest.mark.parametrize("name", pages())
def test_reference_is_current(name: str) -> None:
    """The reference pages are those of today's types; else run ``python -m sanse.reference``."""
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == pages()[name]


def test_every_key_has_a_meaning() -> None:
    """No key of any file that a person writes goes without a word of explanation."""
    assert undocumented() == []
