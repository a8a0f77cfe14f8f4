"""A principal that no workload has is never seen: an ALLOW rule for it lets nobody in, a DENY rule keeps nobody out.

Decided where sailwright.yaml names the service accounts outside the repository (`known.serviceAccounts`, as `namespace/name`).
"""

import re
from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, items

ID = "authorization-principal-unknown"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ("KIA0106",)

BAD = Example(
    """
apiVersion: v1
kind: ServiceAccount
metadata: {name: productpage, namespace: shop}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  rules:
    - from:
        - source:
            principals:
              - cluster.local/ns/shop/sa/productpage
              - cluster.local/ns/shop/sa/product-page  # finding
""",
    Facts(known=Known(service_accounts=())),
)
GOOD = Example(BAD.text.replace("              - cluster.local/ns/shop/sa/product-page  # finding\n", ""), BAD.facts)

_PRINCIPAL = re.compile(r"[^/*]+/ns/(?P<namespace>[^/*]+)/sa/(?P<name>[^/*]+)")


def check(world: World) -> Iterator[Problem]:
    """Principals without wildcards, of this mesh's trust domain, against the accounts of workloads and of the repository."""
    elsewhere = world.facts.known.service_accounts
    if elsewhere is None:
        return
    index = world.index
    accounts = {f"{workload.namespace}/{workload.service_account}" for workload in index.workloads}
    accounts |= {f"{index.namespace_of(found)}/{found.name}" for found in index.of(kinds.SERVICE_ACCOUNT)}
    accounts |= set(elsewhere)
    for manifest in index.of(kinds.AUTHORIZATION_POLICY):
        for rule_path, rule in entries(manifest.spec.get("rules"), ("spec", "rules")):
            for path, source in entries(rule.get("from"), (*rule_path, "from")):
                for position, written in enumerate(items(get(source, "source", "principals"))):
                    found = _PRINCIPAL.fullmatch(written) if isinstance(written, str) else None
                    account = f"{found['namespace']}/{found['name']}" if found else ""
                    if found and account not in accounts and _ours(world, written):
                        yield Problem(
                            manifest,
                            (*path, "source", "principals", position),
                            f"no workload runs as service account {found['name']} of namespace {found['namespace']}",
                            did_you_mean(
                                account, sorted(accounts), "correct it, or declare it under known.serviceAccounts"
                            ),
                        )


def _ours(world: World, principal: str) -> bool:
    return principal.partition("/")[0] in ("cluster.local", world.index.mesh.trust_domain)
