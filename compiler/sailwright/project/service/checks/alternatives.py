"""Fields of Istio of which at most one may be set (`oneOf` in its CustomResourceDefinitions and its webhook)."""

from collections.abc import Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import listed
from sailwright.project.service.model import Service

ALTERNATIVES = (
    ("exact", "prefix", "regex"),
    ("httpStatus", "grpcStatus"),
    ("simple", "consistentHash"),
    ("httpHeaderName", "httpCookie", "httpQueryParameterName", "useSourceIp"),
    ("ringHash", "maglev", "minimumRingSize"),
    ("port", "derivePort"),
    ("string", "bytes"),
    ("uri", "uriRegexRewrite"),
    ("uri", "prefixRewrite"),
    ("mirror", "mirrors"),
    ("localityLbSetting", "zoneAwareLbSetting"),
)
_WORDS = frozenset(word for group in ALTERNATIVES for word in group)
_SECTIONS = ("trafficPolicy", "routes", "fault", "rewrite", "corsPolicy")


def alternatives(service: Service) -> Iterator[Problem]:
    """Two of them in one block."""
    yield from _both(service.tree, (), ("mirror", "mirrors"))
    for section in _SECTIONS:
        yield from _within(service.tree.get(section), (section,))
    for version in service.versions:
        yield from _within(version.traffic_policy, (*version.path, "trafficPolicy"))


def _within(node: Any, path: Path) -> Iterator[Problem]:
    if isinstance(node, dict):
        if len(node) > 1 and len(node.keys() & _WORDS) > 1:
            for group in ALTERNATIVES:
                yield from _both(node, path, group)
        for key, value in node.items():
            if isinstance(value, (dict, list)):
                yield from _within(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _within(value, (*path, index))


def _both(node: Any, path: Path, group: tuple[str, ...]) -> Iterator[Problem]:
    found = [key for key in group if key in node]
    if len(found) > 1:
        message = f"{listed(found, 'and')} exclude each other"
        yield Problem((*path, found[1]), message, "keep one of them", rule="exclusive-fields", key=True)
