"""The namespaces there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


def known_namespaces(index: Index) -> frozenset[str] | None:
    """All that are declared, in the repository or to exist elsewhere; None where nobody says that these are all."""
    elsewhere = index.facts.known.namespaces
    return None if elsewhere is None else frozenset((*elsewhere, *index.namespaces))
