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
    blocks: list[tuple[Any, Path]] = [
        (service.tree[section], (section,)) for section in _SECTIONS if section in service.tree
    ]
    blocks += [(each.traffic_policy, (*each.path, "trafficPolicy")) for each in service.versions if each.traffic_policy]
    if any(map(_may_have_two, [block for block, _ in blocks])):
        for block, path in blocks:
            yield from _within(block, path)


def _may_have_two(block: Any) -> bool:
    """Whether two words of ours are in one map of a block, which may still be of different groups."""
    nodes = [block]
    for node in nodes:  # those below are added on the way
        if node.__class__ is dict:
            if len(node) > 1 and not _WORDS.isdisjoint(node) and len(node.keys() & _WORDS) > 1:
                return True
            nodes += node.values()
        elif node.__class__ is list:
            nodes += node
    return False


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
