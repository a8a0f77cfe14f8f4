"""An annotation with a value that the injector refuses keeps the pod from being created.

The webhook answers the API server with an error, and the ReplicaSet retries for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.finding import Severity
from sailwright.injection import names
from sailwright.injection.annotations import faults
from sailwright.injection.behaviour import behaviour
from sailwright.injection.proxy_config import DEFAULTS
from sailwright.injection.proxy_config import annotated as config_with
from sailwright.mesh.annotations import ANY, annotated, registry
from sailwright.mesh.proxy_settings import proxy_config_fault
from sailwright.mesh.world import World
from sailwright.releases import parse_release
from sailwright.rule import Problem

ID = "annotation-invalid"
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
_CHECKED = frozenset(
    (
        names.INTERCEPTION,
        names.STATUS_PORT,
        names.READINESS_DELAY,
        names.READINESS_PERIOD,
        names.READINESS_FAILURES,
        names.INCLUDE_OUTBOUND_RANGES,
        names.EXCLUDE_OUTBOUND_RANGES,
        names.INCLUDE_INBOUND_PORTS,
        names.EXCLUDE_INBOUND_PORTS,
        names.EXCLUDE_OUTBOUND_PORTS,
        names.MERGE_METRICS,
    )
)
"""What every release checks (pkg/kube/inject/validate.go); resources and interfaces came later."""
_INTERFACES = (names.REROUTE_INTERFACES, names.KUBEVIRT_INTERFACES, names.EXCLUDE_INTERFACES)


def check(world: World) -> Iterator[Problem]:
    """Judge the values of annotations that stand where they belong."""
    known = registry(world.facts.istio_version)
    traits = behaviour(parse_release(world.facts.istio_version))
    for place in annotated(world.index):
        own = {name: value for name, value in place.annotations.items() if _belongs(known.get(name), place.kind)}
        for name, fault in _faults(own, traits, compat=world.facts.compat):
            path = () if world.facts.compat else (*place.path, name)
            yield Problem(place.manifest, path, f"the value of `{name}` is refused: {fault}", "correct it")


def _belongs(annotation: object, kind: str) -> bool:
    places = getattr(annotation, "kinds", ())
    return kind in places and ANY not in places


def _faults(own: Mapping[str, str], traits: frozenset[str], *, compat: bool) -> Iterator[tuple[str, str]]:
    checked = _CHECKED
    checked |= frozenset(names.RESOURCES) if "quantities-checked" in traits else frozenset()
    checked |= frozenset(_INTERFACES) if "interfaces-checked" in traits else frozenset()
    for name, fault in faults(own, traits) if own else ():
        if not compat or name in checked:
            yield name, fault
    if names.PROXY_CONFIG in own:
        try:
            fault = proxy_config_fault(config_with(DEFAULTS, own[names.PROXY_CONFIG]))
        except ValueError as error:
            fault = str(error)
        if fault:
            yield names.PROXY_CONFIG, fault
