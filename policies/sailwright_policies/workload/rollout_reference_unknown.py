"""A Rollout or Canary that names a route, subset or object which is not there stays where it is: no step of it ever runs.

Argo Rollouts looks each route up in the VirtualService, each subset in the DestinationRule and each Service by its name, and
marks the Rollout InvalidSpec if one is missing. Whether an object exists is decided where its namespace has one whose name
differs by a slip of the hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from sailwright.diagnostics.finding import Path, Severity
from sailwright.diagnostics.suggestions import did_you_mean, is_slip
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, DestinationRule, VirtualService, gateway_name
from sailwright.mesh.queries.absence import Absent, no_object, not_here
from sailwright.mesh.queries.rollouts import Steered, destination_rule_of, steered
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text, texts

T = TypeVar("T")

ID = "rollout-reference-unknown"
KIND = objects(kinds.ROLLOUT, kinds.CANARY)
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

_ARGO = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop}
spec:
  strategy:
    canary:
      stableService: cart-stable
      canaryService: cart-canery  # finding
      trafficRouting:
        istio:
          virtualService:
            name: cart
            routes: [prime]  # finding
          destinationRule:
            name: cart
            stableSubsetName: stable
            canarySubsetName: kanary  # finding
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
    - name: primary
      route:
        - {destination: {host: cart, subset: stable}, weight: 100}
        - {destination: {host: cart, subset: canary}, weight: 0}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  subsets: [{name: stable, labels: {app: cart}}, {name: canary, labels: {app: cart}}]
---
apiVersion: v1
kind: Service
metadata: {name: cart-stable, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart-canary, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
"""
_FLAGGER = """
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: cart, namespace: shop}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
  autoscalerRef:
    kind: HorizontalPodAutoscaler
    name: carrt  # finding
  service:
    port: 80
    gateways:
      - mesh
      - istio-ingress/pubilc  # finding
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-ingress}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: cart, namespace: shop}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}, minReplicas: 2, maxReplicas: 4}
"""
BAD = (_ARGO, _FLAGGER)
GOOD = (
    _FLAGGER.replace("carrt  # finding", "cart").replace("pubilc  # finding", "public"),
    _FLAGGER.replace("carrt  # finding", "other-scaler").replace("istio-ingress/pubilc  # finding", "edge/elsewhere"),
    _ARGO.replace("canery", "canary")
    .replace("[prime]", "[primary]")
    .replace("kanary", "canary")
    .replace("  # finding", ""),
    """
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: cart, namespace: shop}
spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}, service: {port: 80}}
""",
)

_SERVICES = (
    *(("spec", "strategy", "canary", key) for key in ("canaryService", "stableService")),
    *(("spec", "strategy", "blueGreen", key) for key in ("activeService", "previewService")),
)


def check(rollout: Manifest, mesh: World) -> Iterator[Problem]:
    """The names in the canary and blue-green strategies of a Rollout, and the target of either kind."""
    index, namespace = mesh.index, mesh.index.namespace_of(rollout)
    for path in _SERVICES:
        yield from _slip(rollout, path, "Service", index.derived(_services).get(namespace, ()))
    for key in ("workloadRef", "targetRef"):
        kind = text(get(rollout.spec, key, "kind"))
        alike = (pod.name for pod in index.selected({}, namespace) if pod.kind == kind)
        yield from _slip(rollout, ("spec", key, "name"), kind, alike)
    scaler = text(get(rollout.spec, "autoscalerRef", "kind"))
    alike = (found.name for found in index.of(*_SCALERS.get(scaler, ())) if index.namespace_of(found) == namespace)
    yield from _slip(rollout, ("spec", "autoscalerRef", "name"), scaler, alike)
    yield from _gateways(rollout, index)
    for reference in steered(rollout, index):
        yield from _routes(rollout, reference, index)
    yield from _subsets(rollout, index)


_SCALERS = {"HorizontalPodAutoscaler": (kinds.HORIZONTAL_POD_AUTOSCALER,), "ScaledObject": (kinds.SCALED_OBJECT,)}


