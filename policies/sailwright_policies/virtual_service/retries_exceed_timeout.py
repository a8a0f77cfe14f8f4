"""Retries that cannot happen before the caller gives up only add load.

The route's timeout covers all attempts together. With a `perTryTimeout` of 2s and 3 retries, a timeout of 5s ends the call in
the third attempt, and the last one is never made.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import VIRTUAL_SERVICE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.routing import VirtualService
from sailwright.mesh.values.duration import seconds
from sailwright.mesh.world import World
from sailwright.source.untyped import mapping

ID = "retries-exceed-timeout"
KIND = VIRTUAL_SERVICE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - timeout: 5s
      retries:
        attempts: 3
        perTryTimeout: 2s  # finding
      route: [{destination: {host: reviews}}]
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - timeout: 8s
      retries: {attempts: 3, perTryTimeout: 2s}
      route: [{destination: {host: reviews}}]
"""


def check(virtual_service: VirtualService, _: World) -> Iterator[Problem]:
    """Http routes with a timeout and a timeout for each attempt: (1 + attempts) of the latter against the former."""
    for path, rule in virtual_service.rules("http"):
        retries = mapping(rule.get("retries"))
        whole, each, attempts = (
            seconds(rule.get("timeout")),
            seconds(retries.get("perTryTimeout")),
            retries.get("attempts"),
        )
        if whole is None or each is None or not isinstance(attempts, int) or (attempts + 1) * each <= whole:
            continue
        yield Problem(
            virtual_service.manifest,
            (*path, "retries", "perTryTimeout"),
            f"{attempts + 1} attempts of {retries['perTryTimeout']} take up to {float((attempts + 1) * each):g}s, but the "
            f"route gives up after {rule['timeout']}",
            "raise the timeout, or lower attempts or perTryTimeout",
            related=((virtual_service.manifest, (*path, "timeout"), "the timeout of the whole call"),),
        )
