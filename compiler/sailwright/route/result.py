"""The end of a walk: where the request goes, by which policies, and what arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.route.envoy.actions import DIRECT_RESPONSE, ROUTE
from sailwright.route.wording import outcome, shares, target
from sailwright.source.manifest import Manifest

LABEL_WIDTH = 10


def place(manifest: Manifest, path: Path = ()) -> str:
    """`file:line` of a value of an object, in the file its author owns."""
    location = manifest.locate(path, key=not path).location
    return f"{location.file}:{location.line}"


def line(label: str, text: str) -> str:
    """A line with its label in the first column."""
    return f"{label:{LABEL_WIDTH}}{text}".rstrip()


def result(answer: Mapping[str, Any], scope: Scope) -> Iterator[str]:
    """The lines about what happens to a request in the end."""
    if answer["kind"] != ROUTE:
        yield line("result", outcome(answer))
        if answer["kind"] == DIRECT_RESPONSE and answer.get("body"):
            yield line("body", answer["body"])
        return
    label = "goes to"
    for part, destination in shares(answer["destinations"]):
        yield line(label, f"{part} {target(destination)}")
        label = ""
    for manifest in _subset_rules(answer, scope):
        title = f"{manifest.namespace or 'default'}/{manifest.name}"
        yield line("subsets", f"DestinationRule {title} ({place(manifest)})")
    yield from _policies(answer)


def _subset_rules(answer: Mapping[str, Any], scope: Scope) -> list[Manifest]:
    """The DestinationRules that define the subsets of an answer."""
    found: dict[Manifest, None] = {}
    for destination in answer["destinations"]:
        service = scope.services.get(destination["host"])
        rule = scope.destination_rule(service) if service and destination.get("subset") else None
        found.update(dict.fromkeys(rule.manifests if rule else ()))
    return list(found)


def _policies(answer: Mapping[str, Any]) -> Iterator[str]:
    upstream = answer.get("upstream")
    if upstream is None:
        return
    headers = "".join(f", {name}: {value}" for name, value in sorted(upstream["headers"].items()))
    yield line("arrives", f"as {upstream['path']}, Host {upstream['authority']}{headers}")
    if upstream.get("note"):
        yield line("", upstream["note"])
    yield line("timeout", answer.get("timeout", "none"))
    retries = answer.get("retries")
    if retries is None:
        yield line("retries", "none")
    else:
        codes = f" {retries['statusCodes']}" if retries.get("statusCodes") else ""
        per_try = f", {retries['perTryTimeout']} each" if retries.get("perTryTimeout") else ""
        yield line("retries", f"{retries['attempts']} on {retries['on']}{codes}{per_try}")
    for name, fault in answer.get("fault", {}).items():
        what = fault.get("fixed") or fault.get("httpStatus") or f"gRPC status {fault.get('grpcStatus')}"
        yield line("fault", f"{name} {what} for {fault['percentage']:g} % of the requests")
    for mirror in answer.get("mirrors", ()):
        yield line("mirror", f"{mirror['percentage']:g} % to {target(mirror)}")
    for name, value in answer.get("response", {}).items():
        yield line("response", f"{name}: {value}")
