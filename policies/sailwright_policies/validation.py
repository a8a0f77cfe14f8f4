"""What the rules of the families `webhook` and `schema` ask: the judgement of validation, as problems of a world."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.validate.schemas.istio import GROUPS, line

if TYPE_CHECKING:
    from sailwright.diagnostics.problem import Problem as Found
    from sailwright.validate.schemas.catalogue import Unknown

    Reading = tuple[dict[str, Any], tuple[Found, ...]] | None
    """The spec of an object as Istio reads it, and what it cannot read; None where it is no kind of Istio's."""

_KEPT = 1 << 16


@lru_cache(maxsize=_KEPT)
def _reading(manifest: Manifest, release: str) -> Reading:
    """Several rules ask how Istio reads an object."""
    from sailwright.validate import webhook

    return webhook.message_of(manifest.value, release)


@lru_cache(maxsize=_KEPT)
def refusals(manifest: Manifest, release: str, *, compat: bool) -> tuple[Found, ...]:
    """What Istio's webhook finds in an object that istiod can read; with `compat`, what `istioctl analyze` reports of it."""
    reading = _reading(manifest, release)
    if reading is None:
        return ()
    if compat:
        from sailwright.validate.istioctl_compat import analyzed

        return analyzed(manifest.value, *reading, release)
    from sailwright.validate import webhook

    spec, unreadable = reading
    return () if unreadable else webhook.distinct(webhook.subject_of(manifest.value, spec, release))


def unreadable_fields(world: World) -> Iterator[tuple[Manifest, Found]]:
    """The fields of Istio's objects that istiod cannot read."""
    for manifest in _istio(world):
        for each in (_reading(manifest, world.facts.istio_version) or ({}, ()))[1]:
            yield manifest, each


def schema_rules(world: World) -> Iterator[Problem]:
    """The validation rules (CEL) of Istio's definitions, where the webhook has not said the same already."""
    from sailwright.validate.cel.rules import broken
    from sailwright.validate.schemas.catalogue import istio_rules

    release = world.facts.istio_version
    for manifest in _istio(world):
        reading = _reading(manifest, release)
        if reading is None or reading[1]:
            continue
        refused = {each.path for each in refusals(manifest, release, compat=False) if each.severity == "error"}
        for each in broken(istio_rules(manifest.kind, line(release)), manifest.value):
            if each.path not in refused:
                yield Problem(manifest, each.path, each.wanted[0])


def _istio(world: World) -> Iterator[Manifest]:
    for kind, group in GROUPS.items():
        yield from world.index.of(f"{kind}.{group}")


def unknown_kinds(world: World) -> Iterator[tuple[Manifest, Unknown]]:
    """The objects of kinds without a schema. A kind that only some of the cluster's Kubernetes versions lack counts."""
    from sailwright.validate.schemas.catalogue import Catalogue, Unknown
    from sailwright.validate.schemas.imported import defined
    from sailwright.validate.schemas.kubernetes import NEWEST, nearest_version

    wanted = dict.fromkeys(map(nearest_version, world.facts.kubernetes_versions or (NEWEST,)))
    imported = tuple(defined(world.manifests))
    catalogues = [Catalogue(text, world.facts.istio_version, imported) for text in wanted]
    for manifest in world.manifests:
        found = (catalogue.find(manifest.api_version, manifest.kind) for catalogue in catalogues if manifest.kind)
        unknown = next((each for each in found if isinstance(each, Unknown)), None)
        if unknown is not None and manifest.api_version:
            yield manifest, unknown
