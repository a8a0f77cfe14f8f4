"""docs/lint.md runs as it is written; docs/writing-a-rule.md shows a rule as it is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.docs import guide

from sailwright.diagnostics import rule_page

ROOT = Path(__file__).parent.parent.parent
SOURCE = re.compile(r"(<!-- source: (\S+) -->\n```python\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE)


def test_lint_page_shows_what_lint_prints(tmp_path: Path, update: bool) -> None:
    """Every command of the page."""
    page = ROOT / "docs" / "lint.md"
    real = guide.run(page, tmp_path)
    if update:
        page.write_text(real)
    assert page.read_text() == real


def test_page_for_contributors_shows_a_real_rule(update: bool) -> None:
    """The example cannot drift from the protocol: it is a rule that runs."""
    page = ROOT / "docs" / "writing-a-rule.md"
    real = SOURCE.sub(lambda match: f"{match[1]}{(ROOT / match[2]).read_text()}{match[4]}", page.read_text())
    if update:
        page.write_text(real)
    assert page.read_text() == real
    assert "def check(" in real


def test_links_of_findings_come_from_the_urls_of_the_package() -> None:
    """`project.urls` of pyproject.toml names where the documentation is published; today it is published nowhere."""
    project = tomllib.loads((Path(__file__).parent.parent.parent / "pyproject.toml").read_text())["project"]
    assert project.get("urls", {}).get("Documentation", "") == rule_page.DOCUMENTATION
    assert rule_page.url("any-rule") == (f"{rule_page.DOCUMENTATION}/rules/any-rule" if rule_page.DOCUMENTATION else "")
