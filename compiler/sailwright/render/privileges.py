"""What an object may do beyond its own pods: the privileges that `namespaces.N.allow` of sailwright.yaml lists.

They are compared by whole value: another path of a hostPath volume, another port of the node, is another privilege.
"""

from __future__ import annotations

from typing import Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values.pod_security_baseline import Version
from sailwright.render.look_up import LookUp
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

_REMEDY: Final = regex(r"`namespaces: \{(\S+): \{allow: \[(\w+)\]\}\}`")


@dataclass(frozen=True, slots=True, order=True)
class Privilege:
    """A privilege in words, the value that grants it, and the word by which `namespaces.N.allow` lists it."""

    words: str
    value: str
    control: str


Found = tuple[Privilege, Path]
"""A privilege, and the path in the object that grants it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The service that something belongs to: NAMESPACE/NAME, and its `owner` where it names one."""

    service: str
    team: str | None

    def is_another(self, other: Owner) -> bool:
        """Whether the other is another service, and not known to be of the same team."""
        return self.service != other.service and (self.team is None or self.team != other.team)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the privileges of a service's objects are measured by.

    `accounts` has the owners of the ServiceAccounts of its namespace, `files` those of its Secrets and ConfigMaps (by KIND/NAME),
    `hosts` those of all services' hosts. `kubernetes` is the version of the cluster (None: unknown), `hubs` are where Istio's
    images come from, `domain` is that of the cluster.
    """

    owner: Owner
    namespace: str
    domain: str
    accounts: LookUp[Owner]
    files: LookUp[Owner]
    hosts: LookUp[Owner]
    kubernetes: Version | None
    hubs: frozenset[str]


def remedy(control: str, namespace: str) -> str:
    """What to write where, for a privilege or a kind that the project does not allow."""
    return f"remove it, or have the owners of sailwright.yaml list it: `namespaces: {{{namespace}: {{allow: [{control}]}}}}`"


def asked_for(finding_help: str) -> tuple[str, str] | None:
    """The namespace and the word that a remedy asks for; None where the text is none."""
    found = _REMEDY.search(finding_help)
    return (found[1], found[2]) if found else None
