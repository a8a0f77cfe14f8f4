"""Host names as Istio reads them: short names, FQDNs and wildcards.

Sources: istio.io VirtualService `Destination.host`; pkg/config/host (Name.Matches, Name.SubsetOf).
"""

from __future__ import annotations


def fqdn(host: str, namespace: str, domain: str = "cluster.local") -> str:
    """The full name of a host that an object of `namespace` mentions.

    Only a name without any dot is short; `reviews.shop` and `reviews.shop.svc` are taken for full names, as Istio does.
    """
    if "." in host or host.startswith("*"):
        return host.lower()
    return service_host(host, namespace, domain)


def service_host(name: str, namespace: str, domain: str = "cluster.local") -> str:
    """The full name of a Kubernetes Service."""
    return f"{name}.{namespace}.svc.{domain}".lower()


def service_of(host: str, domain: str = "cluster.local") -> tuple[str, str] | None:
    """Name and namespace of the Kubernetes Service that a full name stands for, None where it is no such name."""
    suffix = f".svc.{domain}"
    if not host.endswith(suffix):
        return None
    name, _, namespace = host.removesuffix(suffix).rpartition(".")
    return (name, namespace) if name and namespace else None


def covers(pattern: str, host: str) -> bool:
    """Whether each name that `host` stands for is one that `pattern` stands for: `*.a.b` covers `x.a.b`, not `a.b`."""
    if pattern == "*" or pattern == host:
        return True
    return pattern.startswith("*") and host.endswith(pattern[1:])


def overlap(one: str, other: str) -> bool:
    """Whether some name matches both: either covers the other."""
    return covers(one, other) or covers(other, one)
