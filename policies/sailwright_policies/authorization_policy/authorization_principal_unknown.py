"""A principal that no workload has is never seen: an ALLOW rule for it allows no request, a DENY rule denies none.

Decided where sailwright.yaml names the service accounts outside the repository (`known.serviceAccounts`, as `namespace/name`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.authorization_policies import principals
from sailwright.mesh.queries.service_accounts import accounts
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest

ID = "authorization-principal-unknown"
KIND = AUTHORIZATION_POLICY
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

_PRINCIPAL = regex(r"(?P<domain>[^/*]+)/ns/(?P<namespace>[^/*]+)/sa/(?P<name>[^/*]+)")


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Principals without wildcards, of this mesh's trust domain, against the accounts of workloads and of the repository."""
    index = mesh.index
    if index.facts.known.service_accounts is None:
        return
    for path, written in principals(policy):
        found = _PRINCIPAL.fullmatch(written)
        if found is None or found["domain"] not in ("cluster.local", index.mesh.trust_domain):
            continue
        account, known = f"{found['namespace']}/{found['name']}", index.derived(accounts)
        if account not in known:
            yield Problem(
                policy,
                path,
                f"no workload runs as service account {found['name']} of namespace {found['namespace']}",
                did_you_mean(account, sorted(known), "correct it, or declare it under known.serviceAccounts"),
                absent=no_object(kinds.SERVICE_ACCOUNT, found["namespace"], found["name"]),
            )
