"""The address that a client gets for a host, before any proxy sees the connection: what cluster DNS and files say.

A Kubernetes Service whose file names no `clusterIP` has an address all the same. It is written `ip-of:HOST` here: two
clients that dial the Service meet at it, and no network can be said to hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.gateway_names import is_address, is_wildcard, most_specific
from sailwright.mesh.pilot.service_registry import Port, Service
from sailwright.mesh.values.hosts import fqdn, service_of
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text, texts

ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - the address of a listener in Envoy's configuration; nothing is bound here
UNNAMED = "ip-of:"
"""What the address of a Service begins with whose file names none."""
SERVICE_LABEL = "kubernetes.io/service-name"
HOPS = 8
"""How many ExternalName Services are followed."""


class Endpoints:
    """The addresses of pods that EndpointSlices and Endpoints of the input name, by Service."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self._found: dict[tuple[str, str], list[tuple[frozenset[str], str]]] = {}
        for manifest in manifests:
            if manifest.kind in ("EndpointSlice", "Endpoints"):
                self._add(manifest)

    def _add(self, manifest: Manifest) -> None:
        value = manifest.value
        slices = manifest.kind == "EndpointSlice"
        name = text(mapping(manifest.metadata.get("labels")).get(SERVICE_LABEL)) if slices else manifest.name
        known = self._found.setdefault((manifest.namespace or "default", name), [])
        for group in [value] if slices else [subset for _, subset in entries(value.get("subsets"), ())]:
            ports = frozenset(text(port.get("name")) for _, port in entries(group.get("ports"), ()))
            known += [(ports, address) for address in _pod_addresses(group, slices=slices)]

    def addresses(self, service: Service, port: Port | None = None) -> list[str] | None:
        """The addresses of a Service, those that have the port; None where the input holds no endpoints of it."""
        found = self._found.get((service.namespace, service.name))
        if found is None:
            return None
        return [address for ports, address in found if port is None or port.name in ports]


def _pod_addresses(group: Mapping[str, Any], *, slices: bool) -> Iterator[str]:
    for _, endpoint in entries(group.get("endpoints" if slices else "addresses"), ()):
        if slices:
            yield from texts(endpoint.get("addresses"))[:1]
        elif endpoint.get("ip"):
            yield text(endpoint["ip"])


def own_addresses(service: Service, endpoints: Endpoints, port: Port | None = None) -> list[str]:
    """Where connections to a service go: its virtual IPs, its pods where it is headless; empty where it has none."""
    if service.alias_of:
        return []
    if service.headless:
        found = endpoints.addresses(service, port)
        return [f"{UNNAMED}{service.host}"] if found is None else found
    if service.kubernetes:
        return list(service.addresses) or [f"{UNNAMED}{service.host}"]
    return [plain_address(address) for address in service.addresses]


def plain_address(address: str) -> str:
    """An address, the length of a network that holds one address alone left out."""
    host, slash, length = address.partition("/")
    return host if slash and length in ("32", "128") and is_address(host) else address


def is_network(address: str) -> bool:
    """Whether an address of a ServiceEntry is a network."""
    return "/" in address


class Resolver:
    """Names to addresses, as the cluster's DNS and the addresses of ServiceEntries give them."""

    def __init__(self, services: Iterable[Service], endpoints: Endpoints, domain: str) -> None:
        self._domain = domain
        self._endpoints = endpoints
        self._kubernetes: dict[str, Service] = {}
        self._entries: dict[str, Service] = {}
        self._wildcards: dict[str, Service] = {}
        for service in services:
            if service.kubernetes:
                self._kubernetes.setdefault(service.host, service)
            elif service.addresses:
                (self._wildcards if is_wildcard(service.host) else self._entries).setdefault(service.host, service)

    def resolve(self, host: str, namespace: str) -> str:
        """The address that a pod of `namespace` connects to for a host; empty where nothing in the input names it."""
        name, service = self._led_to(host, namespace)
        if not name or is_address(name):
            return name
        if service is None:
            service = most_specific(name, self._entries, self._wildcards)
        found = own_addresses(service, self._endpoints) if service else []
        return _first_host(found[0]) if found else ""

    def kubernetes_service(self, host: str, namespace: str) -> Service | None:
        """The Service that kube-proxy sends connections to `host` to, by name or by virtual IP; None where there is none."""
        name, service = self._led_to(host, namespace)
        if service is not None or not is_address(name):
            return service
        return next((known for known in self._kubernetes.values() if name in known.addresses), None)

    def _led_to(self, host: str, namespace: str) -> tuple[str, Service | None]:
        """Where the ExternalName Services of a name lead: the last name, empty for a loop, and its Kubernetes Service."""
        name = host.strip("[]").rstrip(".").lower()
        for _ in range(HOPS):
            if is_address(name):
                import ipaddress

                return str(ipaddress.ip_address(name)), None
            service = self._service(name, namespace)
            if service is None or not service.alias_of:
                return name, service
            name = service.alias_of.rstrip(".")
        return "", None

    def _service(self, name: str, namespace: str) -> Service | None:
        """The Kubernetes Service of a name: as it stands, then by the search list of the cluster's DNS."""
        searched = (name, fqdn(name, namespace, self._domain), f"{name}.svc.{self._domain}", f"{name}.{self._domain}")
        found = next((known for full in searched if (known := self._kubernetes.get(full))), None)
        return found or self._pod_owner(name)

    def _pod_owner(self, name: str) -> Service | None:
        """The headless Service of a pod's own name, `POD.SERVICE.NAMESPACE.svc...`."""
        owner = service_of(name, self._domain)
        _, dot, parent = owner[0].partition(".") if owner else ("", "", "")
        found = self._kubernetes.get(f"{parent}.{owner[1]}.svc.{self._domain}") if owner and dot else None
        return found if found and found.headless else None


def _first_host(address: str) -> str:
    """An address; of a network its first host, empty where the text is none."""
    if not is_network(address):
        return address
    import ipaddress

    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return ""
    return str(network.network_address + 1) if network.num_addresses > 1 else str(network.network_address)