def _gateways(canary: Manifest, index: Index) -> Iterator[Problem]:
    """The Gateways of a Canary's Service, which Flagger writes into the VirtualService it makes."""
    path: Path = ("spec", "service", "gateways")
    for position, written in enumerate(texts(get(canary.spec, "service", "gateways"))):
        full = gateway_name(written, index.namespace_of(canary))
        if written == MESH or full in index.gateways:
            continue
        place, _, name = full.partition("/")
        here = (known.partition("/")[2] for known in index.gateways if known.partition("/")[0] == place)
        near = sorted(each for each in here if is_slip(each, name))
        if near:
            message = f"there is no Gateway {name} in namespace {place}"
            remedy = f"did you mean `{near[0]}`?"
            yield Problem(canary, (*path, position), message, remedy, absent=Absent((), name))


def _routes(rollout: Manifest, reference: Steered, index: Index) -> Iterator[Problem]:
    here = index.derived(_virtual_services).get(reference.namespace, {})
    found = here.get(reference.name)
    if found is None:
        yield from _slip(rollout, (*reference.path, "name"), "VirtualService", here, reference.name)
        return
    for kind in ("tls", "tcp"):
        if get(rollout.value, *map(str, reference.path), f"{kind}Routes") and not list(found.rules(kind)):
            yield _missing(rollout, (*reference.path, f"{kind}Routes"), f"{kind} route", found, ())
    names = [text(rule.get("name")) for _, rule in found.rules("http")]
    for position, route in enumerate(reference.routes):
        if route not in names:
            yield _missing(rollout, (*reference.path, "routes", position), f"http route {route}", found, names)
    if not reference.routes and not reference.has_routes_of_tls and len(names) > 1:
        yield Problem(
            rollout,
            (*reference.path, "name"),
            f"VirtualService {reference.name} has {len(names)} http routes, and none is named here",
            "name those to steer under `routes`",
        )


def _missing(rollout: Manifest, path: Path, what: str, owner: VirtualService, names: Iterable[str]) -> Problem:
    return Problem(
        rollout,
        path,
        f"VirtualService {owner.manifest.name} has no {what}: the Rollout becomes InvalidSpec",
        did_you_mean(what.rpartition(" ")[2], filter(None, names), "name one of its routes (`name:`)"),
        related=((owner.manifest, ("metadata", "name"), "the VirtualService"),),
        absent=no_object(kinds.VIRTUAL_SERVICE, owner.manifest.namespace, owner.manifest.name),
    )


def _subsets(rollout: Manifest, index: Index) -> Iterator[Problem]:
    path, block = destination_rule_of(rollout)
    name, dot, place = text(block.get("name")).partition(".")
    namespace = place if dot else index.namespace_of(rollout)
    here = index.derived(_destination_rules).get(namespace, {})
    found = here.get(name)
    if found is None:
        yield from _slip(rollout, (*path, "name"), "DestinationRule", here, name)
        return
    subsets = [subset.name for subset in found.subsets]
    for key in ("canarySubsetName", "stableSubsetName"):
        written = text(block.get(key))
        if written and written not in subsets:
            yield Problem(
                rollout,
                (*path, key),
                f"DestinationRule {name} has no subset {written}: the Rollout becomes InvalidSpec",
                did_you_mean(written, subsets, "name one of its subsets, or add it there"),
                related=((found.manifest, ("metadata", "name"), "the DestinationRule"),),
            )


def _slip(rollout: Manifest, path: Path, kind: str, known: Iterable[str], name: str = "") -> Iterator[Problem]:
    """A name that no object of the namespace has, and one differs from by a slip of the hand."""
    written, names = name or text(get(rollout.value, *map(str, path))), set(known)
    if written and written not in names:
        near = [each for each in sorted(names) if is_slip(each, written)]
        message, remedy = f"there is no {kind} {written} in its namespace", f"did you mean `{near[0]}`?" if near else ""
        yield Problem(rollout, path, message, remedy, absent=Absent((), written) if near else not_here())


def _services(index: Index) -> Mapping[str, Iterable[str]]:
    """The names of the Services of each namespace."""
    return _by_namespace((service.namespace, service.name, service.name) for service in index.services)


def _virtual_services(index: Index) -> Mapping[str, dict[str, VirtualService]]:
    return _by_namespace((found.namespace, found.manifest.name, found) for found in index.virtual_services)


def _destination_rules(index: Index) -> Mapping[str, dict[str, DestinationRule]]:
    return _by_namespace((found.namespace, found.manifest.name, found) for found in index.destination_rules)


def _by_namespace(named: Iterable[tuple[str, str, T]]) -> dict[str, dict[str, T]]:
    found: dict[str, dict[str, T]] = {}
    for namespace, name, value in named:
        found.setdefault(namespace, {})[name] = value
    return found
