"""Routes lead to versions that exist and carry traffic, on ports whose protocol can be routed that way."""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Destination, Mirror
from sailwright.project.service.weights import weight_path

UNKNOWN = "unknown-version"
_FAMILY_KEYS = {"http": "routes", "tls": "tlsRoutes", "tcp": "tcpRoutes"}
_FAMILY_PORTS = {"http": "HTTP or gRPC", "tls": "TLS", "tcp": "TCP"}
_FAMILY_WORDS = {"http": "http", "tls": "tls", "tcp": "tcp"}
_NAME_ONE = "write `version: NAME` for a version of this service, or `host: NAME` for another one"
_ACTIONS = ("redirect", "directResponse", "delegate")


def targets(service: Service) -> Iterator[Problem]:
    """Every destination names one version that exists, or one host; every route has one action."""
    for route in service.routes:
        for part in route.destinations:
            yield from _target(service, part, part.path)
        for mirror in route.mirrors:
            yield from _target(service, mirror, mirror.path)
        actions = [key for key in _ACTIONS if key in route.settings]
        if route.destinations:
            actions.append("to")
        if len(actions) != 1:
            found = f"this route has {listed(actions, 'and')}" if actions else "this route leads nowhere"
            yield Problem(route.path, found, "give it exactly one of `to`, " + listed(_ACTIONS), rule="route-action")
    for mirror in service.default_mirrors:
        yield from _target(service, mirror, mirror.path)


def _target(service: Service, part: Destination | Mirror, path: Path) -> Iterator[Problem]:
    if part.version and part.host:
        yield Problem(path, "a destination is a version or a host, not both", "remove one of them", rule=UNKNOWN)
    elif part.version:
        yield from unknown(service, part.version, path)
    elif not part.host:
        yield Problem(path, "this destination names neither a version nor a host", _NAME_ONE, rule=UNKNOWN)


def unknown(service: Service, name: str, path: Path) -> Iterator[Problem]:
    """A version that the service does not have."""
    known = [version.name for version in service.versions]
    if name in known or len(set(known)) < len(known):  # of two versions with one name, one may be this one
        return
    if not known and not service.external:  # `service-structure` reports it
        return
    at = (*path, "version") if isinstance(path[-1], int) else path
    if known:
        remedy = did_you_mean(name, known) or f"its versions are {listed(known, 'and')}"
    else:
        remedy = "a service elsewhere has no versions: name a `host`"
    yield Problem(at, f"`{service.name}` has no version `{name}`", remedy, rule=UNKNOWN, key=_is_key(at))


def _is_key(path: Path) -> bool:
    """In `to: {v1: 95}` the version is the key."""
    return len(path) > 1 and path[-2] in ("to", "weights")


def families(service: Service) -> Iterator[Problem]:
    """Routing settings need a port whose protocol Istio routes that way, and endpoints a sidecar may choose."""
    missing = {route.family for route in service.routes}.difference(service.families)
    for family, key in _FAMILY_KEYS.items() if missing else ():
        if family in missing:
            message = f"`{key}` need a port that speaks {_FAMILY_PORTS[family]}, and the service has none"
            remedy = (
                f"its ports speak {_spoken(service)}: write `appProtocol: {_FAMILY_WORDS[family]}` where that is wrong"
                if service.ports
                else "give the service a port"
            )
            yield Problem((key,), message, remedy, rule="route-protocol", key=True)
    yield from without_http(service)
    yield from _inert_weights(service)


def without_http(service: Service) -> Iterator[Problem]:
    """Settings of the default route, which is HTTP's, on a service that speaks none."""
    if service.default_route and "http" not in service.families:
        for key in service.default_route:
            message = f"`{key}` works on HTTP and gRPC ports only, and the service has none"
            yield Problem((key,), message, "remove it, or correct `appProtocol`", rule="route-protocol", key=True)


def _spoken(service: Service) -> str:
    return listed(dict.fromkeys(port.app_protocol for port in service.ports), "and")


def _inert_weights(service: Service) -> Iterator[Problem]:
    if len(service.versions) < 2 or not service.weighted:
        return
    path = (*service.versions[0].path, "weight")
    if not service.families:
        found = f"its ports speak {_spoken(service)}" if service.ports else "it has no ports"
        message = f"weights split HTTP, TLS and TCP traffic, and this service has none: {found}"
        yield Problem(path, message, "remove the weights, or correct `appProtocol`", rule="weights-inert")
    elif service.headless:
        message = "weights do nothing on a headless Service: callers get the address of one pod"
        yield Problem(path, message, "remove the weights, or `service.clusterIP: None`", rule="weights-inert")


def retired(service: Service) -> Iterator[Problem]:
    """A version on its way out takes no traffic: its weight is 0 or absent, and no route names it."""
    leaving = {version.name: version for version in service.versions if version.retire}
    for version in leaving.values():
        if version.weight:
            message = f"`{version.name}` is on its way out (`retire: true`) and still gets {version.weight} %"
            yield Problem(
                (*version.path, "weight"), message, "give its weight to the others first", rule="retire-routed"
            )
    parts: list[Destination | Mirror] = list(service.default_mirrors)
    for route in service.routes:
        parts += [*route.destinations, *route.mirrors]
    for part in parts:
        if part.version in leaving and (isinstance(part, Mirror) or part.weight != 0):
            message = f"this leads to `{part.version}`, which is on its way out (`retire: true`)"
            path = weight_path(part) if isinstance(part, Destination) and part.weight is not None else part.path
            yield Problem(path, message, "lead it to another version first", rule="retire-routed")
    if service.versions and len(leaving) == len(service.versions):
        path = (*service.versions[0].path, "retire")
        yield Problem(path, "every version is on its way out", "keep one, or delete the file", rule="retire-routed")
