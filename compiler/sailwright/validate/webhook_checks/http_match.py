"""One match of an http rule of a VirtualService."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import is_dns_label, port_fault
from sailwright.validate.webhook_checks.headers import match_name_fault
from sailwright.validate.webhook_checks.labels import label_faults
from sailwright.validate.webhook_checks.selectors import gateway_names
from sailwright.validate.webhook_checks.subject import Message, error, hide_warnings


def http_match(match: Message, path: Path) -> Iterator[Problem]:
    for side in ("headers", "withoutHeaders"):
        for name, condition in match.get(side, {}).items():
            where = (*path, side, name)
            if fault := match_name_fault(name):
                yield error(where, fault)
            # In withoutHeaders `regex: "*"` is not RE2: it stands for a header that is there at all.
            if side == "headers" or condition.get("regex") != "*":
                yield from string_match(condition, where, side)
    yield from string_match(match.get("uri", {}), (*path, "uri"), "uri", empty_prefix=True)
    for name in ("scheme", "method", "authority"):
        yield from string_match(match.get(name, {}), (*path, name), name)
    for name, condition in match.get("queryParams", {}).items():
        yield from string_match(condition, (*path, "queryParams", name), "queryParams")
    if match.get("port") and (fault := port_fault(match["port"])):
        yield error((*path, "port"), fault)
    yield from label_faults(match.get("sourceLabels", {}), (*path, "sourceLabels"))
    yield from hide_warnings(gateway_names(match.get("gateways", ()), (*path, "gateways")))
    if match.get("sourceNamespace") and not is_dns_label(match["sourceNamespace"]):
        yield error((*path, "sourceNamespace"), f"'{match['sourceNamespace']}' is not a namespace")


def string_match(condition: Message, path: Path, what: str, empty_prefix: bool = False) -> Iterator[Problem]:
    if "regex" in condition:
        from sailwright.mesh.values.re2 import regex_fault

        if fault := regex_fault(condition["regex"]):
            yield error((*path, "regex"), f"{what}: {fault}")
    elif condition.get("prefix") == "" and not empty_prefix:
        yield error((*path, "prefix"), f"{what}: the prefix is empty")
