"""What to write in place of a mistake in sailwright.yaml: words of other tools, versions without quotes, short forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sailwright.diagnostics.finding import Path, value_at
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_error import UNKNOWN
from sailwright.project.schema.familiar_words import familiar_in_project
from sailwright.runtime.records import replace

_SHORT_FORMS = {
    "kubernetes": 'write `kubernetes: {{version: "{0}"}}`',
    "istio": "write `istio: {{version: {0}}}`",
    "output": "write `output: {{path: {0}}}`",
}
"""Sections for which one value was written."""


def reworded_project(problems: Iterable[Problem], tree: Any) -> list[Problem]:
    """The problems of the project file with a line to write, one for each mistake."""
    found: dict[Path, Problem] = {}
    for problem in problems:
        found.setdefault(problem.path, _reworded(problem, tree))
    misnamed = {path[:-1] for path, each in found.items() if path[1:] and each.rule == UNKNOWN and _says(each)}
    return [each for each in found.values() if each.rule != "required" or each.path not in misnamed]


def _says(problem: Problem) -> bool:
    """Whether the help names the key that was meant."""
    return problem.help.startswith(("did you mean", "write "))


def _reworded(problem: Problem, tree: Any) -> Problem:
    path, given = problem.path, value_at(tree, problem.path)
    if problem.rule == UNKNOWN:
        remedy = familiar_in_project(path) or _elsewhere(path)
        return replace(problem, help=remedy) if remedy else problem
    if path == ("apiVersion",) and isinstance(given, str) and given.startswith("sailwright/"):
        return replace(problem, help="write `sailwright/v1alpha1`: this program knows no other version")
    if len(path) == 1 and path[0] in _SHORT_FORMS and isinstance(given, (str, int, float)):
        return replace(problem, help=_SHORT_FORMS[str(path[0])].format(given))
    if _is_version(path):
        return _version(problem, path, given)
    if path and path[-1] == "controlPlanes" and isinstance(given, (str, int, float)):
        return replace(problem, help=f"name the release of each revision: `controlPlanes: {{default: {given}}}`")
    if path and path[-1] in ("environments", "clusters", "namespaces") and isinstance(given, list) and given:
        return replace(problem, help=f"write a map: `{path[-1]}: {{{', '.join(f'{name}: {{}}' for name in given)}}}`")
    if path[:1] == ("manifests",) and len(path) == 2 and isinstance(given, str):
        return replace(problem, help=f'write `- paths: ["{given}"]`')
    if path[:2] == ("lint", "ignore") and len(path) == 3 and isinstance(given, str):
        return replace(problem, help=f'write `- {{rule: {given}, path: "**", reason: WHY}}`')
    if path[:2] == ("lint", "rules") and given in ("no", "false", "none", "disabled", "never", False):
        return replace(problem, help="write `off`")
    if isinstance(given, str) and path in (("services",), ("validate", "schemas")):
        return replace(problem, help=f'write a list: `{path[-1]}: ["{given}"]`')
    return problem


def _elsewhere(path: Path) -> str:
    """What to write for a key below the top that belongs elsewhere."""
    top, key = path[0], path[-1]
    if top == "environments" and len(path) == 3 and key in _OF_SERVICES:
        return f"write it in the service file, under `environments: {{{path[1]}: ...}}`"
    if top == "namespaces" and len(path) == 3 and ("istio" in str(key) or "/" in str(key)):
        return f"it is a label: write `labels: {{{key}: ...}}`"
    if top == "lint" and len(path) == 2:
        if key in ("disable", "disabled", "exclude", "off", "skip"):
            return "write `rules: {RULE: off}`"
        return "write `rules: {RULE: error}`" if key in ("enable", "enabled", "include") else ""
    return "write `path: rendered`" if top == "output" and key in ("dir", "directory", "folder", "to") else ""


_OF_SERVICES = frozenset(
    ("defaults", "namespace", "replicas", "versions", "services", "env", "image", "routes", "trafficPolicy")
)


def _is_version(path: Path) -> bool:
    text = [key for key in path if isinstance(key, str)]
    return text[-1:] == ["version"] or text[-2:-1] == ["controlPlanes"]


def _version(problem: Problem, path: Path, given: Any) -> Problem:
    """A version that YAML read as a number, or one of too many or too few parts."""
    number = isinstance(given, (int, float)) and not isinstance(given, bool)
    shown = "1.30" if given == 1.3 else str(given)
    if "kubernetes" in path:
        if number:
            help_ = (
                f'put quotes around the version, as in `"{shown}"`: YAML reads 1.30 without quotes as the number 1.3'
            )
            return replace(problem, help=help_)
        return (
            replace(problem, help=f'write `"{given[1:]}"`') if isinstance(given, str) and given[:1] == "v" else problem
        )
    if isinstance(given, str) and given[:1] == "v" and given.count(".") == 2:
        return replace(problem, help=f"write `{given[1:]}`")
    if number:
        reason = "YAML reads 1.30 without quotes as the number 1.3"
        return replace(problem, help=f"write all three numbers, as in `{shown}.0`: {reason}")
    if isinstance(given, str) and given.count(".") == 1:
        return replace(problem, help=f"write all three numbers, as in `{given}.0`")
    return problem
