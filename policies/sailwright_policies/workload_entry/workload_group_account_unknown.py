"""A WorkloadGroup whose service account does not exist gives its machines no identity.

The token of the account is what a machine proves itself with. Decided where sailwright.yaml names the accounts outside the
repository (`known.serviceAccounts`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import get, text

ID = "workload-group-account-unknown"
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


def check(world: World) -> Iterator[Problem]:
    """The service accounts of WorkloadGroups."""
    elsewhere = world.facts.known.service_accounts
    if elsewhere is None:
        return
    index = world.index
    known = {*elsewhere, *(f"{index.namespace_of(found)}/{found.name}" for found in index.of(kinds.SERVICE_ACCOUNT))}
    for manifest in index.of(kinds.WORKLOAD_GROUP):
        name = text(get(manifest.spec, "template", "serviceAccount"))
        account = f"{index.namespace_of(manifest)}/{name}"
        if name and name != "default" and account not in known:
            remedy = did_you_mean(account, known, "add a ServiceAccount, or declare it under known.serviceAccounts")
            path = ("spec", "template", "serviceAccount")
            yield Problem(manifest, path, f"there is no service account {account}", remedy)
