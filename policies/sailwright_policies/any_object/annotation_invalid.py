"""An annotation with a value that the injector refuses keeps the pod from being created.

The webhook answers the API server with an error, and the ReplicaSet retries for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import ANNOTATED
from sailwright.lint.rule import Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.queries.annotations import ANY, Annotated, Annotation, registry
from sailwright.mesh.world import World

ID = "annotation-invalid"
KIND = ANNOTATED
SEVERITY: Severity = "warning"
ALIASES = ("IST0125",)
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart}
      annotations:
        traffic.sidecar.istio.io/excludeOutboundPorts: http  # finding
"""
GOOD = BAD.replace("http  # finding", '"3306,5432"')


def check(place: Annotated, mesh: World) -> Iterator[Problem]:
    """The values of annotations that stand where they belong."""
    known = registry(mesh.facts.istio_version)
    own = {name: value for name, value in place.annotations.items() if _belongs(known.get(name), place.kind)}
    for name, fault in _faults(mesh.facts, own) if own else ():
        message = f"the value of `{name}` is refused: {fault}"
        yield Problem(place.manifest, (*place.path, name), message, "correct it")


def _belongs(annotation: Annotation | None, kind: str) -> bool:
    return annotation is not None and kind in annotation.kinds and ANY not in annotation.kinds


def _faults(facts: Facts, own: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The annotations whose values the injector refuses, and why. The analyzers know fewer checks than we do."""
    from sailwright.mesh.values.releases import parse_release
    from sailwright.render.injection import annotations, names, release_differences

    traits = release_differences.differences(parse_release(facts.istio_version))
    checked = annotations.checked_by_istio(traits)
    for name, fault in annotations.faults(own, traits):
        if not facts.compat or name in checked:
            yield name, fault
    if names.PROXY_CONFIG in own and (fault := _config_fault(own[names.PROXY_CONFIG])):
        yield names.PROXY_CONFIG, fault


def _config_fault(text: str) -> str:
    from sailwright.render.injection.proxy_config import annotation_fault

    try:
        return annotation_fault(text)
    except ValueError as error:
        return str(error)
