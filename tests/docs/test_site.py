"""The documentation as one whole: each page is reached from the README, each link and anchor exists, and the site builds."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml
from tools.docs_site import OUTSIDE, in_repository, in_site, links, rewritten, target

ROOT = Path(__file__).parent.parent.parent
PAGES = (*OUTSIDE, *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")))
FENCE = re.compile(r"^( *)```.*?^\1```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]*)\)")


@cache
def text(page: str) -> str:
    """A page without its fenced blocks and comments."""
    return re.sub(r"<!--.*?-->", "", FENCE.sub("", (ROOT / page).read_text()), flags=re.DOTALL)


@cache
def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them: lower case, no punctuation, a dash for each space."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text(page), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        anchor = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = sum(1 for one in found if re.fullmatch(re.escape(anchor) + r"(-\d+)?", one))
        found.add(f"{anchor}-{number}" if number else anchor)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_each_link_leads_to_a_file_and_each_anchor_to_a_heading(page: str) -> None:
    broken = []
    for link in LINK.findall(text(page)):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        file = target(page, path) if path else page
        if not (ROOT / file).is_file() or (anchor and file.endswith(".md") and anchor not in anchors(file)):
            broken.append(link)
    assert broken == []


def test_each_page_is_reached_from_the_readme() -> None:
    """Link by link, pages and examples alike."""
    reached, waiting = {"README.md"}, ["README.md"]
    while waiting:
        page = waiting.pop()
        found = {target(page, link) for link in links((ROOT / page).read_text())} - reached
        reached |= found
        waiting += [one for one in found if one.endswith(".md")]
    assert set(PAGES) - reached == set()
    projects = {path.parent for path in ROOT.glob("examples/*/sailwright.yaml")}
    assert {folder for folder in projects if not any((ROOT / one).is_relative_to(folder) for one in reached)} == set()


def test_each_guide_is_linked_from_the_readme_itself() -> None:
    named = {target("README.md", link) for link in links((ROOT / "README.md").read_text())}
    assert {page for page in PAGES if page.startswith("docs/guides/")} <= named


def test_the_navigation_holds_each_page_once() -> None:
    listed = re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text().partition("\nnav:")[2], re.MULTILINE)
    assert sorted(map(in_repository, listed)) == sorted(PAGES)


def test_links_have_the_paths_of_the_site() -> None:
    """README.md is the front page, docs/ the root of the site."""
    page = "See [lint](docs/lint.md#flags), [security](SECURITY.md), [a host](https://example.com/docs/).\n"
    assert rewritten("README.md", page) == (
        "See [lint](lint.md#flags), [security](SECURITY.md), [a host](https://example.com/docs/).\n"
    )
    assert (
        rewritten("docs/guides/ci.md", "[home](../../README.md), [top](#top)\n") == "[home](../index.md), [top](#top)\n"
    )
    assert rewritten("docs/lint.md", "```yaml\n[a](b.md)\n```\n") == "```yaml\n[a](b.md)\n```\n"
    assert all(in_repository(in_site(page)) == page for page in PAGES)


def test_the_site_names_no_address_of_ours_and_loads_nothing_from_other_hosts() -> None:
    class Loader(yaml.SafeLoader):
        """Reads mkdocs.yml without MkDocs: its Python tags are left aside."""

    Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(), Loader)
    assert settings["site_url"] == ""
    assert settings["theme"]["font"] is False
    assert "analytics" not in settings["extra"]
    assert "repo_url" not in settings


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Strictly: a page that is not in the navigation, a link or an anchor that leads nowhere is an error."""
    program = shutil.which("mkdocs", path=str(ROOT / ".venv-docs" / "bin")) or shutil.which("mkdocs")
    if not program:
        pytest.skip("MkDocs is not installed; `make docs` installs it into .venv-docs")
    command = [program, "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "search" / "search_index.json").is_file()
    pages = {path.relative_to(tmp_path): path.read_text() for path in tmp_path.rglob("*.html")}
    assert len(pages) > len(PAGES)
    assert "Sailwright is a compiler and a linter for Istio" in pages[Path("index.html")]
    loaded = re.compile(r'<(?:script|link|img)\b[^>]*\b(?:src|href)="(https?://[^"]+)"')
    assert {page: found for page, text in pages.items() if (found := loaded.findall(text))} == {}
