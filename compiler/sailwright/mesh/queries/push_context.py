"""The one model of who sees what: istiod's push context, asked by `route` and by rules alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller, Scope, gateway_scope, scope_of
from sailwright.mesh.world import World
from sailwright.runtime.records import replace
from sailwright.source.manifest import Manifest

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.pilot.gateway_api.conditions import RouteStatus


def push_context_of(index: Index) -> PushContext:
    """What istiod makes of the objects of an index, under the MeshConfig that holds: `index.derived(push_context_of)`."""
    return PushContext(World(tuple(index.manifests), replace(index.facts, mesh_config=index.mesh.config)))


def gateway_api_statuses(index: Index) -> Mapping[Manifest, RouteStatus]:
    """What istiod writes into the status of each route of the Gateway API: `index.derived(gateway_api_statuses)`."""
    return {status.route: status for status in index.derived(push_context_of).gateway_routes.statuses()}


class Scopes:
    """What each caller sees of a mesh, worked out when it is first asked about: `index.derived(Scopes)`."""

    def __init__(self, index: Index) -> None:
        self._push_context = index.derived(push_context_of)
        self._known: dict[Caller, Scope] = {}

    def of(self, caller: Caller) -> Scope:
        """The mesh as one caller sees it."""
        if caller not in self._known:
            build = gateway_scope if caller.gateway else scope_of
            self._known[caller] = build(self._push_context, caller)
        return self._known[caller]
