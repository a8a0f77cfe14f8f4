"""Files beside sailwright.yaml that belong to the gate and that a change touches: those it hides, those that settings name, the
project's templates, and what it suppresses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import Finding, Location
from sailwright.lint.config_changes import IN_FORCE, TRUSTED
from sailwright.lint.engine_findings import engine_finding
from sailwright.lint.settings import ANNOTATION, MARKER, Suppression
from sailwright.lint.suppression import comments
from sailwright.project.trusted_settings import named_files
from sailwright.project.unchecked_files import Unchecked
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Checkout, Commit
from sailwright.source.source import MANIFEST_LIMIT, Source, parse

_TEMPLATES = "templates/*.yaml.j2"


def unchecked_findings(unchecked: Unchecked, ref: str, *, in_force: bool = False) -> Iterator[Finding]:
    """A finding for each file that `ref` has checked and nothing checks any more: an error, unless `in_force`."""
    for path in unchecked.paths:
        message = f"this file was checked in {ref}, and nothing checks it any more"
        remedy = "name it by `manifests` or `services`, without a dot before a name, a link, or another project file above it"
        if path in unchecked.rendered:
            message = f"this rendered file was compared in {ref}, and nothing compares it any more"
            remedy = "remove it, or leave `output.path` and the first line of the file as they were"
        elif path in unchecked.submodules:
            message = f"this submodule is not in {ref}, and nothing checks its files, which are not here"
            remedy = "check the submodule out before the gate runs, or keep its files in this repository"
        finding = engine_finding("gate-changed", message, remedy, Location(path))
        yield finding if in_force else replace(finding, severity="error")


def deciding_files(trees: Sequence[Mapping[str, Any]], at_hand: Checkout, commit: Commit) -> dict[str, str]:
    """The files that decide beside these project files, each with the setting that names it: schemas, Istio's values and MeshConfig."""
    names = {name: "a setting of Istio" for tree in trees for name in named_files(tree).values()}
    schemas = {pattern for tree in trees for pattern in _schemas(tree)}
    found = (name for each in (at_hand, commit) for pattern in schemas for name in each.glob(pattern))
    return {**names, **dict.fromkeys(found, "`validate.schemas`")}


def named_file_changes(
    here: Mapping[str, Any], there: Mapping[str, Any], at_hand: Checkout, commit: Commit, ref: str, *, in_force: bool
) -> Iterator[Finding]:
    """A finding for each file that decides and is not as in the commit: schemas, Istio's values and MeshConfig, templates."""
    for name, setting in deciding_files((here, there), at_hand, commit).items():
        if _differs(name, at_hand, commit):
            message = f"this file, which {setting} names, is not as in {ref}"
            yield engine_finding("gate-changed", message, IN_FORCE if in_force else TRUSTED, Location(name))
    for name in dict.fromkeys((*commit.glob(_TEMPLATES), *at_hand.glob(_TEMPLATES))):
        if _differs(name, at_hand, commit):
            message = f"this template is not as in {ref}, and it renders objects of every service"
            yield engine_finding("gate-changed", message, _TEMPLATE, Location(name))


_TEMPLATE = "what it renders is checked as it is; have the owners of the project review this change"


def suppression_changes(
    sources: Iterable[Source], annotations: Iterable[Suppression], at_hand: Checkout, commit: Commit, ref: str
) -> Iterator[Finding]:
    """A finding, for information, for each suppression, in comments of files and in `annotations` of objects, that the commit does not
    have. Locked rules cannot be suppressed.
    """
    marked = sorted((source for source in sources if MARKER in source.data), key=lambda each: each.path)
    new = Counter((each.location.file, each.rules) for source in marked for each in comments(source))
    old = Counter((each.location.file, each.rules) for source in marked for each in _comments(source.path, commit))
    left = new - old
    moved = Counter(rules for _, rules in _gone(at_hand, commit)) if left else Counter()
    for each in (each for source in marked for each in comments(source)):
        key = (each.location.file, each.rules)
        if left[key] > 0:
            left[key] -= 1
            if moved[each.rules] > 0 and each.location.file not in commit.paths:
                moved[each.rules] -= 1
                continue
            yield _suppressed(each.rules, each.location, ref)
    told: set[tuple[Location, tuple[str, ...]]] = set()
    for each in annotations:
        if (each.location, each.rules) not in told and not _annotated(each.rules, each.location.file, commit):
            told.add((each.location, each.rules))
            yield _suppressed(each.rules, each.location, ref)


def _suppressed(rules: tuple[str, ...], place: Location, ref: str) -> Finding:
    message = f"{', '.join(rules) or 'nothing that is named'} is suppressed here, and was not in {ref}"
    remedy = "it counts; `lint.locked` names the rules that files cannot suppress"
    return replace(engine_finding("gate-changed", message, remedy, place), severity="info")


def _comments(path: str, commit: Commit) -> Iterator[Any]:
    data = commit.read(path, MANIFEST_LIMIT)
    if isinstance(data, bytes) and MARKER in data:
        yield from comments(parse(path, data))


def _gone(at_hand: Checkout, commit: Commit) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The suppressions of files that are in the commit alone: a file may have been renamed."""
    for path in commit.paths:
        if path.endswith((".yaml", ".yml", ".json")) and not isinstance(at_hand.read(path, MANIFEST_LIMIT), bytes):
            yield from ((path, each.rules) for each in _comments(path, commit))


def _annotated(rules: tuple[str, ...], path: str, commit: Commit) -> bool:
    """Whether the file of the commit has the annotation, and in it the same rules."""
    data = commit.read(path, MANIFEST_LIMIT)
    if not isinstance(data, bytes) or ANNOTATION.encode() not in data:
        return False
    return all(rule.encode() in data for rule in rules)


def _differs(name: str, at_hand: Checkout, commit: Commit) -> bool:
    here, there = at_hand.read(name, MANIFEST_LIMIT), commit.read(name, MANIFEST_LIMIT)
    return (here if isinstance(here, bytes) else None) != (there if isinstance(there, bytes) else None)


def _schemas(tree: Mapping[str, Any]) -> list[str]:
    validate = tree.get("validate")
    schemas = validate.get("schemas") if isinstance(validate, dict) else None
    return [each for each in schemas if isinstance(each, str)] if isinstance(schemas, list) else []
