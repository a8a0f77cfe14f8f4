"""What a test of a service file expects, compared with the answer of the simulated mesh."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sailwright.diagnostics.finding import value_at
from sailwright.mesh.values.duration import nanoseconds
from sailwright.mesh.values.hosts import fqdn
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Version
from sailwright.route.envoy import route_policies as policies
from sailwright.route.envoy.actions import ROUTE, UNDECIDED
from sailwright.route.envoy.answers import Answer
from sailwright.route.envoy.route_table import DEFAULT, Route
from sailwright.route.wording import outcome
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose test it is: hosts without a dot are services of its namespace."""

    service: Service
    domain: str

    def host(self, name: str) -> str:
        """A host as the test writes it, in full. `name.namespace` is taken for a service, as people write it."""
        if name.count(".") == 1 and not name.startswith("*"):
            return f"{name.lower()}.svc.{self.domain}"
        return fqdn(name, self.service.namespace, self.domain)

    def called(self, name: str) -> str:
        """A destination as the test writes it: a version of the service, else a host."""
        return name if self.service.version(name) else self.host(name)

    def name(self, destination: Mapping[str, Any]) -> str:
        """What the test calls a destination of an answer."""
        own = destination["host"] == f"{self.service.host_name}.{self.service.namespace}.svc.{self.domain}"
        if own and destination.get("subset"):
            return str(destination["subset"])
        for version in self.service.versions:
            if (
                destination["host"]
                == f"{self.service.backend_name(version)}.{self.service.namespace}.svc.{self.domain}"
            ):
                return version.name
        versions = [version.name for version in self.service.versions if _may_serve(version, destination)]
        if own and len(versions) == 1:
            return versions[0]
        return str(destination["host"])


def _may_serve(version: Version, destination: Mapping[str, Any]) -> bool:
    """Whether pods of a version may take requests: all that are not known to have none."""
    return version.workload_name in destination.get("pods", (version.workload_name,))


def difference(asker: Asker, key: str, expected: Any, answer: Answer, route: Route | None) -> str:
    """What is expected and what there is instead; empty where they agree."""
    if expected is None:
        return ""
    if answer["kind"] == UNDECIDED:
        return f"cannot decide: {answer['reason']}"
    if key in ("version", "weights", "host"):
        wanted = _normal(asker, expected if key == "weights" else {expected: 1}, key)
        if answer["kind"] == ROUTE and not _unavailable(answer) and _shares(asker, answer, key) == wanted:
            return ""
        return f"expected {_told(wanted)}, got {outcome(_named(asker, answer))}"
    if key == "route":
        if route is None and answer["kind"] == ROUTE:
            return "a TCP or TLS connection takes no named route: expect `version` or `weights`"
        taken = route_name(route)
        return "" if taken == expected else f"expected route `{expected}`, got {f'`{taken}`' if taken else 'none'}"
    actual = _actual(key, expected, answer, route)
    wanted_value = _wanted(key, expected)
    if actual == wanted_value:
        return ""
    if key == "timeout":
        return f"expected timeout {expected}, got {answer.get('timeout', 'none')}"
    return f"expected {key} {_plain(wanted_value)}, got {_plain(actual)}"


def route_name(route: Route | None) -> str:
    """The name of the route that takes a request: of the service file where the rule comes from one, else the rule's own."""
    if route is None:
        return ""
    if route.rule is None:
        return DEFAULT
    if route.rule.manifest.origin is None:
        return str(route.rule.value.get("name") or "")
    written = route.rule.manifest.written(route.rule.path)
    for at, key in enumerate(written.path[:-1]):
        if key == "routes":
            item = value_at(written.document.value, written.path[: at + 2]) or {}
            return str(item.get("name") or f"route-{int(written.path[at + 1]) + 1}")
    return DEFAULT


def _unavailable(answer: Answer) -> bool:
    """Whether some of the requests end at a destination that the caller does not know, or that has no ready pod."""
    return any(
        any(destination.get(mark) for mark in ("unknown", "unready", "refused"))
        for destination in answer["destinations"]
    )


def _shares(asker: Asker, answer: Answer, key: str) -> dict[str, Fraction]:
    total = sum(destination["weight"] for destination in answer["destinations"])
    shares: dict[str, Fraction] = {}
    for destination in answer["destinations"]:
        name = destination["host"] if key == "host" else asker.name(destination)
        shares[name] = shares.get(name, Fraction(0)) + Fraction(destination["weight"], total)
    return shares


def _named(asker: Asker, answer: Answer) -> Answer:
    """The answer with versions in place of this service's own destinations, for messages."""
    if "destinations" not in answer:
        return answer
    shown = ("weight", "unknown", "unready", "refused")
    renamed = [
        {"host": asker.name(found), **{key: found[key] for key in shown if key in found}}
        for found in answer["destinations"]
    ]
    return {**answer, "destinations": renamed}


def _normal(asker: Asker, weights: Mapping[str, int], key: str) -> dict[str, Fraction]:
    called = asker.host if key == "host" else asker.called
    total = sum(weights.values())
    return {called(name): Fraction(weight, total) for name, weight in weights.items() if weight}


def _told(shares: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{float(part) * 100:.4g} % to {name}" for name, part in shares.items()) or "no destination"


def _actual(key: str, expected: Any, answer: Answer, route: Route | None) -> Any:
    """The part of an answer that an expectation speaks of, in comparable form."""
    if key == "timeout":
        return nanoseconds(answer.get("timeout", "0s"))
    if key == "fault":
        return answer.get("fault")
    if key == "retries":
        retries = answer.get("retries") or {"attempts": 0}
        fields = expected if isinstance(expected, dict) else ()
        return {field: _retries(retries, field) for field in fields} or retries["attempts"]
    if key == "redirect" and isinstance(expected, dict):
        redirect = route.action.redirect if route and route.action.redirect else {}
        given = {**redirect, "redirectCode": answer.get("status")}
        return {field: given.get(field) for field in expected}
    return answer.get("location" if key == "redirect" else key)


def _retries(retries: Mapping[str, Any], field: str) -> Any:
    if field == "perTryTimeout":
        return nanoseconds(retries.get(field, "0s"))
    if field == "retryOn":
        codes = map(str, retries.get("statusCodes", ()))
        return {*retries.get("on", "").split(","), *codes} - {policies.STATUS_CODES, ""}
    return retries.get(field)


def _wanted(key: str, expected: Any) -> Any:
    """What a test expects, in the form of `_actual`."""
    if key == "timeout":
        return nanoseconds(expected)
    if key == "fault":
        return policies.fault({"fault": expected})
    if key == "retries" and isinstance(expected, dict):
        return {field: _retries({**expected, "on": expected.get("retryOn", "")}, field) for field in expected}
    return expected


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items()) or "none"
    if isinstance(value, set):
        return ",".join(sorted(value)) or "none"
    return "none" if value is None else str(value)
