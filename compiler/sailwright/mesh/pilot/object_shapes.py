"""The shape of the objects that decide routing: which fields the simulator reads, and what each must hold.

An object of another shape would be refused by the API server, so nothing can be said about where it sends a request.
Source: the CustomResourceDefinitions of Istio and the Kubernetes Service API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values import kinds

TEXT, INTEGER, NUMBER, BOOLEAN = "a text", "an integer", "a number", "true or false"
TYPES: Mapping[str, tuple[type, ...]] = {TEXT: (str,), INTEGER: (int,), NUMBER: (int, float), BOOLEAN: (bool,)}

STRINGS = {"*": TEXT}
STRING_MATCH = {"exact": TEXT, "prefix": TEXT, "regex": TEXT}
PERCENT = {"value": NUMBER}
DESTINATION = {"host": TEXT, "subset": TEXT, "port": {"number": INTEGER}}
OPERATIONS = {"set": STRINGS, "add": STRINGS, "remove": [TEXT]}
HEADERS = {"request": OPERATIONS, "response": OPERATIONS}
SOURCE = {"port": INTEGER, "sourceLabels": STRINGS, "sourceNamespace": TEXT, "gateways": [TEXT]}
HTTP_MATCH = {
    **SOURCE,
    "name": TEXT,
    "uri": STRING_MATCH,
    "scheme": STRING_MATCH,
    "method": STRING_MATCH,
    "authority": STRING_MATCH,
    "headers": {"*": STRING_MATCH},
    "withoutHeaders": {"*": STRING_MATCH},
    "queryParams": {"*": STRING_MATCH},
    "ignoreUriCase": BOOLEAN,
}
FAULT = {
    "delay": {"fixedDelay": TEXT, "percentage": PERCENT, "percent": INTEGER},
    "abort": {"httpStatus": INTEGER, "grpcStatus": TEXT, "percentage": PERCENT},
}
HTTP_ROUTE = {
    "name": TEXT,
    "match": [HTTP_MATCH],
    "route": [{"destination": DESTINATION, "weight": INTEGER, "headers": HEADERS}],
    "redirect": {
        "uri": TEXT,
        "prefixRewrite": TEXT,
        "authority": TEXT,
        "scheme": TEXT,
        "port": INTEGER,
        "derivePort": TEXT,
        "redirectCode": INTEGER,
    },
    "directResponse": {"status": INTEGER, "body": {"string": TEXT, "bytes": TEXT}},
    "delegate": {"name": TEXT, "namespace": TEXT},
    "rewrite": {"uri": TEXT, "authority": TEXT, "uriRegexRewrite": {"match": TEXT, "rewrite": TEXT}},
    "timeout": TEXT,
    "retries": {"attempts": INTEGER, "perTryTimeout": TEXT, "retryOn": TEXT},
    "fault": FAULT,
    "mirror": DESTINATION,
    "mirrors": [{"destination": DESTINATION, "percentage": PERCENT}],
    "mirrorPercentage": PERCENT,
    "mirrorPercent": INTEGER,
    "headers": HEADERS,
}
L4_ROUTE = [{"destination": DESTINATION, "weight": INTEGER}]
L4_MATCH = {**SOURCE, "destinationSubnets": [TEXT], "sniHosts": [TEXT]}

SHAPES: Mapping[str, Mapping[str, Any]] = {
    kinds.VIRTUAL_SERVICE: {
        "hosts": [TEXT],
        "gateways": [TEXT],
        "exportTo": [TEXT],
        "http": [HTTP_ROUTE],
        "tcp": [{"match": [L4_MATCH], "route": L4_ROUTE}],
        "tls": [{"match": [L4_MATCH], "route": L4_ROUTE}],
    },
    kinds.DESTINATION_RULE: {
        "host": TEXT,
        "exportTo": [TEXT],
        "subsets": [{"name": TEXT, "labels": STRINGS}],
        "workloadSelector": {"matchLabels": STRINGS},
    },
    kinds.SERVICE_ENTRY: {
        "hosts": [TEXT],
        "addresses": [TEXT],
        "exportTo": [TEXT],
        "resolution": TEXT,
        "location": TEXT,
        "ports": [{"number": INTEGER, "name": TEXT, "protocol": TEXT}],
        "endpoints": [{"labels": STRINGS}],
    },
    kinds.SERVICE: {
        "type": TEXT,
        "clusterIP": TEXT,
        "clusterIPs": [TEXT],
        "externalName": TEXT,
        "ports": [{"name": TEXT, "port": INTEGER, "protocol": TEXT, "appProtocol": TEXT}],
    },
    kinds.SIDECAR: {
        "workloadSelector": {"labels": STRINGS},
        "egress": [{"port": {"number": INTEGER, "protocol": TEXT, "name": TEXT}, "bind": TEXT, "hosts": [TEXT]}],
        "outboundTrafficPolicy": {"mode": TEXT, "egressProxy": DESTINATION},
    },
    kinds.GATEWAY: {
        "selector": STRINGS,
        "servers": [
            {
                "port": {"number": INTEGER, "protocol": TEXT, "name": TEXT},
                "hosts": [TEXT],
                "tls": {"mode": TEXT, "httpsRedirect": BOOLEAN},
            }
        ],
    },
}


MESH_CONFIG: Mapping[str, Any] = {
    "rootNamespace": TEXT,
    "trustDomain": TEXT,
    "h2UpgradePolicy": TEXT,
    "outboundTrafficPolicy": {"mode": TEXT, "egressProxy": DESTINATION},
    "inboundTrafficPolicy": {"mode": TEXT},
    "pathNormalization": {"normalization": TEXT},
    "defaultHttpRetryPolicy": {"attempts": INTEGER, "retryOn": TEXT, "perTryTimeout": TEXT},
    "defaultServiceExportTo": [TEXT],
    "defaultVirtualServiceExportTo": [TEXT],
    "defaultDestinationRuleExportTo": [TEXT],
    "serviceSettings": [{"settings": {"clusterLocal": BOOLEAN}, "hosts": [TEXT]}],
}
"""The fields of MeshConfig that decide where requests go."""


def mesh_config_problems(value: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """What in a MeshConfig is not of the shape that istiod demands: the path of each fault, and what must be there."""
    return _faults(value, MESH_CONFIG, ())


def problems(kind: str, value: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """What in an object is not of the shape that its kind (a name of `kinds`) demands: the path of each fault, and what must stand there."""
    spec = value.get("spec")
    if spec is not None and kind in SHAPES and not _fits(spec, SHAPES[kind]):
        yield from _faults(spec, SHAPES[kind], ("spec",))


def _fits(value: Any, shape: Any) -> bool:
    """Whether `_faults` would find nothing: most objects are as they should be, and their paths need not be written out."""
    if value is None:
        return True
    if isinstance(shape, str):
        return isinstance(value, TYPES[shape]) and (shape == BOOLEAN or not isinstance(value, bool))
    if isinstance(shape, list):
        return isinstance(value, list) and all(item is not None and _fits(item, shape[0]) for item in value)
    if not isinstance(value, dict):
        return False
    every = shape.get("*")
    return all(_fits(item, shape.get(key, every)) for key, item in value.items() if key in shape or every is not None)


def _faults(value: Any, shape: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if value is None:
        return
    if isinstance(shape, str):
        if not isinstance(value, TYPES[shape]) or (isinstance(value, bool) and shape != BOOLEAN):
            yield path, shape
    elif isinstance(shape, list):
        yield from _list_faults(value, shape[0], path)
    elif not isinstance(value, dict):
        yield path, "a mapping"
    else:
        for key, item in value.items():
            inner = shape.get(key, shape.get("*"))
            if inner is not None:
                yield from _faults(item, inner, (*path, key))


def _list_faults(value: Any, shape: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, list):
        yield path, "a list"
        return
    for index, item in enumerate(value):
        if item is None:
            yield (*path, index), "no empty item"
        else:
            yield from _faults(item, shape, (*path, index))
