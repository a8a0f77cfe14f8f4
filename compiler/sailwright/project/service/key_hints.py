"""Better words for keys that the schema does not know: those that belong elsewhere, and those of later versions."""

from __future__ import annotations

from collections.abc import Iterable

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.schema_error import UNKNOWN
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.project.schema.judge import schema
from sailwright.runtime.records import replace

_AMBIENT = "ambient mode is not in this version of sailwright"
_AMBIENT_HELP = "set mesh.inject to build, webhook, none or namespace"
_GATEWAYS = "Gateway and HTTPRoute output is not in this version of sailwright"
_GATEWAYS_HELP = "write the Gateway by hand (`include`) and name it under `expose.gateways`"
_EXTERNAL = "for workloads of Helm, Argo Rollouts or an operator write `workload: external`"
_ROLLOUT = "`rollout` is not in this version of sailwright"
_ROLLOUT_HELP = (
    "move weights by commit (`sailwright weight`), or set `workload: external` and leave them to Argo Rollouts"
)

NOT_IN_THIS_VERSION: dict[str, tuple[str, str]] = {
    "rollout": (_ROLLOUT, _ROLLOUT_HELP),
    "rollouts": (_ROLLOUT, _ROLLOUT_HELP),
    "gateway": (_GATEWAYS, _GATEWAYS_HELP),
    "gateways": (_GATEWAYS, _GATEWAYS_HELP),
    "httpRoute": (_GATEWAYS, _GATEWAYS_HELP),
    "httpRoutes": (_GATEWAYS, _GATEWAYS_HELP),
    "grpcRoutes": (_GATEWAYS, _GATEWAYS_HELP),
    "ambient": (_AMBIENT, _AMBIENT_HELP),
    "dataplaneMode": (_AMBIENT, _AMBIENT_HELP),
    "waypoint": (_AMBIENT, _AMBIENT_HELP),
}
"""Keys of features this version refuses, at the top of the file, of an overlay or of `mesh`."""
_OTHER_WORDS = {"team": "owner", "http": "routes", "tcp": "tcpRoutes", "tls": "tlsRoutes", "subsets": "versions"}
_FIXED = ("name", "apiVersion")


def reworded(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems, with the words that fit for keys we recognise."""
    return tuple(_reworded(problem) for problem in problems)


def _reworded(problem: Problem) -> Problem:
    if _section(problem.path) == ("mesh", "inject") and "`ambient`" in problem.message:
        return replace(problem, message=_AMBIENT, help=_AMBIENT_HELP)
    if _section(problem.path) == ("workload", "kind"):
        return replace(problem, help=f"{problem.help} {_EXTERNAL}".strip())
    if problem.rule != UNKNOWN:
        return problem
    key, above = str(problem.path[-1]), _section(problem.path[:-1])
    if above in ((), ("mesh",)) and key in NOT_IN_THIS_VERSION:
        message, remedy = NOT_IN_THIS_VERSION[key]
        return replace(problem, message=message, help=remedy)
    if above != ():
        return _at_the_top(problem, key)
    if key in _FIXED:
        return replace(problem, message=f"`{key}` cannot be overlaid", help="remove it here")
    if key in _OTHER_WORDS:
        return replace(problem, help=f"did you mean `{_OTHER_WORDS[key]}`?")
    if key in schema("service")["$defs"]["Settings"]["properties"]:
        return replace(
            problem, help=f"`{key}` is a setting of pods: write it under `defaults`, or under one of `versions`"
        )
    return problem


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
