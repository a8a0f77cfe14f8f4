"""What links the objects of one service to those of another: names, hosts, labels, accounts, namespaces.

Whatever a rule asks the mesh about an object leads over these: a route to a host leads to whoever defines it, a selector to the pods with its
labels. So objects that share no link, over however many others, mean nothing to each other. More links than there are only cost time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from sailwright.mesh.objects.run_time_labels import is_added_later
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex
from sailwright.source.placeholders import has_placeholder
from sailwright.source.untyped import entries, get, labels, mapping, text, texts


@dataclass(frozen=True, slots=True)
class Links:
    """The links that some objects offer, and those that they ask for: two are linked where one offers what the other asks for.

    A link is a number of 32 bits. Two that are the same by chance only link more. `selecting` are those of labels among what is offered,
    `wide` those to whole namespaces and to all.
    """

    offered: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)
    selecting: set[int] = field(default_factory=set)
    wide: set[int] = field(default_factory=set)


def link(text: str) -> int:
    """The link of a text."""
    return zlib.crc32(text.encode("utf-8", "surrogateescape"))


ALL: Final = link("*")
"""What everything asks for: who offers it is linked to all."""


@dataclass(frozen=True, slots=True)
class Places:
    """What names without a namespace mean in the files of a cluster."""

    domain: str = "cluster.local"
    unnamed: str = "default"
    root: str = "istio-system"
    said: dict[tuple[str, str], tuple[tuple[int, ...], tuple[int, ...], bool]] = field(default_factory=dict)
    """What each text offers and asks for in a namespace, and whether the former is wide; filled in when first met."""

    def plain(self) -> tuple[str, str, str]:
        """As data that marshal takes; `Places(*plain)` is the same again."""
        return self.domain, self.unnamed, self.root


_FOR_ALL_OF_A_NAMESPACE: Final = frozenset(
    (
        kinds.AUTHORIZATION_POLICY,
        kinds.PEER_AUTHENTICATION,
        kinds.REQUEST_AUTHENTICATION,
        kinds.TELEMETRY,
        kinds.WASM_PLUGIN,
        kinds.ENVOY_FILTER,
        kinds.SIDECAR,
        kinds.PROXY_CONFIG,
    )
)
"""Kinds whose objects are for all pods of their namespace, or of the mesh, where they select none."""

_FOR_ALL: Final = frozenset(
    (
        kinds.CUSTOM_RESOURCE_DEFINITION,
        kinds.MUTATING_WEBHOOK,
        kinds.VALIDATING_WEBHOOK,
        kinds.ARGO_APPLICATION,
        kinds.FLUX_KUSTOMIZATION,
        kinds.NODE,
        "GatewayClass.gateway.networking.k8s.io",
        "IstioOperator.install.istio.io",
        "Istio.sailoperator.io",
    )
)
"""Kinds whose objects count for the whole mesh."""

_WITH_HOSTS: Final[Mapping[str, str]] = {
    kinds.VIRTUAL_SERVICE: "hosts",
    kinds.SERVICE_ENTRY: "hosts",
    kinds.HTTP_ROUTE: "hostnames",
    kinds.GRPC_ROUTE: "hostnames",
    kinds.TLS_ROUTE: "hostnames",
}
"""Where objects list the hosts that they decide about."""

_ROUTES: Final = frozenset((kinds.HTTP_ROUTE, kinds.GRPC_ROUTE, kinds.TCP_ROUTE, kinds.TLS_ROUTE))
_PAST_THE_SIDECAR: Final = "traffic.sidecar.istio.io/excludeOutboundPorts"
_ISTIOD: Final = "istiod"
_WITH_NAMES: Final = frozenset(("http", "tcp", "tls", "rules", "subsets", "ports", "servers"))
"""Lists whose items have names that nobody else asks for."""
_SELECTORS: Final = frozenset(("selector", "workloadSelector", "podSelector", "sourceLabels"))
_NAMES: Final = ("app", "name")
_LONGEST: Final = 253
_MOST: Final = 1 << 15
_NAME: Final = regex(r"(?:[a-z]+://)?(?=[^/])[\w.*~/:-]*[A-Za-z*][\w.*~/:-]*")
"""What may be a name, a host, one of both in a namespace, or a principal."""
_HOST_OF_TWO: Final = 2


def add_links(links: Links, value: Mapping[str, Any], places: Places) -> None:
    """Add what links one object to others."""
    kind = kinds.kind_of(text(value.get("apiVersion")), text(value.get("kind")))
    metadata, spec = mapping(value.get("metadata")), mapping(value.get("spec"))
    name, namespace = text(metadata.get("name")), text(metadata.get("namespace")) or places.unnamed
    asked = links.asked
    asked.update((ALL, link(f"n:{namespace}")))
    if kind == kinds.NAMESPACE:
        _offer_all(links, name)
    _both(links, link(f"{namespace}/{name}"))
    if kind in _FOR_ALL or (kind == kinds.CONFIG_MAP and namespace == places.root):
        _offer_all(links)
    path = kinds.template_of_kind(text(value.get("apiVersion")), text(value.get("kind")))
    if path is not None:
        _add_pods(links, mapping(get(value, *path)), namespace, places)
        asked.add(link(f"k:{name}"))
        spec = {key: found for key, found in spec.items() if key not in ("selector", "template", "jobTemplate")}
        spec = {} if not path else spec
    elif kind in _FOR_ALL_OF_A_NAMESPACE and not any(
        spec.get(key) for key in ("selector", "workloadSelector", "targetRefs", "targetRef")
    ):
        _offer_all(links, namespace)
        if namespace == places.root:
            _offer_all(links)
    add = partial(_walk, links, namespace, places)
    add(metadata.get("labels"))
    add(metadata.get("annotations"))
    own = mapping(metadata.get("labels"))
    add(own.get("istio.io/use-waypoint"), text(own.get("istio.io/use-waypoint-namespace")))
    if _ISTIOD in (own.get("app"), get(value, *(path or ()), "metadata", "labels", "app")):
        _offer_all(links)
    _add_kind(links, kind, spec, namespace, name, places)
    for key, found in value.items():
        if key not in ("apiVersion", "kind", "metadata", "status", "spec", "data", "binaryData", "stringData"):
            add({key: found})
    add(spec)


def naming(name: str, namespace: str, places: Places) -> Links:
    """What a name asks for in a namespace, itself alone: not the wildcards that cover it."""
    _, asked, _ = _said(name, namespace, places)
    return Links(asked=set(asked[:1]))


def _add_kind(links: Links, kind: str, spec: Mapping[str, Any], namespace: str, name: str, places: Places) -> None:
    """What an object of a certain kind decides about."""
    for host in texts(spec.get(_WITH_HOSTS[kind])) if kind in _WITH_HOSTS else ():
        _offer(links, host, namespace, places)
    if kind == kinds.DESTINATION_RULE:
        _offer(links, text(spec.get("host")), namespace, places)
    elif kind == kinds.GATEWAY:
        links.offered.add(link(f"g:{namespace}"))
        if not labels(spec.get("selector")):
            _offer_all(links)
    elif kind == kinds.AUTHORIZATION_POLICY:
        links.asked.update(link(f"sa:{each}") for each in _accounts(spec, namespace))
    elif kind == kinds.SERVICE_ACCOUNT:
        links.offered.add(link(f"sa:{namespace}/{name}"))
    elif kind in (kinds.WORKLOAD_ENTRY, kinds.WORKLOAD_GROUP):
        links.asked.update(_pairs(labels(spec.get("labels"))))
        links.asked.update(_pairs(labels(get(spec, "metadata", "labels"))))
    elif kind in (kinds.SERVICE_ENTRY, kinds.SERVICE, kinds.KUBERNETES_GATEWAY):
        _add_addresses(links, spec, entry=kind == kinds.SERVICE_ENTRY)
    elif kind == kinds.SCALED_OBJECT:
        links.offered.add(link(f"k:{text(get(spec, 'scaleTargetRef', 'name'))}"))
    elif kind in _ROUTES:
        _add_parents(links, spec, namespace)


def _accounts(spec: Mapping[str, Any], namespace: str) -> Iterator[str]:
    """The service accounts of callers that an AuthorizationPolicy names by themselves, as NAMESPACE/NAME."""
    for _, rule in entries(spec.get("rules"), ()):
        sources = (mapping(each.get("source")) for _, each in entries(rule.get("from"), ()))
        named = [
            name
            for each in sources
            for key in ("serviceAccounts", "notServiceAccounts")
            for name in texts(each.get(key))
        ]
        for _, each in entries(rule.get("when"), ()):
            if each.get("key") == "source.serviceAccount":
                named += (*texts(each.get("values")), *texts(each.get("notValues")))
        yield from (name if "/" in name else f"{namespace}/{name}" for name in named)


def _add_addresses(links: Links, spec: Mapping[str, Any], *, entry: bool) -> None:
    """The addresses and ports of what is called: those of a ServiceEntry may clash with any."""
    addresses = spec.get("addresses")
    for found in (*texts(addresses), *(text(each.get("value")) for _, each in entries(addresses, ()))):
        _both(links, link(f"h:{found}"))
    for _, port in entries(spec.get("ports"), ()):
        numbers = {link(f"p:{port[key]}") for key in ("port", "number", "targetPort") if port.get(key)}
        links.asked.update(numbers)
        links.offered.update(numbers if entry else ())


def _add_parents(links: Links, spec: Mapping[str, Any], namespace: str) -> None:
    """Routes of one parent meet where one of them names no host."""
    for _, parent in entries(spec.get("parentRefs"), ()):
        place = link(f"r:{text(parent.get('namespace')) or namespace}/{text(parent.get('name'))}")
        links.asked.add(place)
        if not texts(spec.get("hostnames")) or parent.get("kind") not in (None, "Gateway"):
            links.offered.add(place)


def _add_pods(links: Links, template: Mapping[str, Any], namespace: str, places: Places) -> None:
    """What may select the pods of a template, whose account they have, and what their labels and annotations name."""
    metadata, spec = mapping(template.get("metadata")), mapping(template.get("spec"))
    carried = mapping(metadata.get("labels"))
    links.asked.update(_pairs(carried))
    past = mapping(metadata.get("annotations")).get(_PAST_THE_SIDECAR)
    links.offered.update(link(f"p:{port.strip()}") for port in (past.split(",") if isinstance(past, str) else ()))
    account = text(spec.get("serviceAccountName")) or text(spec.get("serviceAccount")) or "default"
    links.offered.add(link(f"sa:{namespace}/{account}"))
    links.asked.add(link(f"{namespace}/{account}"))
    _walk(links, namespace, places, carried)
    _walk(links, namespace, places, metadata.get("annotations"))


def _walk(links: Links, namespace: str, places: Places, value: Any, within: str = "") -> None:
    """Every text in a value may name something, in the namespace that stands beside it or in its own."""
    if isinstance(value, str):
        offered, asked, wide = _said(value, within or namespace, places)
        links.offered.update(offered)
        links.wide.update(offered if wide else ())
        links.asked.update(asked)
    elif isinstance(value, dict):
        beside = value.get("namespace")
        inner = beside if isinstance(beside, str) and beside else within
        for key, found in value.items():
            if key in _SELECTORS and isinstance(found, dict):
                _select(links, found, namespace, places)
            if key == "gateways":
                links.asked.update(_gateway_places(texts(found), namespace))
            if key in _WITH_NAMES and isinstance(found, list):
                for each in found:
                    nameless = {own: part for own, part in mapping(each).items() if own != "name"}
                    _walk(links, namespace, places, nameless, inner)
            elif isinstance(found, str | dict | list):
                _walk(links, namespace, places, found, inner)
    elif isinstance(value, list):
        for found in value:
            _walk(links, namespace, places, found, within)


def _gateway_places(written: Iterable[str], namespace: str) -> Iterator[int]:
    """The namespaces of the Gateways that are named: another of the same namespace may be meant."""
    return (link(f"g:{each.rpartition('/')[0] or namespace}") for each in written)


def _select(links: Links, selector: dict[str, Any], namespace: str, places: Places) -> None:
    """One pair of labels that all pods have that are selected; all of the namespace where there is none, or of the mesh."""
    found = next((selector[key] for key in ("matchLabels", "labels") if isinstance(selector.get(key), dict)), selector)
    pairs = [
        (key, value)
        for key, value in found.items()
        if isinstance(value, str) and not is_added_later(key) and not has_placeholder(value)
    ]
    links.asked.update(_pairs(found))
    if pairs:
        key, value = max(pairs, key=lambda pair: (any(each in pair[0] for each in _NAMES), len(pair[1]), pair))
        links.offered.add(link(f"l:{key}={value}"))
        links.selecting.add(link(f"l:{key}={value}"))
    else:
        _offer_all(links, namespace)
        if found or namespace == places.root:
            _offer_all(links)


def _pairs(carried: Mapping[str, Any]) -> Iterator[int]:
    return (link(f"l:{key}={value}") for key, value in carried.items())


def _offer_all(links: Links, namespace: str = "") -> None:
    """Link to all of a namespace, or to all."""
    each = link(f"n:{namespace}") if namespace else ALL
    links.offered.add(each)
    links.wide.add(each)


def _both(links: Links, each: int) -> None:
    links.offered.add(each)
    links.asked.add(each)


def _offer(links: Links, host: str, namespace: str, places: Places) -> None:
    """Whoever names the host, or another that this one covers, is linked; hosts that overlap as well."""
    if has_placeholder(host):
        _offer_all(links)
    elif host == "*":
        _both(links, link("h:*"))
    elif host:
        offered, asked, _ = _said(host, namespace, places)
        links.offered.update(offered)
        links.offered.update(asked[:1] if not host.startswith("*") else ())
        links.asked.update(asked)


def _said(value: str, namespace: str, places: Places) -> tuple[tuple[int, ...], tuple[int, ...], bool]:
    """What a text offers and asks for; of a host it asks for itself first."""
    key = (namespace, value)
    if key not in places.said:
        if len(places.said) > _MOST:
            places.said.clear()
        offered, asked = _read(value, namespace, places)
        wide = any(each == "*" or each.startswith("n:") for each in offered)
        places.said[key] = tuple(map(link, offered)), tuple(map(link, asked)), wide
    return places.said[key]


Said = tuple[tuple[str, ...], tuple[str, ...]]
_NOTHING: Final[Said] = ((), ())


def _read(value: str, namespace: str, places: Places) -> Said:
    if not value or len(value) > _LONGEST or not _NAME.fullmatch(value):
        return _NOTHING
    if "/sa/" in value or "/ns/" in value:
        return _principal(value)
    before, slash, after = value.partition("/")
    if "://" in value:
        return _read(value.partition("://")[2].partition("/")[0].partition(":")[0], namespace, places)
    if not slash:
        return _host(value.lower(), namespace, places)
    place = {".": namespace, "~": "", "*": ""}.get(before, before.removeprefix("~"))
    if after == "*":
        return ((f"n:{place}",) if place else ("*",) if before == "*" else ()), ()
    if "/" in after or not after:
        return _NOTHING
    return _host(after.lower(), place or namespace, places)


def _host(host: str, namespace: str, places: Places) -> Said:
    if host == "*":
        return _NOTHING
    if host.startswith("*"):
        return (f"h:{host}",), (f"h:{host}", *_parents(host))
    parts = host.split(".")
    if len(parts) == 1:
        full = f"{host}.{namespace}.svc.{places.domain}"
        return (), (f"{namespace}/{host}", f"n:{host}", *_parents(full))
    if len(parts) > _HOST_OF_TWO and parts[2] == "svc":
        return (), (f"{parts[1]}/{parts[0]}", f"h:{host}", *_parents(host))
    also = (f"{parts[1]}/{parts[0]}",) if len(parts) == _HOST_OF_TWO else ()
    return (), (f"h:{host}", *also, f"{namespace}/{host}", *_parents(host))


def _parents(host: str) -> tuple[str, ...]:
    """The wildcards that cover a host."""
    parts = host.split(".")
    return (*(f"h:*.{'.'.join(parts[at:])}" for at in range(1, len(parts))), "h:*")


def _principal(value: str) -> Said:
    """Whose certificate a policy names: pods with the account offer it."""
    _, _, rest = value.partition("ns/")
    namespace, _, account = rest.partition("/sa/")
    if not namespace or "*" in namespace:
        return ("*",), ()
    if not account or "*" in account:
        return (f"n:{namespace.rstrip('/')}",), ()
    return (), (f"{namespace}/{account}", f"sa:{namespace}/{account}")
