"""The settings and the baseline that count: those at hand, or with `--config-ref` those of a trusted commit."""

from __future__ import annotations

import os.path
from collections.abc import Sequence

from sailwright.lint.baseline import Baseline, open_baseline, read_baseline
from sailwright.lint.config import read_block
from sailwright.lint.rule import Rule
from sailwright.lint.settings import LintConfig, Settings
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT, Document, parse


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
    return from_commit(rules, baseline, root, ref)


def from_disk(
    document: Document | None, rules: Sequence[Rule], baseline: str | None, *, may_be_new: bool
) -> LintConfig:
    """What the project file at hand and the baseline file on disk say."""
    settings, wrong = read_block(document, rules) if document is not None else (Settings(), ())
    return LintConfig(settings, open_baseline(baseline, may_be_new=may_be_new) if baseline else None, wrong)


def from_commit(rules: Sequence[Rule], baseline: str | None, root: str, ref: str) -> LintConfig:
    """What the commit `ref` says; a baseline on disk that differs is a finding."""
    from sailwright.lint.config_changes import baseline_change
    from sailwright.source.files.checkout import Commit, Unreadable, resolve_commit

    commit = Commit(root, resolve_commit(root, ref))
    file = commit.read(PROJECT_FILE, SERVICE_LIMIT)
    documents = () if isinstance(file, Unreadable) else parse(PROJECT_FILE, file, "service").documents
    old = next(iter(documents), None)
    settings, _ = read_block(old, rules) if old is not None else (Settings(), ())
    if baseline is None:
        return LintConfig(settings, None)
    path = os.path.relpath(os.path.realpath(baseline), os.path.realpath(root)).replace(os.sep, "/")
    data = commit.read(path, MANIFEST_LIMIT)
    text = "" if isinstance(data, Unreadable) else data.decode("utf-8", "replace")
    changes = baseline_change(baseline, open_baseline(baseline, may_be_new=True).text, text, ref)
    known = read_baseline(baseline, text) if text else Baseline(baseline, "", ())
    return LintConfig(settings, known, changes=tuple(changes))
