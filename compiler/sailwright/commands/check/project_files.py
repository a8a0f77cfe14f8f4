"""The project files of a trusted commit: the one of this project, those above it, and those below that are gone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding, Location
from sailwright.lint.engine_findings import engine_finding
from sailwright.project.trusted_settings import patterns
from sailwright.runtime.errors import Failure
from sailwright.runtime.git import work_tree
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Commit, Disk
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.patterns import compiled
from sailwright.source.source import SERVICE_LIMIT, Document, parse


def project_file(commit: Commit, ref: str) -> Document | None:
    """The commit's sailwright.yaml; None where it has none."""
    from sailwright.project.reading import read_project

    if PROJECT_FILE not in commit.paths:
        return None
    reading = read_project(commit)
    if reading.project is None:
        first = reading.findings[0]
        place = f"{first.location.file}:{first.location.line}"
        raise Failure(f"{ref}: nothing can be checked by the settings of this commit: {place}: {first.message}")
    return reading.project.document


def not_of_the_commit(
    root: str, here: Document | None, there: Document | None, commit: Commit, ref: str
) -> tuple[Finding, ...]:
    """An error where the commit has this folder checked by a project above it: a project file laid here would take it over."""
    if there is not None or here is None:
        return ()
    tree = work_tree(root)
    folder = tree.inside.rstrip("/")
    while folder:
        folder = os.path.dirname(folder)
        above = Commit(os.path.join(tree.top, folder), commit.commit)
        if PROJECT_FILE not in above.paths:
            continue
        document = project_file(above, ref)
        inside = tree.inside.removeprefix(f"{folder}/" if folder else "")
        named = [compiled(pattern) for group in patterns(tree_of(document)) for pattern in group]
        paths = [inside + path for path in Disk(root).glob("**")]
        if any(pattern.fullmatch(path) for pattern in named for path in paths):
            message = (
                f"files here are checked by {folder or '.'}/{PROJECT_FILE} in {ref}, and this file takes them over"
            )
            remedy = "have the owners of the gate review it; it takes effect once it is merged"
            return (replace(engine_finding("gate-changed", message, remedy, Location(PROJECT_FILE)), severity="error"),)
        return ()
    return ()


def projects_gone(root: str, here: Document | None, commit: Commit, ref: str) -> Iterator[Finding]:
    """An error for each project below this one whose sailwright.yaml is gone while files of it are there that nothing checks."""
    disk = Disk(root)
    checked: set[str] | None = None
    for path in sorted(commit.paths):
        folder, slash, name = path.rpartition("/")
        if name != PROJECT_FILE or not slash or os.path.lexists(os.path.join(root, path)):
            continue
        below = Commit(os.path.join(root, folder), commit.commit)
        data = below.read(PROJECT_FILE, SERVICE_LIMIT)
        documents = parse(PROJECT_FILE, data, "service").documents if isinstance(data, bytes) else ()
        named = [pattern for group in patterns(tree_of(next(iter(documents), None))) for pattern in group]
        if checked is None:
            own = [pattern for group in patterns(tree_of(here)) for pattern in group]
            checked = {each for pattern in own for each in disk.glob(pattern)}
        left = {f"{folder}/{each}" for pattern in named for each in Disk(below.root).glob(pattern)}
        if left - checked:
            message = f"this project is gone, and nothing checks {min(left - checked)}, which it had checked in {ref}"
            remedy = "remove its files too, or have another project check them"
            yield replace(engine_finding("gate-changed", message, remedy, Location(path)), severity="error")


def tree_of(document: Document | None) -> Mapping[str, Any] | None:
    value = document.value if document is not None else None
    return value if isinstance(value, dict) else None
