"""What to write for a value of the wrong form: the same wish, in the words of the file."""

from __future__ import annotations

import re
from typing import Any

from sailwright.diagnostics.finding import Path, value_at
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.records import replace
from sailwright.runtime.regex import regex

_TEXTS = ("uri", "scheme", "method", "authority")
_TEXT_MAPS = ("headers", "withoutHeaders", "queryParams")
_PERCENT = regex(r"\s*(\d{1,3})\s*%\s*")
_LISTS_OF_MAPS = {
    ("versions",): "- {{name: {0}, image: NAME:TAG}}",
    ("ports",): "- {{name: http, port: {0}, appProtocol: http}}",
    ("accessPolicy", "inbound"): "- service: {0}",
    ("accessPolicy", "outbound"): "- service: {0}",
}


def value_hint(problem: Problem, path: Path, tree: Any) -> Problem:
    """The problem with a line to write. `path` is the problem's own without overlays, `tree` the whole file."""
    if problem.rule == "required":
        return _missing(problem, path, tree)
    given = value_at(tree, problem.path)
    if problem.rule == "pattern" and isinstance(given, str):
        return replace(problem, help=_corrected(path, given) or problem.help)
    if problem.rule not in ("type", "anyOf", "enum", "minItems"):
        return problem
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


def _missing(problem: Problem, path: Path, tree: Any) -> Problem:
    """The line that is missing, as far as it can be known."""
    key = problem.message.partition("`")[2].partition("`")[0]
    place = tuple(each for each in path if isinstance(each, str))
    if key == "appProtocol" and place == ("ports",):
        port = value_at(tree, problem.path) or {}
        return replace(problem, help=f"write `appProtocol: {_protocol(port, tree)}`: {problem.help}")
    line = _MISSING.get((*place, key))
    return replace(problem, help=f"write `{line}`") if line else problem


_MISSING: dict[Path, str] = {
    ("apiVersion",): "apiVersion: sailwright/v1alpha1",
    ("name",): "name: NAME",
    ("namespace",): "namespace: NAMESPACE",
    ("ports", "name"): "name: http",
    ("ports", "port"): "port: 80",
    ("versions", "name"): "name: v1",
    ("expose", "gateways"): "gateways: [NAMESPACE/GATEWAY]",
    ("expose", "hosts"): 'hosts: ["shop.example.com"]',
    ("tests", "expect"): "expect: {version: v1}",
}
_SPOKEN = ("http2", "https", "http", "grpc-web", "grpc", "tls", "tcp", "mongo", "mysql", "redis", "udp")


def _protocol(port: Any, tree: Any) -> str:
    """What a port without `appProtocol` speaks, by Istio's rule for names, else by the routes that the file has."""
    name = str(port.get("name", "")).lower() if isinstance(port, dict) else ""
    named = next((word for word in _SPOKEN if name == word or name.startswith(f"{word}-")), "")
    if named:
        return named
    by_routes = {"tcpRoutes": "tcp", "tlsRoutes": "tls"}
    return next((word for key, word in by_routes.items() if key in tree and "routes" not in tree), "http")


def _corrected(path: Path, given: str) -> str:
    """A text of the wrong form, as it was meant."""
    if path[-1:] in (("name",), ("namespace",)):
        label = re.sub(r"[^a-z0-9-]+", "-", given.lower()).strip("-")[:63]
        return f"write `{label}`" if label and label != given else ""
    if path[-2:-1] == ("hosts",) and (host := _URL.match(given)):
        return f"write the host alone: `{host[1]}`"
    if quantity := _QUANTITY.fullmatch(given):
        number, unit = quantity[1], quantity[2].upper()
        return f"write `{number}{unit}i`, or `{number}{'k' if unit == 'K' else unit}` for powers of ten"
    if duration := _DURATION.fullmatch(given):
        return f"write `{duration[1]}{duration[2].lower().replace('milli', 'ms')}`"
    return ""


_URL = regex(r"(?:[a-z][a-z0-9+.-]*://)?([A-Za-z0-9*][A-Za-z0-9.*-]*)(?::\d+)?(?:/.*)?$")
_QUANTITY = regex(r"(\d+(?:\.\d+)?) *([kKmMgGtT])[bB]?")
_DURATION = regex(r"(\d+(?:\.\d+)?) *(ms|milli|s|m|h)[a-z]*", re.IGNORECASE)


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
    if place[-1:] == ("percentage",) and isinstance(given, (int, float)):
        return f"write `percentage: {{value: {given}}}`"
    if str(place[-1:]).endswith("Probe',)") and isinstance(given, str):
        return f"write `{place[-1]}: {{httpGet: {{path: {given}, port: http}}}}`"
    if place == ("mirror",) and isinstance(given, str):
        return f"write `mirror: {{to: {given}}}`"
    if place in (("mesh",), ("mesh", "sidecar")) and isinstance(given, (bool, str)):
        return f"write `mesh: {{inject: {'build' if given is True else given or 'none'}}}`"
    if place == ("environments",) and isinstance(given, list) and given:
        return (
            f"write a map: `environments: {{{', '.join(f'{name}: {{}}' for name in given if isinstance(name, str))}}}`"
        )
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
