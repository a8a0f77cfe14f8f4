"""docs/article.md and the README show files of docs/article and passages of what they render to: the very ones.

<!-- from: FILE -->                       the whole file, without the line for editors
<!-- from: FILE#KIND/NAME -->             one object of a rendered file
<!-- from: FILE#KIND/NAME/spec/http -->   a passage of it, by JSON pointer
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sailwright.source.emit import emit

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGE = DOCS / "article.md"
BLOCK = re.compile(r"<!-- from: (?P<file>[^#\s]+)(?:#(?P<part>\S+))? -->\n```yaml\n(?P<text>.*?)```\n", re.DOTALL)


@pytest.mark.parametrize("page", [PAGE, ROOT / "README.md"], ids=lambda page: page.name)
def test_every_passage_is_the_real_one(page: Path, update: bool) -> None:
    text = page.read_text()
    assert BLOCK.search(text)
    real = BLOCK.sub(lambda block: shown(page.parent, block["file"], block["part"]), text)
    if update:
        page.write_text(real)
    assert page.read_text() == real


def test_every_example_is_shown() -> None:
    """All eleven points, and every service file of each."""
    files = {str(path.relative_to(DOCS)) for path in DOCS.glob("article/*/*/service.yaml")}
    assert files <= {block["file"] for block in BLOCK.finditer(PAGE.read_text())}
    assert len(list(DOCS.glob("article/*/sailwright.yaml"))) == 11


def shown(folder: Path, file: str, part: str | None) -> str:
    """The block as it should be; the page names files as seen from its folder."""
    text = (folder / file).read_text()
    if part is None:
        text = text.removeprefix(
            next(line for line in text.splitlines(keepends=True) if line.startswith("# yaml-lang"))
        )
    else:
        kind, name, *keys = part.split("/")
        value = next(
            item for item in yaml.safe_load_all(text) if (item["kind"], item["metadata"]["name"]) == (kind, name)
        )
        text = emit(passage(value, keys))
    return f"<!-- from: {file}{f'#{part}' if part else ''} -->\n```yaml\n{text}```\n"


def passage(value: Any, keys: list[str]) -> Any:
    """A part of an object, with the key it stands under."""
    for key in keys:
        value = value[int(key) if isinstance(value, list) else key]
    last = next((key for key in reversed(keys) if not key.isdigit()), None)
    return value if last is None or (isinstance(value, dict) and keys[-1].isdigit()) else {last: value}
