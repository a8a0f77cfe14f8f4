"""Istio takes this ServiceEntry and warns: its traffic cannot be told from that of other hosts, or nothing is selected.

A TCP port without addresses listens on its number for every host: traffic for other hosts on that port goes there too.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright_policies.validation import webhook_problems

ID = "service-entry-doubtful"
SEVERITY: Severity = "warning"
ALIASES = ("IST0133",)
BAD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [db.example.com]
  ports:
    - {number: 3306, name: mysql, protocol: TCP}  # finding
  resolution: NONE
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [db.example.com]
  addresses: [192.0.2.10]
  ports:
    - {number: 3306, name: mysql, protocol: TCP}
  resolution: NONE
"""


def check(world: World) -> Iterator[Problem]:
    """Ask the webhook's checks for the kind."""
    return webhook_problems(world, "ServiceEntry", ID)
