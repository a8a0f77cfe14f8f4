"""A pod of a service account that does not exist is never created, and the account is its identity in the mesh.

Decided where sailwright.yaml names the accounts outside the repository (`known.serviceAccounts`, as `namespace/name`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World

ID = "service-account-unknown"
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

BAD = Example(
    """
apiVersion: v1
kind: ServiceAccount
metadata: {name: reviews, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: review  # finding
""",
    Facts(known=Known(service_accounts=())),
)
GOOD = Example(BAD.text.replace("review  # finding", "reviews"), BAD.facts)


def check(world: World) -> Iterator[Problem]:
    """serviceAccountName of pod templates; `default` exists in every namespace."""
    elsewhere = world.facts.known.service_accounts
    if elsewhere is None:
        return
    index = world.index
    known = {*elsewhere, *(f"{index.namespace_of(found)}/{found.name}" for found in index.of(kinds.SERVICE_ACCOUNT))}
    for workload in index.workloads:
        account = f"{workload.namespace}/{workload.service_account}"
        if workload.service_account != "default" and account not in known:
            yield Problem(
                workload.manifest,
                workload.path("spec", "serviceAccountName"),
                f"there is no service account {workload.service_account} in namespace {workload.namespace}",
                did_you_mean(account, known, "add a ServiceAccount, or declare it under known.serviceAccounts"),
            )
