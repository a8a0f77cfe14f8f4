"""Gateways as `known.gateways` of the project file: what they serve, so that requests through them can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sailwright.commands.edit.adopt.inventory import Inventory, namespace_of
from sailwright.project.schema.judge import schema
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping, text

Tree = dict[str, Any]
MOST_PORTS = 65535
_PLAIN = frozenset(("HTTP", "HTTP2", "GRPC", "TCP"))


def known_gateways(found: Inventory) -> list[Any]:
    """The Gateways with what they serve, and the names of those that VirtualServices are bound to; none without a Gateway.

    The list is complete for these objects: a project that has one takes no other gateway for known.
    """
    objects = [one for one in found.of("Gateway") if one.group == "networking.istio.io"]
    result: list[Any] = [server for one in objects for server in servers(one)]
    names = {_name(one) for one in objects}
    for routes in found.of("VirtualService") if objects else ():
        for word in items(routes.spec.get("gateways")):
            name = text(word) if "/" in text(word) else f"{namespace_of(routes)}/{text(word)}"
            if text(word) not in ("", "mesh") and name not in names:
                names.add(name)
                result.append(name)
    return [one for one in result if _fits("Named", one["name"] if isinstance(one, dict) else one)]


def servers(gateway: Manifest) -> Iterator[Any]:
    """The servers of a Gateway as `known.gateways` says them; only its name where there is no word for one of them."""
    found = [_server(gateway, mapping(server)) for server in items(gateway.spec.get("servers"))]
    yield from (found if found and all(found) else [_name(gateway)])


def _server(gateway: Manifest, server: Tree) -> Tree | None:
    port = mapping(server.get("port"))
    protocol = text(port.get("protocol")).upper()
    if protocol in ("HTTPS", "TLS"):
        passes = mapping(server.get("tls")).get("mode") == "PASSTHROUGH"
        protocol = "TLS" if passes else protocol if protocol == "HTTPS" else ""  # TLS that ends here has no word
    known = schema("project")["$defs"]["KnownGateway"]["properties"]["protocol"]["enum"]
    hosts = [text(host).rpartition("/")[2] for host in items(server.get("hosts"))]
    number = port.get("number")
    if protocol not in known or type(number) is not int or not 0 < number <= MOST_PORTS:
        return None
    if not hosts or not all(_fits("Host", host) for host in hosts):
        return None
    result: Tree = {"name": _name(gateway)}
    if "*" not in hosts:
        result["hosts"] = list(dict.fromkeys(hosts))
    return {**result, "port": number, "protocol": protocol}


def _fits(definition: str, word: str) -> bool:
    return re.search(schema("project")["$defs"][definition]["pattern"], word) is not None


def _name(gateway: Manifest) -> str:
    return f"{namespace_of(gateway)}/{gateway.name}"
