"""A pod of a service account that does not exist is never created, and the account is its identity in the mesh.

Decided where sailwright.yaml names the accounts outside the repository (`known.serviceAccounts`, as `namespace/name`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.queries.service_accounts import defined_accounts
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World

ID = "service-account-unknown"
KIND = WORKLOAD
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


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """serviceAccountName of a pod template; `default` exists in every namespace."""
    if mesh.facts.known.service_accounts is None or workload.service_account == "default":
        return
    account, defined = f"{workload.namespace}/{workload.service_account}", mesh.index.derived(defined_accounts)
    if account not in defined:
        yield Problem(
            workload.manifest,
            workload.path("spec", "serviceAccountName"),
            f"there is no service account {workload.service_account} in namespace {workload.namespace}",
            did_you_mean(account, defined, "add a ServiceAccount, or declare it under known.serviceAccounts"),
            absent=no_object(kinds.SERVICE_ACCOUNT, workload.namespace, workload.service_account),
        )
