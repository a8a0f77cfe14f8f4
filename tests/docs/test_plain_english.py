"""Words that made our pages hard to read are not used again: each has a plain one that says the same."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]

PLAIN = {
    r"judged?|judges|judging": "check",
    r"told|tells": "report, say, set",
    r"stands?|stood": "is",
    r"alike": "say what is equal",
    r"worded": "write",
    r"heeds?|heeded": "ignore, use",
    r"(?:leaves|left) with \d": "exits with",
    r"a file each|a service each": "per file, per service",
    r"whatever": "any, all, regardless of",
    r"nobody|somebody": "name who, or use no one's name: `is not used`",
    r"unless given": "default: VALUE",
    r"ha(?:s|ve) a say": "applies",
    r"no words? for": "does not have",
    r"hangs? on": "depends on",
}
"""What is avoided, and what to write instead."""


def prose(path: Path) -> str:
    """The sentences of a page: without fenced and inline code, and without comments."""
    text = re.sub(r"^( *)```.*?^\1```$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"<!--.*?-->|`[^`\n]+`", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_word_that_was_replaced_comes_back(path: Path) -> None:
    found = {
        f"{number}: {hit[0]} ({plain})"
        for number, line in enumerate(prose(path).splitlines(), 1)
        for words, plain in PLAIN.items()
        for hit in re.finditer(rf"\b(?:{words})\b", line, re.IGNORECASE)
    }
    assert found == set()
