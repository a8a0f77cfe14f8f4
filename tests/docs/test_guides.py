"""Every command of every guide runs, and prints what the page shows."""

import re
from pathlib import Path
from shutil import which

import pytest
from tests.docs import guide

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted((ROOT / "docs" / "guides").glob("*.md"))

AFTER_COMMIT = {"canary": "sailwright check --base HEAD~1 --fail-on info"}
"""What a reader's CI says to every commit of a guide: a canary is green at each of its steps, with no note left."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_guide_tells_the_truth(page: Path, tmp_path: Path, update: bool) -> None:
    absent = [program for program in re.findall(r"<!-- needs: (\w+) -->", page.read_text()) if which(program) is None]
    if absent:
        pytest.skip(f"{page.name} runs {', '.join(absent)}, which is not on PATH")
    real = guide.run(page, tmp_path, AFTER_COMMIT.get(page.stem, ""))
    if update:
        page.write_text(real)
    assert page.read_text() == real
