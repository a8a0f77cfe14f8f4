"""A hook of MkDocs (mkdocs.yml names it): the site is made of the same Markdown files that the repository shows.

The pages in docs/ keep their paths. README.md becomes the front page; CHANGELOG.md, CONTRIBUTING.md, SECURITY.md and
examples/README.md become pages too, although they lie outside docs/. A file outside docs/ that a page links to, such as
an example's service.yaml, is copied. Links are rewritten to the paths that files have in the site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = "docs/"
OUTSIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")
"""The pages that are not in docs/."""

_LINK = re.compile(r"(\]\()([^)#\s]+)((?:#[^)]*)?\))")
_FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)


def in_site(path: str) -> str:
    """The path in the site of a file of the repository."""
    return "index.md" if path == "README.md" else path.removeprefix(DOCS)


def in_repository(page: str) -> str:
    """The path in the repository of a page of the site."""
    if page == "index.md":
        return "README.md"
    return page if page in OUTSIDE else DOCS + page


def target(page: str, link: str) -> str:
    """The path in the repository that a link of a page leads to; both paths start at the root of the repository."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link))


def links(text: str) -> Iterator[str]:
    """The files that a page links to, as the page names them; addresses on other hosts are left out."""
    for link in _LINK.finditer(_FENCE.sub("", text)):
        if "://" not in link[2] and not link[2].startswith("mailto:"):
            yield link[2]


def rewritten(page: str, text: str) -> str:
    """The text of a page (a path in the repository) with links as the site needs them."""
    folder = posixpath.dirname(in_site(page))

    def one(link: re.Match[str]) -> str:
        if "://" in link[2] or link[2].startswith("mailto:"):
            return link[0]
        return link[1] + posixpath.relpath(in_site(target(page, link[2])), folder or ".") + link[3]

    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(one, part) for part in parts)


def copied() -> set[str]:
    """The files outside docs/ that pages link to and that are no pages."""
    pages = [*OUTSIDE, *(str(path.relative_to(ROOT)) for path in (ROOT / DOCS).rglob("*.md"))]
    found = {target(page, link) for page in pages for link in links((ROOT / page).read_text())}
    return {path for path in found if not path.startswith(DOCS) and path not in OUTSIDE}


def on_files(files: Any, config: Any) -> Any:
    """MkDocs' event: the files of the site are collected."""
    from mkdocs.structure.files import File

    for path in [*OUTSIDE, *sorted(copied())]:
        files.append(File.generated(config, in_site(path), abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """MkDocs' event: the text of a page is read."""
    return rewritten(in_repository(page.file.src_uri), markdown)
