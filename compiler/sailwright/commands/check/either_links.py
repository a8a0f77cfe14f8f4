"""Who is linked to whom in either of two meshes, that of the files on disk and that of the base, kept from one check to the next.

After a change on disk links are added, and none is taken away: what is gone there may be in the base, and more links than there are only
cost time.
"""

from __future__ import annotations

import marshal
from collections.abc import Collection, Container, Mapping
from typing import Final

from sailwright.commands.lint.links import keep_known_by_digest, known_by_digest
from sailwright.lint.link_table import LinkTable, table_of
from sailwright.lint.linked_nodes import Linked
from sailwright.lint.links import Links
from sailwright.lint.new_links import Unanswered, table_with, unanswered_of, unanswered_with
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Pending, Store

KIND: Final = "compared links"
"""Of the entry that has them."""

_MOST: Final = 100
"""Services that are linked to each other, and are compared by themselves."""
_PART: Final = 4
"""Of so many services one: of more, all are compared."""
_AT_FIRST: Final = 1000
_GROWN: Final = 2
"""So many times as many nodes as there are services, beside so many that any project may have: then all is found out anew."""


@dataclass(frozen=True, slots=True)
class EitherLinks:
    """The links of all nodes in either mesh, and what is asked for in vain."""

    table: LinkTable
    vain: Unanswered

    def keep(self, store: Store | Pending, name: str) -> bytes:
        """Keep them; what to know them by."""
        return keep_known_by_digest(store, KIND, name, marshal.dumps((self.table.plain(), self.vain.plain()), 2))

    def linked(self, paths: Collection[str], services: Container[str]) -> tuple[frozenset[str], frozenset[str]] | None:
        """The services to compare again after a change of these, and those that take part in it: all that are linked to them, over however many
        others, or those that are near. None where these are many, or one of them is no service, nor judged as one. A service of which nothing
        is rendered is linked to none.
        """
        numbers, nodes = self.table.numbers(), self.table.nodes
        first = {numbers[path] for path in paths if path in numbers}
        written = {number for number, path in enumerate(nodes) if path not in services}
        found = Linked(self.table.edges).to_judge(first, written, min(_MOST, len(numbers) // _PART + 1))
        if found is None or any(not nodes[number] for number in found[1]):
            return None
        compared, linked = (self.table.services(some).union(paths) for some in found)
        return compared, linked

    def with_more(self, found: Mapping[str, Links], services: int) -> EitherLinks | None:
        """The same with what some services offer and ask for besides; None where very many ask for what is new, or where the table has grown
        to very many more nodes than there are `services`.
        """
        table = table_with(self.table, self.vain, found.items())
        if table is None or len(table.nodes) > _GROWN * services + _AT_FIRST:
            return None
        return EitherLinks(table, unanswered_with(self.vain, table, found.items()))


def links_kept(store: Store, name: str, digest: bytes | None) -> EitherLinks | None:
    """The links that are known by a digest; None where they are not there."""
    plain = known_by_digest(store, KIND, name, digest) if digest is not None else None
    return EitherLinks(table_of(plain[0]), unanswered_of(plain[1])) if plain is not None else None
