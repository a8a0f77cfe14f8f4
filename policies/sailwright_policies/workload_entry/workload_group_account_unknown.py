"""A WorkloadGroup whose service account does not exist gives its machines no identity.

The token of the account is what a machine proves itself with. Decided where sailwright.yaml names the accounts outside the
repository (`known.serviceAccounts`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import WORKLOAD_GROUP
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.queries.absence import no_object
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, text

ID = "workload-group-account-unknown"
KIND = WORKLOAD_GROUP
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1701",)

BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: legacy, namespace: shop}
spec:
  metadata: {labels: {app: legacy}}
  template:
    serviceAccount: legcy  # finding
""",
    Facts(known=Known(service_accounts=("shop/legacy",))),
)
GOOD = Example(BAD.text.replace("legcy  # finding", "legacy"), BAD.facts)


def check(group: Manifest, mesh: World) -> Iterator[Problem]:
    """The service accounts of WorkloadGroups."""
    elsewhere = mesh.facts.known.service_accounts
    name, namespace = text(get(group.spec, "template", "serviceAccount")), mesh.index.namespace_of(group)
    account = f"{namespace}/{name}"
    if elsewhere is None or name in ("", "default") or account in elsewhere:
        return
    if mesh.index.find(kinds.SERVICE_ACCOUNT, namespace, name) is None:
        known = {
            *elsewhere,
            *(f"{mesh.index.namespace_of(found)}/{found.name}" for found in mesh.index.of(kinds.SERVICE_ACCOUNT)),
        }
        remedy = did_you_mean(account, known, "add a ServiceAccount, or declare it under known.serviceAccounts")
        yield Problem(
            group,
            ("spec", "template", "serviceAccount"),
            f"there is no service account {account}",
            remedy,
            absent=no_object(kinds.SERVICE_ACCOUNT, namespace, name),
        )
