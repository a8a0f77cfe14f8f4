"""Whether the rules of a VirtualService might get in each other's way: of most a glance tells that they do not.

The simulator that gives the exact answer is loaded only for the others.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sailwright.mesh.index import Index
from sailwright.source.untyped import entries, mapping

if TYPE_CHECKING:
    from sailwright.route.classes.unreachable import Unreached

UNUSUAL = ("scheme", "authority", "withoutHeaders", "ignoreUriCase")
STRANGE = re.compile(r"[?#%\\]|/\.|^(?!/)")
"""A path that may not be one as Envoy sees it."""


@lru_cache(maxsize=8)
def dead_matches(index: Index) -> tuple[Unreached, ...]:
    """What no request can reach in the VirtualServices of a world; asked by several rules, worked out once."""
    found = [each.manifest for each in index.virtual_services if _entangled(each.manifest.spec.get("http"))]
    if not found:
        return ()
    from sailwright.route.classes.unreachable import dead

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
