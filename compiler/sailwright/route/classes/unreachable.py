"""Whether the rules of a VirtualService might get in each other's way: of most a glance tells that they do not.

The simulator that gives the exact answer is loaded only for the others.
"""

from __future__ import annotations

from functools import lru_cache

from sailwright.mesh.index import Index
from sailwright.route.classes.unreached import STRANGE, Unreached
from sailwright.source.untyped import entries, mapping

UNUSUAL = ("scheme", "authority", "withoutHeaders", "ignoreUriCase")


@lru_cache(maxsize=8)
def dead_matches(index: Index) -> tuple[Unreached, ...]:
    """What no request can reach in the VirtualServices of a world; asked by several rules, worked out once."""
    found = [each.manifest for each in index.virtual_services if _entangled(each.manifest.spec.get("http"))]
    if not found:
        return ()
    from sailwright.route.classes.dead_matches import dead

    return dead(index, found)


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
