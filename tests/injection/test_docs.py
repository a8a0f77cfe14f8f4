"""The pages about injection: their commands run, and their lists are those of the program."""

import re
from pathlib import Path

import pytest
from tests.docs import guide

from sailwright.cli.inject import command
from sailwright.mesh.values.releases import LINES

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.mark.parametrize("page", ["inject.md", "migrating-from-kube-inject.md"])
def test_the_page_tells_the_truth(page: str, tmp_path: Path, update: bool) -> None:
    """Every command runs and prints what the page shows."""
    real = guide.run(DOCS / page, tmp_path)
    if update:
        (DOCS / page).write_text(real)
    assert (DOCS / page).read_text() == real


def test_the_table_of_releases_is_the_programs() -> None:
    rows = re.findall(
        r"^\| (1\.\d+) \| (\S+) \| (\S+) \| (\S+) - (\S+) \| (\S+) \|$", (DOCS / "inject.md").read_text(), re.MULTILINE
    )
    assert rows == [
        (line.name, str(line.newest), line.end_of_life or "-", *line.kubernetes, line.hub) for line in LINES
    ]


def test_every_flag_is_told() -> None:
    text = "".join((DOCS / page).read_text() for page in ("inject.md", "migrating-from-kube-inject.md"))
    shared = {
        "--format",
        "--fail-on",
        "--project",
        "--allow-empty",
        "--no-cache",
        "--color",
        "--quiet",
        "--verbose",
        "--show",
    }
    for parameter in command.params:
        flags = {flag for flag in parameter.opts if flag.startswith("--")} - shared - {"--filename", "--output"}
        assert all(f"`{flag}" in text or f"{flag} " in text for flag in flags), flags
