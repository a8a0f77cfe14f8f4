"""Traffic policies: which block governs which port; mTLS modes; declared calls."""

from __future__ import annotations

import pytest

from sailwright.mesh.facts import Facts
from sailwright.mesh.index import Index
from sailwright.mesh.queries.callers import declared_calls
from sailwright.mesh.queries.peer_authentication import Mtls
from sailwright.mesh.queries.route_ports import readings
from sailwright.mesh.queries.traffic_policies import settings_of, tcp_only, unbalanced
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse


def index(text: str) -> Index:
    """The index of a text."""
    return World(manifests(parse("example.yaml", text.encode())), Facts()).index


MIXED = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 80}, {name: tcp, port: 9000}, {name: udp, port: 53, protocol: UDP}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: orders, namespace: shop}
spec:
  host: orders
  trafficPolicy:
    connectionPool: {tcp: {maxConnections: 1}}
    portLevelSettings: [{port: {number: 9000}, connectionPool: {tcp: {maxConnections: 2}}}]
  subsets:
    - name: v1
      trafficPolicy: {connectionPool: {tcp: {maxConnections: 3}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: wide, namespace: shop}
spec: {host: "*.shop.svc.cluster.local", trafficPolicy: {connectionPool: {tcp: {maxConnections: 4}}}}
"""


def test_a_port_level_block_takes_its_port_from_the_top() -> None:
    """Subsets govern all ports; a wildcard governs what nobody can list."""
    mixed = index(MIXED)
    found = [each for rule in mixed.destination_rules for each in settings_of(rule, mixed, "connectionPool", "tcp")]
    assert [(each.value["maxConnections"], [one.port.number for one in each.ports]) for each in found] == [
        (1, [80, 53]),
        (2, [9000]),
        (3, [80, 9000, 53]),
        (4, []),
    ]


@pytest.mark.parametrize(
    ("kind", "spec", "reason"),
    [
        ("Service", "{clusterIP: None, ports: [{name: tcp, port: 1}]}", "the Service is headless (clusterIP: None)"),
        ("Service", "{ports: [{name: tcp, port: 1}]}", ""),
        ("ServiceEntry", "{hosts: [a.example], ports: [{number: 1, name: t, protocol: TCP}]}", "the ServiceEntry has resolution NONE"),
        ("ServiceEntry", "{hosts: [a.example], resolution: DNS, ports: [{number: 1, name: t, protocol: TCP}]}", ""),
    ],
)  # fmt: skip
def test_what_is_not_balanced_says_why(kind: str, spec: str, reason: str) -> None:
    """Without a port nothing is known."""
    group = "networking.istio.io/v1" if kind == "ServiceEntry" else "v1"
    host = "a.example" if kind == "ServiceEntry" else "a"
    text = f"""
apiVersion: {group}
kind: {kind}
metadata: {{name: a, namespace: shop}}
spec: {spec}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: a, namespace: shop}}
spec: {{host: {host}, trafficPolicy: {{loadBalancer: {{simple: RANDOM}}}}}}
"""
    world = index(text)
    (found,) = settings_of(world.destination_rules[0], world, "loadBalancer")
    assert unbalanced(found.ports) == reason


def test_workloads_are_tcp_only_where_every_service_port_is() -> None:
    """UDP does not count, a single HTTP port does, and without a Service nothing is known."""
    text = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{name: mysql, port: 3306}, {name: gossip, port: 7946, protocol: UDP}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}}}
"""
    behind = index(text).services_behind({"app": "db"}, "shop")
    assert tcp_only(behind).startswith("port 3306 of db.shop.svc.cluster.local is MySQL")
    mixed = index(text.replace("name: gossip, port: 7946, protocol: UDP", "name: http-admin, port: 8080"))
    assert tcp_only(mixed.services_behind({"app": "db"}, "shop")) == ""
    assert index(text).services_behind({"app": "other"}, "shop") == ()
    assert tcp_only(()) == ""


def test_services_are_found_behind_a_selector_with_and_without_pods() -> None:
    """By their own selector, or by a selected workload that they lead to."""
    text = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db, tier: data}, ports: [{name: mysql, port: 3306}]}
---
apiVersion: v1
kind: Service
metadata: {name: all, namespace: shop}
spec: {selector: {team: books}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db, team: books}}}}
"""
    names = [service.name for service in index(text).services_behind({"app": "db"}, "shop")]
    assert names == ["db", "all"]
    assert index(text).services_behind({"app": "db"}, "books") == ()


PEERS = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: mesh, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: PERMISSIVE}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: db, namespace: shop}
spec: {selector: {matchLabels: {app: db}}, mtls: {mode: UNSET}, portLevelMtls: {3306: {mode: DISABLE}, "3307": {mode: STRICT}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other, namespace: books}
spec: {template: {metadata: {labels: {app: db}}}}
"""


def test_mtls_is_asked_of_workload_then_namespace_then_mesh() -> None:
    """UNSET inherits; port numbers may be written as text."""
    found = index(PEERS)
    database, other = found.workloads
    mtls = Mtls(found)
    modes = [mtls.declared(database, port) for port in (3306, 3307, 80, None)]
    assert [mode and mode.mode for mode in modes] == ["DISABLE", "STRICT", "PERMISSIVE", "PERMISSIVE"]
    elsewhere = mtls.declared(other)
    assert elsewhere is not None
    assert elsewhere.mode == "STRICT"
    alone = index(PEERS.split("---")[3])
    assert Mtls(alone).declared(alone.workloads[0]) is None


def test_declared_calls_are_those_listed_host_by_host() -> None:
    """Wildcards and hosts outside the repository declare nothing."""
    text = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: front, namespace: shop}
spec:
  workloadSelector: {labels: {app: front}}
  egress: [{hosts: ["./ratings", "books/reviews.books.svc.cluster.local", "istio-system/*", "*/api.example.com"]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop}
spec: {template: {metadata: {labels: {app: front}}}}
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: books}
spec: {ports: [{name: http, port: 80}]}
"""
    assert [(call.client.name, call.service.name) for call in declared_calls(index(text))] == [
        ("front", "ratings"),
        ("front", "reviews"),
    ]


def test_a_virtual_service_with_an_unknown_host_is_undecided() -> None:
    """None says that nothing can be said; an empty answer that nothing reads it."""
    text = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec: {hosts: [orders, elsewhere.example], http: [{route: [{destination: {host: orders}}]}]}
---"""
    found = index(text + MIXED)
    assert readings(found, found.virtual_services[0]) is None
    found = index(text.replace(", elsewhere.example", "") + MIXED)
    places = readings(found, found.virtual_services[0])
    assert places is not None
    assert [(place.port, sorted(place.blocks)) for place in places] == [(80, ["http"]), (9000, ["tcp"]), (53, [])]
