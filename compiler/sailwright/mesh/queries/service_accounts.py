"""The service accounts there are, as `namespace/name`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.mesh.values import kinds

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


def defined_accounts(index: Index) -> frozenset[str]:
    """Those that the repository defines, or declares to exist elsewhere (`known.serviceAccounts`)."""
    defined = (f"{index.namespace_of(found)}/{found.name}" for found in index.of(kinds.SERVICE_ACCOUNT))
    return frozenset((*(index.facts.known.service_accounts or ()), *defined))


def accounts(index: Index) -> frozenset[str]:
    """Those, and the ones that workloads run as."""
    used = (f"{workload.namespace}/{workload.service_account}" for workload in index.each_workload())
    return index.derived(defined_accounts).union(used)
