"""Two VirtualServices for one host at one gateway are merged, oldest first: with overlapping routes it is chance which one wins.

A gateway appends the routes of all of them, the oldest VirtualService's first, and the files do not contain the age. It is a fine
way to give each team its own paths, as long as no request meets rules of two; rules that match everything go last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import MESH, VirtualService, gateway_name
from sailwright.mesh.objects.selectors import selector_text
from sailwright.mesh.pilot.delegates import surely_share_requests
from sailwright.mesh.values.hosts import overlap
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import entries, mapping, text, texts

ID = "gateway-host-shared"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1106",)

_EVERYTHING = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{route: [{destination: {host: front}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front-new, namespace: shop}
spec:
  hosts:
    - shop.example.com  # finding
  gateways: [ingress/public]
  http: [{route: [{destination: {host: front-new}}]}]
"""

_BELOW = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{match: [{uri: {prefix: /api}}], route: [{destination: {host: api}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts:
    - shop.example.com  # finding
  gateways: [ingress/public]
  http: [{match: [{uri: {prefix: /api/orders}}], route: [{destination: {host: orders}}]}]
"""
_TWO_GATEWAYS = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: ingress}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: shop}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{route: [{destination: {host: front}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front-new, namespace: shop}
spec:
  hosts:
    - shop.example.com  # finding
  gateways: [shop]
  http: [{route: [{destination: {host: front-new}}]}]
"""
BAD = (_EVERYTHING, _BELOW, _TWO_GATEWAYS)

_APART = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{route: [{destination: {host: front}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{match: [{uri: {prefix: /cart}}], route: [{destination: {host: cart}}]}]
"""
GOOD = (
    _APART,
    _TWO_GATEWAYS.replace("{istio: ingress}", "{istio: private}", 1).replace("  # finding", ""),
    _TWO_GATEWAYS.replace('["*"]', '["books.example.com"]', 1).replace("  # finding", ""),
)


def _hosts(virtual_service: VirtualService, _: World) -> Iterator[Hashable]:
    if any(name != MESH for name in virtual_service.gateways):
        yield from virtual_service.hosts


KIND = VIRTUAL_SERVICE.grouped_by(_hosts)


def check(sharing: tuple[VirtualService, ...], mesh: World) -> Iterator[Problem]:
    """The VirtualServices of each host: those of one gateway of which a request meets matches of both, in either order.

    The plain HTTP servers that several Gateways have at one port of the same pods are one, and their routes too.
    """
    if len(sharing) < 2:
        return
    host = next(host for host in sharing[0].hosts if all(host in each.hosts for each in sharing))
    for claim, other in _clashes(sharing, host, mesh.index):
        mine, theirs = claim.virtual_service, other.virtual_service
        yield Problem(
            mine.manifest,
            ("spec", "hosts", mine.hosts.index(host)),
            f"VirtualService {theirs.namespace}/{theirs.manifest.name} takes requests for {host} at the same gateway that "
            f"this one takes too ({claim.words}): the older of the two wins",
            "merge the two, or let them match on different paths",
            related=(
                (theirs.manifest, other.path, "the other's match"),
                (mine.manifest, claim.path, "this one's match"),
            ),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """One match entry at one gateway; a rule without any has an empty one. `uri` is its exact path or prefix, `order` its VirtualService's."""

    virtual_service: VirtualService
    order: int
    gateway: str
    path: Path
    match: Mapping[str, Any]
    uri: str

    @property
    def owner(self) -> tuple[str, str]:
        """The namespace and the name of its VirtualService."""
        return self.virtual_service.namespace, self.virtual_service.manifest.name

    @property
    def takes_all(self) -> bool:
        """Whether it takes every request: such rules go last, whoever has them."""
        return (
            not set(self.match) - {"name", "uri", "gateways", "port"}
            and self.uri in ("", "/")
            and not _exact(self.match)
        )

    @property
    def words(self) -> str:
        """What it takes, for messages."""
        return (
            "everything" if self.takes_all else (f"`{self.uri}`" if self.uri else "by other conditions than the path")
        )


def _clashes(sharing: tuple[VirtualService, ...], host: str, index: Index) -> Iterator[tuple[Claim, Claim]]:
    """The pairs of claims of different VirtualServices that a request may meet both, the later one first: for each of these the first pair.

    Sorted by their paths, those below a prefix lie together, so that a thousand teams on one host are compared quickly.
    """
    by_gateway: dict[str, list[Claim]] = {}
    for order, virtual_service in enumerate(sharing):
        for claim in _claims(virtual_service, order):
            for listener in dict.fromkeys(_listeners(index, claim.gateway, host)):
                by_gateway.setdefault(listener, []).append(claim)
    told: set[tuple[str, str]] = set()
    for claims in by_gateway.values():
        ordered = sorted(claims, key=lambda claim: claim.uri)
        paths = [claim.uri for claim in ordered]
        for number, claim in enumerate(ordered):
            end = bisect_right(paths, claim.uri + "\U0010ffff")
            for other in ordered[number + 1 : end]:
                later, earlier = (claim, other) if claim.order > other.order else (other, claim)
                if later.order != earlier.order and later.owner not in told and _meet(later, earlier):
                    told.add(later.owner)
                    yield later, earlier


def _listeners(index: Index, full_name: str, host: str) -> Iterator[str]:
    """Where a Gateway's routes for a host meet others: at the port and pods of its plain HTTP servers, else at itself alone.

    Demos that are never applied together have a Gateway of their own for every host: that of another is not compared with it.
    """
    gateway = index.gateways.get(full_name)
    if gateway is None or host == "*":
        yield full_name
        return
    for server in gateway.servers:
        if any(overlap(written.rpartition("/")[2], host) for written in server.hosts):
            plain = server.protocol.upper() in _PLAIN
            yield f"{server.port} {server.bind} {selector_text(gateway.selector)}" if plain else full_name


_PLAIN = ("HTTP", "HTTP2", "GRPC", "HTTP_PROXY")


def _claims(virtual_service: VirtualService, order: int) -> Iterator[Claim]:
    for name in virtual_service.gateways:
        gateway = gateway_name(name, virtual_service.namespace)
        if name == MESH or not virtual_service.exports.visible_in(gateway.partition("/")[0]):
            continue
        for path, rule in virtual_service.rules("http"):
            for place, match in list(entries(rule.get("match"), (*path, "match"))) or [(path, {})]:
                named = [gateway_name(each, virtual_service.namespace) for each in texts(match.get("gateways"))]
                uri = mapping(match.get("uri"))
                if (not named or gateway in named) and not uri.get("regex"):
                    yield Claim(
                        virtual_service, order, gateway, place, match, text(uri.get("exact") or uri.get("prefix"))
                    )


def _meet(one: Claim, other: Claim) -> bool:
    """Whether some request surely meets both, and the order of the two decides. The same name twice is one object."""
    if one.owner == other.owner:
        return False
    return one.takes_all == other.takes_all and surely_share_requests(one.match, other.match)


def _exact(match: Mapping[str, Any]) -> bool:
    return bool(mapping(match.get("uri")).get("exact"))
