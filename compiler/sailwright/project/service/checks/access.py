"""Who may call the service, and what its tests expect."""

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.service.checks.routes import unknown
from sailwright.project.service.model import Service
from sailwright.project.service.parts import TestCase


def exposed(service: Service) -> Iterator[Problem]:
    """An exposed service with an inbound policy must let its gateway's principal in."""
    inbound = service.access_policy.inbound
    if service.expose is None or inbound is None:
        return
    if all(caller.kind == "service" for caller in inbound):
        path = ("accessPolicy", "inbound")
        gateways = ", ".join(service.expose.gateways)
        message = (
            f"the service is exposed through {gateways}, and its policy lets no gateway in: every request gets 403"
        )
        remedy = "add the gateway's identity, such as {principal: cluster.local/ns/istio-ingress/sa/ACCOUNT}"
        other = service.written(("expose",)).related("exposed here")
        yield Problem(path, message, remedy, rule="exposed-caller", related=(other,), key=True)


def exposed_hosts(service: Service) -> Iterator[Problem]:
    """One VirtualService serves mesh and gateways, and in the mesh `*` would be every host there is: Istio refuses it."""
    for index, host in enumerate(service.expose.hosts if service.expose else ()):
        if host == "*":
            message = "`*` would take over every host of the mesh, and Istio refuses it"
            yield Problem(("expose", "hosts", index), message, "name the hosts", rule="expose-host")


def tests(service: Service) -> Iterator[Problem]:
    """Tests expect versions that exist, and name one caller."""
    for test in service.tests:
        path = (*test.path, "expect")
        if "version" in test.expect:
            yield from unknown(service, test.expect["version"], (*path, "version"))
        if "version" in test.expect and "weights" in test.expect:
            message = "`version` says that one version takes everything: it excludes `weights`"
            yield Problem((*path, "weights"), message, "remove one of them", rule="test-expectation", key=True)
        yield from _route(service, test)
        callers = [key for key in ("service", "gateway", "namespace") if key in test.caller]
        if len(callers) > 1:
            message = f"one caller asks, and this names {len(callers)}"
            yield Problem((*test.path, "from"), message, "keep one of them", rule="test-caller", key=True)
        if "labels" in test.caller and "namespace" not in test.caller:
            message = "`labels` describe a pod of a `namespace`, and none is named"
            yield Problem((*test.path, "from", "labels"), message, "add `namespace`", rule="test-caller", key=True)


def _route(service: Service, test: TestCase) -> Iterator[Problem]:
    """A route that the service does not have, where the test asks the service itself."""
    wanted = test.expect.get("route")
    if not wanted or "host" in test.request or wanted == "default":
        return
    known = [route.name or f"route-{int(route.path[-1]) + 1}" for route in service.routes]
    if wanted not in known:
        remedy = did_you_mean(wanted, [*known, "default"]) or f"its routes are {listed([*known, 'default'], 'and')}"
        message = f"`{service.name}` has no route `{wanted}`"
        yield Problem((*test.path, "expect", "route"), message, remedy, rule="test-expectation")
