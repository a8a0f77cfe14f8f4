"""What the rules of the families `webhook` and `schema` ask: the judgement of validation, as problems of a world."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.validate.schemas.istio import GROUPS, line

if TYPE_CHECKING:
    from sailwright.validate.schemas.catalogue import Catalogue, Unknown
    from sailwright.validate.webhook_checks.complaint import Complaint
    from sailwright.validate.webhook_checks.proto import Misreading

    Reading = tuple[dict[str, Any], tuple[Misreading, ...]] | None
    """The spec of an object as Istio reads it, and what it cannot read; None where it is no kind of Istio's."""

_KEPT = 1 << 16


def webhook_problems(world: World, kind: str, rule: str) -> Iterator[Problem]:
    """The complaints of Istio's webhook about the objects of a kind that belong to one rule."""
    for manifest in world.index.of(f"{kind}.{GROUPS[kind]}"):
        yield from object_problems(manifest, world.facts, kind, rule)


def object_problems(manifest: Manifest, facts: Facts, kind: str, rule: str) -> Iterator[Problem]:
    """The complaints of Istio's webhook about one object that belong to one rule."""
    from sailwright.validate import webhook

    for complaint in _complaints(manifest, facts.istio_version, compat=facts.compat):
        if webhook.rule_of(kind, complaint) == rule:
            yield Problem(manifest, complaint.path, complaint.message, severity=webhook.severity_of(complaint))


@lru_cache(maxsize=_KEPT)
def _reading(manifest: Manifest, release: str) -> Reading:
    """Several rules ask how Istio reads an object."""
    from sailwright.validate import webhook

    return webhook.message_of(manifest.value, release)


@lru_cache(maxsize=_KEPT)
def _complaints(manifest: Manifest, release: str, *, compat: bool) -> tuple[Complaint, ...]:
    """`istioctl analyze` passes over unknown fields, drops what it cannot read, and says equal things once."""
    from sailwright.validate import webhook

    reading = _reading(manifest, release)
    if reading is None:
        return ()
    spec, misreadings = reading
    if any(not (compat and each.key) for each in misreadings):
        return ()
    subject = webhook.subject_of(manifest.value, spec, metadata=not compat)
    return webhook.distinct(subject, said_only=compat, by_place=not compat)


ISTIO = objects(*(f"{kind}.{group}" for kind, group in GROUPS.items()))
"""Every object of a kind of Istio's."""


def misreadings(manifest: Manifest, mesh: World) -> tuple[Misreading, ...]:
    """The fields of an object of Istio's that istiod cannot read."""
    reading = _reading(manifest, mesh.facts.istio_version)
    return reading[1] if reading is not None else ()


def broken_rules(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """The validation rules (CEL) of Istio's definitions that an object breaks, where the webhook has not said the same."""
    from sailwright.validate.cel.rules import broken
    from sailwright.validate.schemas.catalogue import istio_rules

    release = mesh.facts.istio_version
    reading = _reading(manifest, release)
    if reading is None or reading[1]:
        return
    refused = {each.path for each in _complaints(manifest, release, compat=False) if each.severity == "error"}
    for each in broken(istio_rules(manifest.kind, line(release)), manifest.value):
        if each.path not in refused:
            yield Problem(manifest, each.path, each.message)


def unknown_kind(manifest: Manifest, mesh: World) -> Unknown | None:
    """What is said of a kind without a schema. One that only some of the cluster's Kubernetes versions lack counts."""
    if not manifest.kind or not manifest.api_version:
        return None
    from sailwright.validate.schemas.catalogue import Unknown

    found = (each.find(manifest.api_version, manifest.kind) for each in mesh.index.derived(_catalogues))
    return next((each for each in found if isinstance(each, Unknown)), None)


def _catalogues(index: Index) -> tuple[Catalogue, ...]:
    """One for each Kubernetes version of the cluster, with the kinds that its objects define."""
    from sailwright.validate.schemas.catalogue import Catalogue
    from sailwright.validate.schemas.imported import defined
    from sailwright.validate.schemas.kubernetes import known_version, versions

    wanted = index.facts.kubernetes_versions or versions()[-1:]
    imported = tuple(defined(index.of(kinds.CUSTOM_RESOURCE_DEFINITION)))
    return tuple(Catalogue(known_version(text), index.facts.istio_version, imported) for text in wanted)
