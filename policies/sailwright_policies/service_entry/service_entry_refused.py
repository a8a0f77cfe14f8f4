"""A ServiceEntry that Istio's webhook refuses is never applied: with outbound traffic restricted, its host stays blocked.

istiod checks hosts, addresses, ports and endpoints against the resolution: NONE takes no endpoints, DNS needs names that can
be looked up, several hosts need ports that carry the host.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "service-entry-refused"
SEVERITY: Severity = "error"
ALIASES = ("IST0106",)
BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: ["*.example.com"]  # finding
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: DNS
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: ["*.example.com"]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: NONE
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "ServiceEntry", ID)
