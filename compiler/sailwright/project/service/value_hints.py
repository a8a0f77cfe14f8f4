"""What to write for a value of the wrong form: the same wish, in the words of the file."""

from __future__ import annotations

import re
from typing import Any

from sailwright.diagnostics.finding import Path, value_at
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.records import replace

_TEXTS = ("uri", "scheme", "method", "authority")
_TEXT_MAPS = ("headers", "withoutHeaders", "queryParams")
_PERCENT = re.compile(r"\s*(\d{1,3})\s*%\s*")
_LISTS_OF_MAPS = {
    ("versions",): "- {{name: {0}, image: NAME:TAG}}",
    ("ports",): "- {{name: http, port: {0}, appProtocol: http}}",
    ("accessPolicy", "inbound"): "- service: {0}",
    ("accessPolicy", "outbound"): "- service: {0}",
}


def value_hint(problem: Problem, path: Path, tree: Any) -> Problem:
    """The problem with a line to write. `path` is the problem's own without overlays, `tree` the whole file."""
    if problem.rule not in ("type", "anyOf", "enum", "minItems"):
        return problem
    given = value_at(tree, problem.path)
    if "match" in path and isinstance(given, (str, int, float)):
        return _text_match(problem, path, given)
    if path[-1:] and isinstance(given, str) and (number := _PERCENT.fullmatch(given)):
        return replace(problem, help=f"write `{number[1]}`, without the percent sign")
    place = tuple(key for key in path if isinstance(key, str))
    if path[-1:] == ("weight",) and isinstance(given, float) and 0 < given < 1:
        return replace(problem, help=f"weights are percentages: write `{given * 100:.0f}`")
    if place[:2] == ("routes", "to") and len(path) > 3:
        return _target(problem, path, given)
    if place in _LISTS_OF_MAPS and isinstance(path[-1], int) and isinstance(given, (str, int)):
        return replace(problem, help=f"write `{_LISTS_OF_MAPS[place].format(given)}`")
    if place in (("versions",), ("ports",)) and isinstance(given, dict) and given:
        return replace(problem, help=f"write a list: `- name: {next(iter(given))}`, with its settings below")
    return replace(problem, help=_remedy(problem, path, place, given) or problem.help)


def _remedy(problem: Problem, path: Path, place: Path, given: Any) -> str:
    """The line to write for a value of one section; empty where the problem's own help is as good."""
    if place == ("ports", "protocol") and isinstance(given, str):
        return f"write `appProtocol: {given.lower()}`"
    if place[-1:] == ("env",):
        return _environment(problem, given)
    if place in (("defaults", "image"), ("versions", "image")) and isinstance(given, dict):
        return "write one text: `image: NAME:TAG`"
    if place == ("tests", "expect") and isinstance(given, str):
        return f"write `expect: {{version: {given}}}`"
    if place == ("expose",) and isinstance(given, str):
        return f'write `expose: {{hosts: ["{given}"], gateways: [NAMESPACE/GATEWAY]}}`'
    if isinstance(given, str) and problem.message.startswith("expected a list"):
        return f'write a list: `{path[-1]}: ["{given}"]`'
    if place == ("mesh", "inject") and isinstance(given, bool):
        return f"write `inject: {'build' if given else 'none'}`"
    if place == ("retries",) and isinstance(given, int):
        return f"write `retries: {{attempts: {given}}}`"
    return ""


def _environment(problem: Problem, given: Any) -> str:
    """Variables as Compose writes them: a map, or texts with `=`."""
    if isinstance(given, str) and "=" in given:
        name, _, value = given.partition("=")
        return f'write `- {{name: {name}, value: "{value}"}}`'
    if isinstance(given, dict) and given and problem.message.startswith("expected a list"):
        name, value = next(iter(given.items()))
        value = str(value).lower() if isinstance(value, bool) else value
        return f'write a list: `- {{name: {name}, value: "{value}"}}`'
    return ""


def _text_match(problem: Problem, path: Path, given: Any) -> Problem:
    """Text where Istio's StringMatch belongs, which is `exact`, `prefix` or `regex`."""
    key = path[-1]
    if key == "uri":
        return replace(problem, help=f"write `uri: {{prefix: {given}}}`, or `{{exact: {given}}}` for this path alone")
    if key in _TEXTS or (len(path) > 1 and path[-2] in _TEXT_MAPS):
        return replace(problem, help=f"write `{key}: {{exact: {given}}}`, or use `prefix` or `regex`")
    return problem


def _target(problem: Problem, path: Path, given: Any) -> Problem:
    """A map under `to` gives each version its weight; hosts are written as a list."""
    key = path[-1]
    if isinstance(key, int):
        help_ = "write `to: VERSION`, or weights by version: `to: {v1: 90, v2: 10}`"
        return replace(problem, help=help_)
    if key in ("version", "subset"):
        message = "a map under `to` holds weights by version"
        return replace(
            problem, message=message, help=f"write `to: {given}`, or `to: [{{version: {given}, weight: 100}}]`"
        )
    if key in ("host", "destination", "service"):
        message = "a map under `to` holds weights by version; a host is written in a list"
        return replace(problem, message=message, help=f"write `to: [{{host: {given}}}]`")
    return problem
