"""Who is linked to whom, kept beside what a lint found: see `lint.links`."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from typing import Any

from sailwright.commands.lint.units import places_of
from sailwright.lint.link_table import Collected, LinkTable, table_of
from sailwright.lint.links import Links, Places, add_links
from sailwright.lint.new_links import Unanswered, tables, unanswered_of
from sailwright.lint.run import LintRequest
from sailwright.mesh.queries.traits import traits
from sailwright.runtime.digests import blake2b
from sailwright.runtime.store import Pending, Store
from sailwright.workspace.selection import Workspace

_KIND = "links"
_UNANSWERED = "unanswered links"


def keep_links(store: Store, name: str, workspace: Workspace, request: LintRequest) -> dict[str, Any]:
    """Keep who is linked to whom; what to know of it and of the mesh as a whole."""
    compiled, units = workspace.compiled, request.units
    if compiled is None or units is None:
        return {"links": None}
    collected = Collected()
    for world in compiled.worlds:
        collected.add(world.manifests, units.services, places_of(world))
    table, vain = tables(collected)
    return {
        **keep_linked(store, name, table, packed_unanswered(vain)),
        "traits": [traits(world.index).plain() for world in request.worlds],
    }


def keep_linked(store: Store, name: str, table: LinkTable, unanswered: bytes) -> dict[str, Any]:
    """Keep who is linked to whom, and what is asked for in vain, as `packed_unanswered` packs it; what to know them by."""
    known = keep_known_by_digest(store, _UNANSWERED, name, unanswered)
    return {"links": keep_table(store, name, table), "unanswered": known}


def packed_unanswered(vain: Unanswered) -> bytes:
    """What is asked for in vain, as it is kept."""
    return marshal.dumps(vain.plain(), 2)


def keep_table(store: Store, name: str, table: LinkTable, kind: str = _KIND) -> bytes:
    """Keep a table; what to know it by."""
    return keep_known_by_digest(store, kind, name, marshal.dumps(table.plain(), 2))


def unanswered_of_packed(data: bytes) -> Unanswered:
    """What `packed_unanswered` made this of."""
    return unanswered_of(marshal.loads(data))  # noqa: S302  # our own


def table_kept(store: Store, name: str, digest: bytes, kind: str = _KIND) -> LinkTable | None:
    """The table that is known by a digest; None where it is not there."""
    plain = known_by_digest(store, kind, name, digest)
    return table_of(plain) if plain is not None else None


def unanswered_kept(store: Store, name: str, digest: bytes) -> Unanswered | None:
    """What is asked for in vain, as it is known by a digest; None where it is not there."""
    plain = known_by_digest(store, _UNANSWERED, name, digest)
    return unanswered_of(plain) if plain is not None else None


def keep_known_by_digest(store: Store | Pending, kind: str, name: str, data: bytes) -> bytes:
    """Keep data; the digest that it is known by."""
    store.keep(kind, name, data)
    return blake2b(data, digest_size=16).digest()


def known_by_digest(store: Store, kind: str, name: str, digest: bytes) -> Any:
    """What was kept, as plain data; None where what is there is known by another digest."""
    data = store.load(kind, name)
    if data is None or blake2b(data, digest_size=16).digest() != digest:
        return None
    return marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it


def links_of(packed: bytes, places: Sequence[Places]) -> Links:
    """The links of what is rendered of a service, as `pack` packs it. `places` are those of each cluster."""
    links = Links()
    files, _ = marshal.loads(packed)  # noqa: S302  # what `pack` made
    for number, _, _, objects, _ in files:
        for value, _, _ in objects:
            add_links(links, value, places[number])
    return links
