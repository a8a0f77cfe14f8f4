"""The settings and the baseline that count: those at hand, or with `--config-ref` those of a trusted commit."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sailwright.lint.baseline import Baseline, open_baseline, read_baseline
from sailwright.lint.config import read_block
from sailwright.lint.rule import Rule
from sailwright.lint.settings import LintConfig, Settings
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT, Document, parse
from sailwright.source.untyped import same as same_value

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Finding
    from sailwright.source.files.checkout import Commit


def lint_config(
    document: Document | None,
    rules: Sequence[Rule],
    baseline: str | None,
    root: str,
    ref: str | None,
    *,
    may_be_new: bool = False,
) -> LintConfig:
    """The settings and the baseline on disk, or with a `ref` those of that commit. `may_be_new` lets a baseline be absent."""
    if ref is None:
        return from_disk(document, rules, baseline, may_be_new=may_be_new)
    return from_commit(document, rules, baseline, root, ref)


def from_disk(
    document: Document | None, rules: Sequence[Rule], baseline: str | None, *, may_be_new: bool
) -> LintConfig:
    """What the project file at hand and the baseline file on disk say."""
    settings, wrong = from_document(document, rules)
    return LintConfig(settings, open_baseline(baseline, may_be_new=may_be_new) if baseline else None, wrong)


def from_document(document: Document | None, rules: Sequence[Rule]) -> tuple[Settings, tuple[Finding, ...]]:
    """What a project file says, and what is wrong with it."""
    return read_block(document, rules) if document is not None else (Settings(), ())


def from_commit(
    document: Document | None, rules: Sequence[Rule], baseline: str | None, root: str, ref: str
) -> LintConfig:
    """What the commit `ref` says; a baseline on disk that differs is a finding. Where the file on disk has the same settings, they are read
    there: what is wrong with them is a finding then, and all findings name its lines.
    """
    from sailwright.source.files.checkout import Commit, Unreadable, resolve_commit

    commit = Commit(root, resolve_commit(root, ref))
    file = commit.read(PROJECT_FILE, SERVICE_LIMIT)
    documents = () if isinstance(file, Unreadable) else parse(PROJECT_FILE, file, "service").documents
    old = next(iter(documents), None)
    same = document is not None and old is not None and same_value(_block(document.source.documents[0]), _block(old))
    settings, wrong = from_document(document if same else old, rules)
    known, changes = baseline_of(baseline, commit, ref) if baseline is not None else (None, ())
    return LintConfig(settings, known, wrong if same else (), changes)


def _block(document: Document) -> Any:
    """The `lint:` block of a project file as it is written; of none and an empty one, nothing."""
    return (document.value.get("lint") if isinstance(document.value, dict) else None) or None


def baseline_of(baseline: str, commit: Commit, ref: str) -> tuple[Baseline, tuple[Finding, ...]]:
    """A baseline as it is in a commit that the user calls `ref`, and a finding where that on disk differs."""
    from sailwright.lint.config_changes import baseline_change
    from sailwright.source.files.checkout import Unreadable

    path = os.path.relpath(os.path.realpath(baseline), os.path.realpath(commit.root)).replace(os.sep, "/")
    data = commit.read(path, MANIFEST_LIMIT)
    text = "" if isinstance(data, Unreadable) else data.decode("utf-8", "replace")
    changes = tuple(baseline_change(baseline, open_baseline(baseline, may_be_new=True).text, text, ref))
    known = read_baseline(baseline, text) if text else Baseline(baseline, "", ())
    return known, changes
