"""Which schema an object is held to: that of Kubernetes, Istio, the Gateway API, Argo Rollouts or Flagger, or an imported one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache, cached_property, partial
from itertools import count
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.schema_fit import FEW, in_document, surely_fits
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.runtime.records import dataclass, field
from sailwright.validate.schemas import gateway_api, istio, kubernetes, rollouts

if TYPE_CHECKING:
    from sailwright.validate.cel.rules import Ruled
    from sailwright.validate.schemas.crd import CustomResource

_NO_SCHEMA = "give its CustomResourceDefinition under `validate.schemas`, or with `sailwright schema import FILE`"


@dataclass(frozen=True, eq=False)
class Found:
    """A schema. `openapi` is a custom kind's own, with its CEL rules; `given`: the project gave its definition.

    `version` is the Kubernetes minor of one of Kubernetes' own kinds, None of any other.
    """

    api_version: str
    kind: str
    openapi: dict[str, Any] | None = field(default=None, repr=False)
    version: str | None = None
    given: bool = False

    @cached_property
    def strict(self) -> dict[str, Any]:
        """The schema as JSON Schema, closed."""
        if self.version is not None:
            return kubernetes.schema(self.version, self.api_version, self.kind) or {}
        from sailwright.validate.schemas.structural import strict_schema, with_regexes_only

        openapi = self.openapi or {}
        return strict_schema(with_regexes_only(openapi) if self.given else openapi)

    def surely_takes(self, value: Any) -> bool:
        """Whether the schema takes a value, as far as that is certain without `validator`: it is worth asking for a few values."""
        if self.given or next(self._asked) >= FEW:
            return False
        if self.version is None:
            return surely_fits(self.strict, value, in_document(self.strict))
        schema = kubernetes.own_schema(self.version, self.api_version, self.kind)
        return surely_fits(schema, value, partial(kubernetes.referred, self.version))

    @cached_property
    def _asked(self) -> count[int]:
        return count()

    @cached_property
    def fields_of_value(self) -> frozenset[str] | None:
        """The fields of one of Kubernetes' own kinds of which the schema asks more than types and fields, None of any other."""
        from sailwright.validate.schemas.value_fields import fields_of_value

        return None if self.version is None else fields_of_value(self.strict)

    @property
    def is_compiled(self) -> bool:
        """Whether `validator` was asked for: there were more than a few values."""
        return "validator" in self.__dict__

    @cached_property
    def validator(self) -> Any:
        """The compiled schema; of one that nobody can compile, a schema that takes everything."""
        import jsonschema_rs

        from sailwright.validate.schemas.structural import draft_2020

        schema = draft_2020(self.strict) if self.version is None else self.strict
        with suppress(jsonschema_rs.ValidationError):
            return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        with suppress(jsonschema_rs.ValidationError):  # Go's RE2 reads some patterns that this library does not
            return jsonschema_rs.Draft202012Validator(without_patterns(schema), validate_formats=True)
        return jsonschema_rs.Draft202012Validator({})

    def admitted(self, value: Any) -> Any:
        """A value as the API server validates it: of custom kinds without nulls, and with the defaults of the schema."""
        if self.openapi is None:
            return value
        from sailwright.validate.schemas.admission import admitted, has_null

        return admitted(value, self.openapi) if self._has_defaults or has_null(value) else value

    @cached_property
    def _has_defaults(self) -> bool:
        from sailwright.validate.schemas.admission import has_defaults

        return self.openapi is not None and has_defaults(self.openapi)

    @cached_property
    def rules(self) -> Ruled | None:
        """The validation rules of the schema, where they stand."""
        if self.openapi is None:
            return None
        from sailwright.validate.cel.rules import ruled

        return ruled(self.openapi)


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no schema: the API server has no such kind (`refused`), or nobody gave its CustomResourceDefinition."""

    refused: bool
    message: str
    help: str


@dataclass(frozen=True)
class Catalogue:
    """The schemas of one Kubernetes minor version, one Istio release and the imported custom kinds."""

    kubernetes: str
    istio: str
    imported: tuple[CustomResource, ...] = ()

    @cached_property
    def _imported(self) -> Mapping[tuple[str, str], tuple[CustomResource, ...]]:
        """The definitions of each kind, the one that was given last first."""
        found: dict[tuple[str, str], tuple[CustomResource, ...]] = {}
        for each in self.imported:
            kind = (each.api_version, each.kind)
            found[kind] = (each, *(other for other in found.get(kind, ()) if other.packed != each.packed))
        return found

    @cached_property
    def _found(self) -> dict[tuple[str, str], Found | Unknown]:
        return {}

    @cached_property
    def _others(self) -> dict[CustomResource, Found]:
        return {}

    def find(self, api_version: str, kind: str) -> Found | Unknown:
        """The schema of a kind. An imported one replaces what we have of our own."""
        known = self._found.get((api_version, kind))
        if known is None:
            known = self._found[api_version, kind] = self._look_up(api_version, kind)
        return known

    def others(self, found: Found) -> Iterator[Found]:
        """The other schemas that a cluster may have for a kind.

        They are the other definitions of it that were given (a repository may keep the standard and the experimental one), else
        those of the other bundles of the Gateway API.
        """
        given = self._imported.get((found.api_version, found.kind), ())
        for each in given[1:]:
            if each not in self._others:
                self._others[each] = _of_definition(each)
            yield self._others[each]
        if not given and gateway_api.is_gateway_api(found.api_version, found.kind):
            for bundle in gateway_api.bundles(found.kind, found.api_version.rpartition("/")[2])[1:]:
                yield _gateway_api(found.api_version, found.kind, bundle)

    def _look_up(self, api_version: str, kind: str) -> Found | Unknown:
        if given := self._imported.get((api_version, kind)):
            return _of_definition(given[0])
        if kubernetes.is_builtin(api_version):
            return _builtin(self.kubernetes, api_version, kind)
        if istio.is_istio(api_version, kind):
            return self._istio(api_version, kind)
        if gateway_api.is_gateway_api(api_version, kind):
            return _newest_of_gateway_api(api_version, kind)
        if rollouts.versions(api_version, kind):
            return _rollouts(api_version, kind)
        if api_version.rpartition("/")[0] in istio.GROUPS.values():
            return Unknown(True, f"Istio has no kind {kind} in {api_version}", did_you_mean(kind, istio.GROUPS))
        if near := _near_in_gateway_api(api_version, kind):
            return Unknown(True, f"the Gateway API has no kind {kind} in {api_version}", near)
        return _no_schema(api_version, kind)

    def _istio(self, api_version: str, kind: str) -> Found | Unknown:
        served = istio.versions(kind)
        group, _, version = api_version.rpartition("/")
        if version not in served:
            message = f"Istio serves no {kind} in {api_version}"
            return Unknown(True, message, f"use {group}/{served[0]}")
        openapi = istio.openapi_schema(kind, istio.line(self.istio))
        if openapi is None:
            return Unknown(True, f"Istio {self.istio} has no kind {kind}", "it came with a later release")
        return _istio(api_version, kind, istio.line(self.istio))


def _of_definition(resource: CustomResource) -> Found:
    return Found(resource.api_version, resource.kind, resource.openapi, given=True)


@cache
def istio_rules(kind: str, line: tuple[int, int]) -> Ruled | None:
    """The validation rules of a kind of Istio's in a release line."""
    from sailwright.validate.cel.rules import ruled

    return ruled(istio.openapi_schema(kind, line) or {})


