"""A `destination` of a route, mirror or egress proxy, and the header and weight rules around it."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import is_dns_label, port_fault, wildcard_domain_fault
from sailwright.validate.webhook_checks.headers import header_operations
from sailwright.validate.webhook_checks.subject import Message, error


def destination(target: Message | None, path: Path) -> Iterator[Problem]:
    if target is None:
        return
    host = target.get("host", "")
    if host == "*":
        yield error((*path, "host"), "a destination needs a host, '*' is none")
    elif fault := wildcard_domain_fault(host):
        yield error((*path, "host") if "host" in target else path, fault)
    if target.get("subset") and (fault := subset_name_fault(target["subset"])):
        yield error((*path, "subset"), fault)
    if "port" in target and (fault := port_fault(target["port"].get("number", 0))):
        yield error((*path, "port"), fault)


def subset_name_fault(name: str) -> str | None:
    if not name:
        return "a subset needs a name"
    return None if is_dns_label(name) else f"'{name}' is not a subset name: letters, digits and '-'; no dots"


def weighted_destinations(destinations: list[Message], path: Path, generated: bool) -> Iterator[Problem]:
    """`route` of an http, tls or tcp rule; `generated` objects (from Gateway API) may name backends of other kinds."""
    for place, weighted in enumerate(destinations):
        where = (*path, place)
        if "destination" not in weighted:
            yield error(where, "the route needs a destination")
        yield from header_operations(weighted.get("headers"), (*where, "headers"))
        if not generated:
            yield from destination(weighted.get("destination"), (*where, "destination"))
        if weighted.get("weight", 0) < 0:
            yield error((*where, "weight"), f"weight {weighted['weight']} is negative")
    if len(destinations) > 1 and sum(weighted.get("weight", 0) for weighted in destinations) == 0:
        yield error(path, "the weights of the destinations sum to 0")
