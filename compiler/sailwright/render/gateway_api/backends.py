"""Where the requests of a route go, as backends: the Service of a version, the service's own, or one of another service."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Destination, Mirror, Version
from sailwright.render.destinations import is_subset
from sailwright.render.gateway_api.filters import Filter, header_filters
from sailwright.render.gateway_api.words import Words
from sailwright.render.render_context import RenderContext, host_in, hosts_of

_MILLION = 1_000_000


def backend_versions(service: Service) -> tuple[Version, ...]:
    """The versions that have a Service of their own: all, where there are several; not those without labels of their own."""
    if len(service.versions) < 2:
        return ()
    return tuple(version for version in service.versions if is_subset(version))


def backends(
    service: Service, context: RenderContext, destinations: tuple[Destination, ...], port: int, words: Words
) -> list[dict[str, Any]]:
    """`backendRefs` of a rule, with weights where there are several."""
    found = []
    for destination in destinations:
        reference = _reference(service, context, destination, port, words)
        if len(destinations) > 1:
            reference["weight"] = destination.weight or 0
        if filters := list(header_filters(destination.headers, (*destination.path, "headers"), words)):
            reference["filters"] = filters
        found.append(reference)
    return found


def mirror_filters(
    service: Service, context: RenderContext, mirrors: tuple[Mirror, ...], port: int, words: Words, kind: str
) -> Iterator[Filter]:
    """The filters that copy requests; a share of them as a percentage, or as a fraction where it is no whole one."""
    for mirror in mirrors:
        if mirror.percentage == 0:
            continue
        value: dict[str, Any] = {"backendRef": _reference(service, context, mirror, port, words)}
        if mirror.percentage not in (None, 100):
            words.needs(f"{kind}.rules.filters.requestMirror.fraction", mirror.path, "shares of mirrored requests")
            value |= _share(float(mirror.percentage or 0))
        yield {"type": "RequestMirror", "requestMirror": value}


def _share(percentage: float) -> dict[str, Any]:
    if percentage == int(percentage):
        return {"percent": int(percentage)}
    share = Fraction(round(percentage * _MILLION / 100), _MILLION)
    return {"fraction": {"numerator": share.numerator, "denominator": share.denominator}}


def _reference(
    service: Service, context: RenderContext, wanted: Destination | Mirror, port: int, words: Words
) -> dict[str, Any]:
    own = hosts_of(service, context.facts)[0]
    host = host_in(wanted.host, service.namespace, context) if wanted.host else own
    if host == own:
        version = service.version(wanted.version or wanted.subset or "")
        named = version is not None and version in backend_versions(service)
        name = service.backend_name(version) if version and named else service.host_name
        return {"name": name, "port": wanted.port or port}
    if wanted.subset:
        what = "has no subsets: each version of a service is a Service of its own"
        words.lacks(_at(wanted), what, f"name the host `{wanted.host}-{wanted.subset}` where there is one")
    name, _, rest = host.partition(".")
    namespace, _, suffix = rest.partition(".")
    if suffix != f"svc.{context.facts.cluster_domain}":
        words.lacks(_at(wanted), f"sends to Services of the cluster, and `{wanted.host}` is none", "name a Service")
    beyond = {"namespace": namespace} if namespace != service.namespace else {}
    return {"name": name, **beyond, "port": wanted.port or _port_there(context, host, port)}


def _at(wanted: Destination | Mirror) -> Path:
    return (*wanted.path, "host")


def _port_there(context: RenderContext, host: str, arriving: int) -> int:
    """The port of another host, where it has only one; else the number of the port that the request came in on."""
    ports = context.ports.get(host) or ()
    return ports[0] if len(ports) == 1 else arriving
