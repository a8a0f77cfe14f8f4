"""Better words for keys that the schema does not know: those that belong elsewhere, and those of later versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_error import UNKNOWN
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.project.schema.familiar_words import familiar
from sailwright.project.schema.judge import schema
from sailwright.project.service.value_hints import value_hint
from sailwright.runtime.records import replace

_GATEWAY = "a Gateway is for many services: it is no part of a service file"
_GATEWAY_HELP = "write `gateway: {listeners: [...]}` in sailwright.yaml, and name it under `expose.gateways`"
_ROUTES = "HTTPRoutes and GRPCRoutes are rendered from `routes`"
_ROUTES_HELP = "write `routes: [{name: ..., match: [...], to: ...}]`, and `routing: {api: gateway}`"
_EXTERNAL = "for workloads of Helm, Argo Rollouts or an operator write `workload: external`"
_ROLLOUT = "`rollout` is not in this version of sailwright"
_ROLLOUT_HELP = (
    "move weights by commit (`sailwright weight`), or set `workload: external` and leave them to Argo Rollouts"
)

NOT_IN_THIS_VERSION: dict[str, tuple[str, str]] = {
    "rollout": (_ROLLOUT, _ROLLOUT_HELP),
    "rollouts": (_ROLLOUT, _ROLLOUT_HELP),
    "gateway": (_GATEWAY, _GATEWAY_HELP),
    "gateways": (_GATEWAY, _GATEWAY_HELP),
    "httpRoute": (_ROUTES, _ROUTES_HELP),
    "httpRoutes": (_ROUTES, _ROUTES_HELP),
    "grpcRoutes": (_ROUTES, _ROUTES_HELP),
}
"""Keys of features this version refuses, at the top of the file, of an overlay or of `mesh`."""
_FIXED = ("name", "apiVersion")


def reworded(problems: Iterable[Problem], tree: Any) -> tuple[Problem, ...]:
    """The problems of a tree, with the words that fit for keys and values we recognise; one for each mistake."""
    found: list[Problem] = []
    for problem in problems:
        better = _reworded(problem, tree)
        if not better.help or not any(_same_mistake(better, other) for other in found):
            found.append(better)
    misnamed = {each.path[:-1] for each in found if _explains_what_is_missing(each)}
    return tuple(each for each in found if each.rule != "required" or each.path not in misnamed)


def _same_mistake(one: Problem, other: Problem) -> bool:
    """Whether two problems have one remedy at one place: a value that is wrong twice, or two items of one list under `to`,
    or two keys that stand for one of ours."""
    same = one.path == other.path or (one.path[:-1] == other.path[:-1] and one.path[-2:-1] == ("to",))
    unknown = one.rule == other.rule == UNKNOWN and one.path[:-1] == other.path[:-1] and one.help.startswith("write `")
    return (same or unknown) and one.help == other.help


def _explains_what_is_missing(problem: Problem) -> bool:
    """Whether a key was given another name, or a protocol another key: what is missing beside it follows from that."""
    if problem.rule != UNKNOWN:
        return "appProtocol" in problem.help and problem.path[-1:] == ("protocol",)
    return len(problem.path) > 1 and problem.help.startswith(("write ", "did you mean"))


def _reworded(problem: Problem, tree: Any) -> Problem:
    if _section(problem.path) == ("workload", "kind"):
        return replace(problem, help=f"{problem.help} {_EXTERNAL}".strip())
    if problem.rule != UNKNOWN:
        return _with_version(problem, tree) or value_hint(problem, _section(problem.path), tree)
    key, above = str(problem.path[-1]), _section(problem.path[:-1])
    if above in ((), ("mesh",)) and key in NOT_IN_THIS_VERSION:
        message, remedy = NOT_IN_THIS_VERSION[key]
        return replace(problem, message=message, help=remedy)
    if (
        key not in _FIXED
        and (remedy := familiar(_section((*problem.path[:-1], key))))
        and not problem.help.startswith(f"did you mean `{key}")
    ):
        return replace(problem, help=remedy)
    if above != ():
        return _at_the_top(problem, key)
    if key in _FIXED:
        return replace(problem, message=f"`{key}` cannot be overlaid", help="remove it here")
    if key in schema("service")["$defs"]["Settings"]["properties"]:
        return replace(
            problem, help=f"`{key}` is a setting of pods: write it under `defaults`, or under one of `versions`"
        )
    return problem


def _with_version(problem: Problem, tree: Any) -> Problem | None:
    """The problem of an `apiVersion` that another version of the program reads."""
    given = tree.get("apiVersion") if problem.path == ("apiVersion",) else None
    if not isinstance(given, str) or not given.startswith("sailwright/"):
        return None
    return replace(problem, help="write `sailwright/v1alpha1`: this program knows no other version")


def _at_the_top(problem: Problem, key: str) -> Problem:
    """A key of the file's top that was written further in, by its indentation perhaps."""
    from difflib import get_close_matches

    near = get_close_matches(key, schema("service")["properties"], 1, 0.85)
    if not near or f"`{key}`" in problem.help or did_you_mean(key, near) in problem.help:
        return problem
    return replace(problem, help=f"`{near[0]}` belongs at the top of the file")


def _section(path: Path) -> Path:
    """The path without a leading environment and cluster."""
    if path[:1] == ("environments",) and len(path) > 1:
        path = path[2:]
        if path[:1] == ("clusters",) and len(path) > 1:
            path = path[2:]
    return path
