"""The part of a project that answers some requests: the services that are linked to their hosts and to those who send them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailwright.commands.linked.worlds import Asked, Linked, linked_worlds
from sailwright.route.request import without_port
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import find_project
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import InvalidProject, load_project

if TYPE_CHECKING:
    from sailwright.route.request import Request
    from sailwright.route.request_input import Asker
    from sailwright.workspace.selection import Selection


def linked_to(selection: Selection, sent: Sequence[tuple[Request, Asker]]) -> Linked:
    """The part of the worlds that decides about requests of workloads, where it is known which that is; of a large project it is found out."""
    root = find_project(selection.project)
    if root is None or not sent or any(asker.gateway or not asker.namespace for _, asker in sent):
        return Linked(known=True)
    loaded = load_project(Recorded(Disk(root)), selection.environments, selection.clusters)
    if isinstance(loaded, InvalidProject):
        return Linked()
    names = {
        (host, asker.namespace or "")
        for request, asker in sent
        for host in (request.target, without_port(request.authority).lower())
    }
    namespaces = frozenset(asker.namespace or "" for _, asker in sent)
    asked = Asked(tuple(sorted(names)), namespaces)
    found = linked_worlds(loaded, asked, selection.cache)
    if found.known:
        return found
    from sailwright.workspace.temporary_store import temporary_store

    with temporary_store(root, cached=selection.cached, loaded=loaded) as temporary:
        if temporary is None:
            return found
        selection = replace(selection, cached=selection.cached or temporary)
        from sailwright.commands.linked.in_portions import keep_links_in_portions

        again = load_project(Recorded(Disk(root)), selection.environments, selection.clusters)
        if isinstance(again, InvalidProject) or not keep_links_in_portions(root, selection):
            return found
        return linked_worlds(again, asked, selection.cache)
