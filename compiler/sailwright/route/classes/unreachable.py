"""Whether the rules of a VirtualService might get in each other's way: of most a glance tells that they do not.

The simulator that gives the exact answer is loaded only for the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import VirtualService
from sailwright.route.classes.unreached import STRANGE, Unreached
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping

UNUSUAL = ("scheme", "authority", "withoutHeaders", "ignoreUriCase")


def dead_matches(index: Index, virtual_service: VirtualService) -> Sequence[Unreached]:
    """What no request can reach in the rules of a VirtualService; not those that it delegates to."""
    return index.derived(_dead).get(virtual_service.manifest, ())


def _dead(index: Index) -> Mapping[Manifest, Sequence[Unreached]]:
    """For all VirtualServices at once: the simulator reads the mesh once."""
    found = [each.manifest for each in index.virtual_services if _entangled(each.manifest.spec.get("http"))]
    if not found:
        return {}
    from sailwright.route.classes.dead_matches import dead

    by_manifest: dict[Manifest, list[Unreached]] = {}
    for unreached in dead(index, found):
        if unreached.rule.via is None:
            by_manifest.setdefault(unreached.rule.manifest, []).append(unreached)
    return by_manifest


def _entangled(http: object) -> bool:
    """Whether two match entries look at the same thing, or one at something unusual."""
    seen: set[tuple[str, str]] = set()
    for _, rule in entries(http, ()):
        for _, match in entries(rule.get("match"), ()):
            uri = mapping(match.get("uri"))
            looked_at = {("uri", "")} if uri else set()
            looked_at |= {("method", "")} if match.get("method") else set()
            looked_at |= {(key, name) for key in ("headers", "queryParams") for name in mapping(match.get(key))}
            unusual = any(match.get(key) for key in UNUSUAL) or any(STRANGE.search(str(text)) for text in uri.values())
            if unusual or looked_at & seen:
                return True
            seen |= looked_at
    return False
