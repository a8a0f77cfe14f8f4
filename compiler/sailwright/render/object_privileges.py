"""The privileges of one rendered object, and those that a patch may not add to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sailwright.render.mesh_privileges import of_mesh, of_the_mesh
from sailwright.render.pod_privileges import choices_of_pods, of_pods
from sailwright.render.privileges import Found, Privilege, Surroundings
from sailwright.render.route_privileges import of_service


def privileges(value: Mapping[str, Any], around: Surroundings) -> Iterator[Found]:
    """The privileges of a rendered object: those of every pod spec inside it, and what it opens to others."""
    if of_the_mesh(value):
        return of_mesh(value, around)
    return chain(of_service(value), of_pods(value, around))


def beyond_patches(value: Mapping[str, Any], around: Surroundings) -> frozenset[Privilege]:
    """What a patch may not grant: all those privileges, and what only the service's own words may choose.

    Those are capabilities that `baseline` takes, the account that the pods run as, and the sidecar's image.
    """
    found = {privilege for privilege, _ in privileges(value, around)}
    if not of_the_mesh(value):
        found |= {privilege for privilege, _ in choices_of_pods(value)}
    return frozenset(found)
