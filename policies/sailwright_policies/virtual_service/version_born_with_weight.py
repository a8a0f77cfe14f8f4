"""A version that is new in this change gets traffic at once: it is sent requests before its pods are ready.

The route reaches the sidecars within a second or two; images take longer to pull, and a crashing version takes its share of the
requests down with it. Deploy it with weight 0 first, see it run, and move the weight in a second change. A new rule with conditions of its
own, such as a header that only testers send, may lead to the version from the start: it takes no request away from anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import Block, Destination, VirtualService
from sailwright.mesh.world import World
from sailwright.source.untyped import entries

ID = "version-born-with-weight"
KIND = VIRTUAL_SERVICE
COMPARES = True
SEVERITY: Severity = "warning"
ALIASES = ()
_OF_NO_REQUEST = frozenset(("name", "statPrefix", "ignoreUriCase", "port", "gateways", "sniHosts"))
"""Keys of a match that ask nothing of the single request."""
_ANY_PATH: tuple[Any, ...] = ({"prefix": "/"}, {"regex": ".*"}, None, {}, [])
_SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}}}
"""
_NEW = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v2, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v2}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - route:
        - {destination: {host: reviews, subset: v1}, weight: 90}
        - {destination: {host: reviews, subset: v2}, weight: 10}  # finding
"""
BAD = Example(_SERVICE + _NEW, base=_SERVICE)
_TESTERS = """    - match: [{headers: {x-user-group: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2}}]
"""
GOOD = (
    Example(
        _SERVICE + _NEW.replace("90", "100").replace("10}  # finding", "0}").replace("http:\n", f"http:\n{_TESTERS}"),
        base=_SERVICE,
    ),
    Example(_SERVICE + _NEW.replace("90", "100").replace("10}  # finding", "0}"), base=_SERVICE),
    Example(_SERVICE + _NEW.replace("  # finding", ""), base=_SERVICE + _NEW),
    Example(_SERVICE + _NEW.replace("  # finding", ""), base="{}"),
)


def check(virtual_service: VirtualService, mesh: World) -> Iterator[Problem]:
    """Look at every destination with a share whose pods the base did not have."""
    if mesh.base is None:
        return
    for destination in virtual_service.destinations:
        if not destination.subset or destination.weight == 0 or destination.is_mirror:
            continue
        if _is_new(mesh.index, mesh.base.index, destination) and not _is_trial(
            virtual_service, mesh.base.index, destination
        ):
            share = "all" if destination.weight is None else f"{destination.weight} %"
            message = f"{destination.subset} of {destination.full_host} is new and gets {share} of a route at once"
            remedy = "add it with weight 0, and move the weight once its pods are ready"
            path = destination.path[:-1] if destination.weight is None else (*destination.path[:-1], "weight")
            yield Problem(virtual_service.manifest, path, message, remedy)


def _is_trial(virtual_service: VirtualService, base: Index, destination: Destination) -> bool:
    """Whether the rule of this destination has conditions that no rule for these hosts had at the base."""
    matches = _conditions(virtual_service, destination.block)[destination.rule]
    if not matches or not all(matches):
        return False
    hosts = set(virtual_service.hosts)
    former = (found for found in base.virtual_services if hosts & set(found.hosts))
    known = [match for found in former for rule in _conditions(found, destination.block) for match in rule]
    return not any(match in known for match in matches)


def _conditions(virtual_service: VirtualService, block: Block) -> list[list[Mapping[str, Any]]]:
    """What each rule of a block asks of a request, match by match; a match that takes all requests of its port is empty."""
    return [
        [
            {key: value for key, value in match.items() if key not in _OF_NO_REQUEST and value not in _ANY_PATH}
            for _, match in entries(rule.get("match"), path)
        ]
        for path, rule in virtual_service.rules(block)
    ]


def _is_new(index: Index, base: Index, destination: Destination) -> bool:
    """Whether the service is old and none of its pods at the base carried the labels of this subset."""
    host = destination.full_host
    before, now = base.registry.service(host), index.registry.service(host)
    defined = index.subsets(host).get(destination.subset)
    if before is None or now is None or not defined or not base.backends(before):
        return False
    labels = defined[0][1].labels
    return bool(index.selected({**now.selector, **labels}, now.namespace)) and not base.selected(
        {**before.selector, **labels}, before.namespace
    )
