"""docs/validate.md: its commands run, its list of flags and versions is the program's."""

import re
from pathlib import Path

from tests.docs import guide

from sailwright.cli.validate import command
from sailwright.validate.schemas.kubernetes import versions

PAGE = Path(__file__).parent.parent.parent / "docs" / "validate.md"
SHARED = {
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


def test_the_page_tells_the_truth(tmp_path: Path, update: bool) -> None:
    """Every command runs and prints what the page shows."""
    real = guide.run(PAGE, tmp_path)
    if update:
        PAGE.write_text(real)
    assert PAGE.read_text() == real


def test_every_flag_is_told() -> None:
    text = PAGE.read_text()
    flags = {flag for parameter in command.params for flag in parameter.opts if flag.startswith("--")}
    assert [flag for flag in sorted(flags - SHARED) if flag not in text] == []


def test_the_versions_are_those_at_hand() -> None:
    (span,) = re.findall(r"schemas for (\S+) to (\S+);", PAGE.read_text())
    assert span == (versions()[0], versions()[-1])