@cache
def _istio(api_version: str, kind: str, line: tuple[int, int]) -> Found:
    openapi = istio.openapi_schema(kind, line) or {}
    return Found(api_version, kind, openapi)


def _no_schema(api_version: str, kind: str) -> Unknown:
    return Unknown(False, f"there is no schema for {kind} of {api_version}", _NO_SCHEMA)


def _newest_of_gateway_api(api_version: str, kind: str) -> Found | Unknown:
    """The schema of the newest bundle that serves a kind in a version; a version may come with a bundle newer than those."""
    group, _, version = api_version.rpartition("/")
    if bundles := gateway_api.bundles(kind, version):
        return _gateway_api(api_version, kind, bundles[0])
    if gateway_api.is_newer(kind, version):
        return _no_schema(api_version, kind)
    served = " or ".join(f"{group}/{each}" for each in gateway_api.versions(kind))
    return Unknown(True, f"the Gateway API serves no {kind} in {api_version}", f"use {served}")


@cache
def _rollouts(api_version: str, kind: str) -> Found | Unknown:
    """The schema of a kind of Argo Rollouts or Flagger; of another version of it, which may be a newer one, there is none."""
    openapi = rollouts.openapi_schema(api_version, kind)
    return _no_schema(api_version, kind) if openapi is None else Found(api_version, kind, openapi)


@cache
def _gateway_api(api_version: str, kind: str, bundle: str) -> Found:
    openapi = gateway_api.openapi_schema(kind, api_version.rpartition("/")[2], bundle)
    return Found(api_version, kind, openapi)


def _near_in_gateway_api(api_version: str, kind: str) -> str:
    """The kind of the Gateway API that is surely meant: newer bundles may have kinds whose names are merely alike."""
    from difflib import SequenceMatcher

    group = api_version.rpartition("/")[0]
    named = (each for each, owner in gateway_api.KINDS.items() if owner == group)
    near = [each for each in named if SequenceMatcher(None, each.lower(), kind.lower()).ratio() >= _ALIKE]
    return did_you_mean(kind, near)


_ALIKE = 0.9


@cache
def _builtin(version: str, api_version: str, kind: str) -> Found | Unknown:
    if kubernetes.has(version, api_version, kind):
        return Found(api_version, kind, version=version)
    others = kubernetes.served(version, kind)
    if others:
        group = api_version.rpartition("/")[0]
        same = [each for each in others if each.rpartition("/")[0] == group]
        return Unknown(
            True, f"Kubernetes {version} has no {kind} in {api_version}", f"it has one in {' or '.join(same or others)}"
        )
    near = did_you_mean(kind, kubernetes.kinds(version, api_version))
    message = f"Kubernetes {version} has no kind {kind} in {api_version}"
    return Unknown(True, message, near or "it was removed, or never was")


def without_patterns(schema: Any) -> Any:
    """A schema that holds texts to no regular expression; a field may still be called `pattern`."""
    if isinstance(schema, dict):
        kept = ((key, each) for key, each in schema.items() if key != "pattern" or not isinstance(each, str))
        return {key: without_patterns(each) for key, each in kept}
    return [without_patterns(each) for each in schema] if isinstance(schema, list) else schema
