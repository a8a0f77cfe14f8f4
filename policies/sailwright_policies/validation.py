"""What the rules of the families `webhook` and `schema` ask: the judgement of validation, as problems of a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.validate.findings import SCHEMA_RULE, SCHEMA_VIOLATION
from sailwright.validate.schemas import gateway_api
from sailwright.validate.schemas.istio import GROUPS, line

if TYPE_CHECKING:
    from sailwright.diagnostics.problem import Problem as Found
    from sailwright.validate.schemas.catalogue import Catalogue, Unknown

    Reading = tuple[dict[str, Any], tuple[Found, ...]] | None
    """The spec of an object as Istio reads it, and what it cannot read; None where it is no kind of Istio's."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _once_per_object(ask: Callable[Concatenate[Manifest, _P], _T]) -> Callable[Concatenate[Manifest, _P], _T]:
    """Remember what was answered for an object as long as the object is there: several rules ask the same of it."""
    known: WeakKeyDictionary[Manifest, dict[Any, _T]] = WeakKeyDictionary()

    @wraps(ask)
    def answered(manifest: Manifest, /, *rest: _P.args, **named: _P.kwargs) -> _T:
        answers = known.get(manifest)
        if answers is None:
            answers = known[manifest] = {}
        key = (*rest, *named.values())
        if key not in answers:
            answers[key] = ask(manifest, *rest, **named)
        return answers[key]

    return answered


@_once_per_object
def _reading(manifest: Manifest, release: str) -> Reading:
    """Several rules ask how Istio reads an object."""
    from sailwright.validate import webhook

    return webhook.message_of(manifest.value, release)


@_once_per_object
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


ISTIO = objects(*(f"{kind}.{group}" for kind, group in GROUPS.items()))
"""Every object of a kind of Istio's."""

ISTIO_AND_GATEWAY_API = ISTIO | objects(*(f"{kind}.{group}" for kind, group in gateway_api.KINDS.items()))
"""Every object of a kind of Istio's or of the Gateway API's."""


def unreadable_fields(manifest: Manifest, mesh: World) -> tuple[Found, ...]:
    """The fields of an object of Istio's that istiod cannot read; what the schema of one of the Gateway API's refuses."""
    if gateway_api.is_gateway_api(manifest.api_version, manifest.kind):
        return tuple(each for each in _refused(manifest, mesh) if each.rule == SCHEMA_VIOLATION)
    reading = _reading(manifest, mesh.facts.istio_version)
    return reading[1] if reading is not None else ()


def broken_rules(manifest: Manifest, mesh: World) -> Iterator[Problem]:
    """The validation rules (CEL) of Istio's and the Gateway API's definitions that an object breaks, where the webhook has not said
    the same.
    """
    if gateway_api.is_gateway_api(manifest.api_version, manifest.kind):
        broken_here = _once([each for each in _refused(manifest, mesh) if each.rule == SCHEMA_RULE])
        yield from (Problem(manifest, each.path, each.message, each.help, key=each.key) for each in broken_here)
        return
    from sailwright.validate.cel.rules import broken
    from sailwright.validate.schemas.catalogue import istio_rules

    release = mesh.facts.istio_version
    reading = _reading(manifest, release)
    if reading is None or reading[1]:
        return
    found = tuple(broken(istio_rules(manifest.kind, line(release)), manifest.value))
    refused = (
        {each.path for each in refusals(manifest, release, compat=False) if each.severity == "error"} if found else ()
    )
    for each in found:
        if each.path not in refused:
            yield Problem(manifest, each.path, each.wanted[0])


def _once(found: Sequence[Found]) -> Iterator[Found]:
    """Without the rules of a list that say again, with no place, which of its items repeats another: the item's own finding does."""
    from sailwright.validate.cel.rules import REPEATED

    repeated = {each.path[:-2] for each in found if each.message.endswith(REPEATED)}
    for each in found:
        if not ("must be unique" in each.message and each.path in repeated):
            yield each


def _refused(manifest: Manifest, mesh: World) -> tuple[Found, ...]:
    """What an object's schema and its rules refuse; of a kind of the Gateway API, the schemas of all bundles."""
    return _refused_by(manifest, mesh.index.derived(_catalogues)[0])


@_once_per_object
def _refused_by(manifest: Manifest, catalogue: Catalogue) -> tuple[Found, ...]:
    from sailwright.validate import builtin
    from sailwright.validate.judge import Submitted, schema_problems, with_other_schemas
    from sailwright.validate.schemas.catalogue import Unknown

    found = catalogue.find(manifest.api_version, manifest.kind)
    if isinstance(found, Unknown):
        return ()
    given = Submitted(manifest.value, found, found.admitted(manifest.value))
    return with_other_schemas(schema_problems)(given, builtin.errors(found, given.admitted), catalogue)


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
    from sailwright.validate.schemas.kubernetes import NEWEST, nearest_version

    wanted = dict.fromkeys(map(nearest_version, index.facts.kubernetes_versions or (NEWEST,)))
    imported = tuple(defined(index.of(kinds.CUSTOM_RESOURCE_DEFINITION)))
    return tuple(Catalogue(text, index.facts.istio_version, imported) for text in wanted)
