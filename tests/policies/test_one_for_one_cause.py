"""One finding for one cause: what follows from the same fault of an object is said once."""

from __future__ import annotations

from tests.policies.conftest import Ask

from sailwright.mesh.facts import Facts

ENTRY = """\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: %s, namespace: shop}
spec:
  hosts: [api.example.com]
  resolution: DNS
  ports: [{number: 443, name: tls, protocol: TLS}, {number: 80, name: http, protocol: HTTP}]
---
"""
FILTER = """\
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: lua, namespace: shop}
spec:
  configPatches:
    - {applyTo: HTTP_FILTER, patch: {operation: INSERT_BEFORE, value: {name: a}}}
    - {applyTo: HTTP_FILTER, patch: {operation: INSERT_AFTER, value: {name: b}}}
    - {applyTo: HTTP_FILTER, patch: {operation: INSERT_BEFORE, value: {name: c}}}
"""


def test_two_entries_that_share_ports_share_them_in_one_finding(ask: Ask) -> None:
    (problem,) = ask("service-entry-host-shared", ENTRY % "one" + ENTRY % "two")
    assert problem.message == "ServiceEntry one of namespace shop has api.example.com:443 and 1 more too"
    assert len(ask("service-entry-host-shared", ENTRY % "one" + ENTRY % "two" + ENTRY % "three")) == 2


def test_a_port_that_two_entries_have_is_listed_once(ask: Ask) -> None:
    """A message that lists a port as often as somebody defines it is hard to read."""
    route = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.example.com]
  http: [{route: [{destination: {host: api.example.com, port: {number: 81}}}]}]
"""
    (problem,) = ask("destination-port-unknown", "".join(ENTRY % name for name in ("a", "b", "c")) + route)
    assert problem.message == "`api.example.com` has no port 81 (it has 443, 80)"


def test_the_missing_priority_of_a_filter_is_said_once(ask: Ask) -> None:
    """One `spec.priority` mends all of its patches; istioctl names each."""
    assert len(ask("envoy-filter-relative", FILTER)) == 1
    assert len(ask("envoy-filter-relative", FILTER, Facts(compat=True))) == 3
