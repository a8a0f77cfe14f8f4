"""From a resolved tree, already judged by the schema, to a Service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sailwright.diagnostics.finding import Path
from sailwright.project.service.model import Service
from sailwright.project.service.parts import (
    AccessPolicy,
    AdditionalService,
    Callee,
    Caller,
    ConfigFiles,
    Expose,
    External,
    GatewayListener,
    MeshSettings,
    ObjectPatch,
    Port,
    ServiceAccount,
    TestCase,
    Version,
    Workload,
)
from sailwright.project.service.resolve import Target
from sailwright.project.service.routing import ROUTE_SETTINGS, mirrors, routes, traffic_policy
from sailwright.project.service.trace import Places
from sailwright.source.source import Document

Part = TypeVar("Part")
Tree = Mapping[str, Any]

_VERSION_WORDS = frozenset(("name", "weight", "retire", "trafficPolicy", "subset", "workload", "$patch", "before"))


def build_service(document: Document, value: Tree, trace: Places, target: Target) -> Service:
    """The Service that the resolved tree of a target describes. Expects what `resolve` gives, without findings of the schema."""
    name, namespace = value["name"], value["namespace"]
    workload = _workload(value.get("workload"))
    return Service(
        document=document,
        tree=value,
        trace=trace,
        environment=target.environment,
        cluster=target.cluster,
        name=name,
        namespace=namespace,
        owner=value.get("owner"),
        system=value.get("system"),
        labels=value.get("labels") or {},
        annotations=value.get("annotations") or {},
        ports=_each(value, "ports", port_of),
        service_settings=value.get("service") or {},
        workload=workload,
        versions=_versions(value, name, workload),
        external=_external(value["external"]) if "external" in value else None,
        traffic_policy=traffic_policy(value.get("trafficPolicy")),
        routes=routes(value),
        default_route={key: value[key] for key in ROUTE_SETTINGS if key in value},
        default_mirrors=mirrors(value, ()),
        export_to=_texts(value, "exportTo"),
        expose=_expose(value["expose"], namespace) if "expose" in value else None,
        access_policy=_access_policy(value.get("accessPolicy") or {}, namespace),
        mesh=_mesh(value.get("mesh") or {}),
        config=_config(value["config"]) if "config" in value else None,
        include=tuple(value.get("include") or ()),
        patches=_each(value, "patches", _patch),
        tests=_each(value, "tests", _test),
        additional_services=_additional_services(value),
        names=value.get("names") or {},
        routing=value.get("routing") or {},
    )


def _each(value: Tree, key: str, make: Callable[[Any, Path], Part]) -> tuple[Part, ...]:
    items = value.get(key)
    return tuple([make(item, (key, index)) for index, item in enumerate(items)]) if items else ()


def _texts(value: Tree, key: str) -> tuple[str, ...] | None:
    return tuple(value[key]) if key in value else None


def port_of(value: Tree, path: Path) -> Port:
    """A port as `ports` has it."""
    number = value["port"]
    return Port(
        name=value["name"],
        port=number,
        target_port=value.get("targetPort", number),
        app_protocol=value["appProtocol"],
        protocol=value.get("protocol") or ("UDP" if value["appProtocol"] == "udp" else "TCP"),
        node_port=value.get("nodePort"),
        path=path,
    )


def _additional_services(value: Tree) -> tuple[AdditionalService, ...]:
    """More Services in front of the pods; one without ports of its own has those of the first."""
    result = []
    for index, item in enumerate(value.get("additionalServices") or ()):
        path: Path = ("additionalServices", index)
        above: tuple[Tree, Path] = (item, path) if "ports" in item else (value, ())
        ports = tuple(port_of(port, (*above[1], "ports", at)) for at, port in enumerate(above[0].get("ports") or ()))
        settings = {key: entry for key, entry in item.items() if key not in ("name", "ports", "$patch")}
        result.append(AdditionalService(item["name"], settings, ports, path))
    return tuple(result)


def _workload(value: str | Tree | None) -> Workload:
    if isinstance(value, str):
        return Workload("Deployment", external=True, fields={})
    fields = dict(value or {})
    return Workload(fields.pop("kind", "Deployment"), external=False, fields=fields)


def _versions(value: Tree, service: str, workload: Workload) -> tuple[Version, ...]:
    items = value.get("versions") or ()
    weighted = any("weight" in item for item in items)
    return tuple(
        Version(
            name=item["name"],
            weight=item.get("weight", 0) if weighted else None,
            retire=item.get("retire", False),
            settings={key: entry for key, entry in item.items() if key not in _VERSION_WORDS},
            traffic_policy=traffic_policy(item.get("trafficPolicy")),
            workload_name=_workload_name(item, service, workload),
            selector=_selector(item, service, workload),
            service_account=_service_account(item.get("serviceAccount"), service, ("versions", index)),
            path=("versions", index),
            subset=(item["subset"].get("labels") or {}) if "subset" in item else None,
            workload_labels=_of_workload(item, workload, "labels"),
            workload_annotations=_of_workload(item, workload, "annotations"),
        )
        for index, item in enumerate(items)
    )


def _of_workload(version: Tree, workload: Workload, key: str) -> Mapping[str, str]:
    return {**(workload.fields.get(key) or {}), **((version.get("workload") or {}).get(key) or {})}


def _workload_name(version: Tree, service: str, workload: Workload) -> str:
    adopted = version.get("workload") or {}
    default = workload.fields.get("name") or f"{service}-{version['name']}"
    return str(adopted.get("name") or default)


def _selector(version: Tree, service: str, workload: Workload) -> Mapping[str, str]:
    adopted = version.get("workload") or {}
    default = {"app": service, "version": version["name"]}
    if "subset" in version:  # its pods have the labels that are written, and no others
        default = version.get("labels") or {}
    return adopted.get("selector") or workload.fields.get("selector") or default


def _service_account(value: str | Tree | None, service: str, version: Path) -> ServiceAccount:
    path = (*version, "serviceAccount")
    if value == "":
        return ServiceAccount("default", create=False, annotations={}, path=path, named=False)
    if isinstance(value, str):
        return ServiceAccount(value, create=True, annotations={}, path=path)
    fields = value or {}
    return ServiceAccount(
        name=fields.get("name") or service,
        create=fields.get("create", True),
        annotations=fields.get("annotations") or {},
        path=path,
        labels=fields.get("labels") or {},
    )


def _qualified(name: str, namespace: str) -> str:
    return name if "/" in name else f"{namespace}/{name}"


def _expose(value: Tree, namespace: str) -> Expose:
    written: list[Tree] = [{"name": item} if isinstance(item, str) else item for item in value["gateways"]]
    listeners = tuple(
        GatewayListener(
            _qualified(item["name"], namespace),
            item.get("sectionName"),
            item.get("port"),
            ("expose", "gateways", index),
        )
        for index, item in enumerate(written)
    )
    gateways = tuple(dict.fromkeys(listener.gateway for listener in listeners))
    return Expose(tuple(value["hosts"]), gateways, _texts(value, "exportTo"), ("expose",), listeners)


def _access_policy(value: Tree, namespace: str) -> AccessPolicy:
    def caller(item: Mapping[Any, str], path: Path) -> Caller:
        kind, name = next(iter(item.items()))
        return Caller(
            kind, _qualified(name, namespace) if kind.startswith("service") else name, ("accessPolicy", *path)
        )

    def callee(item: Mapping[Any, str], path: Path) -> Callee:
        kind, name = next(iter(item.items()))
        return Callee(kind, _qualified(name, namespace) if kind == "service" else name, ("accessPolicy", *path))

    inbound = _each(value, "inbound", caller) if "inbound" in value else None
    return AccessPolicy(inbound, _each(value, "outbound", callee) if "outbound" in value else None)


def _mesh(value: Tree) -> MeshSettings:
    return MeshSettings(
        inject=value.get("inject", "build"),
        mtls=value.get("mtls"),
        sidecar=value.get("sidecar") or {},
        istio=value.get("istio") or {},
        waypoint=value.get("waypoint") or "",
    )


def _external(value: Tree) -> External:
    return External(
        hosts=tuple(value["hosts"]),
        addresses=tuple(value.get("addresses") or ()),
        location=value.get("location", "MESH_EXTERNAL"),
        resolution=value.get("resolution", "DNS"),
        endpoints=tuple(value.get("endpoints") or ()),
        workload_selector=value.get("workloadSelector"),
        subject_alt_names=tuple(value.get("subjectAltNames") or ()),
    )


def _config(value: Tree) -> ConfigFiles:
    files = value["files"]
    path = ("config", "files")
    if isinstance(files, dict):
        entries = tuple((key, name, (*path, key)) for key, name in files.items())
    else:
        entries = tuple((name.rpartition("/")[2], name, (*path, index)) for index, name in enumerate(files))
    return ConfigFiles(entries, value.get("mountPath"))


def _patch(value: Tree, path: Path) -> ObjectPatch:
    target = value["target"]
    return ObjectPatch(target["kind"], target.get("name"), value["patch"], path)


def _test(value: Tree, path: Path) -> TestCase:
    name = value.get("name") or f"test {int(path[-1]) + 1}"
    return TestCase(name, value.get("from") or {}, value.get("request") or {}, value["expect"], path)
