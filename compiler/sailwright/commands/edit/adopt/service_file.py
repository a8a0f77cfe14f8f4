"""One group of existing objects as the tree of a service.yaml."""

from __future__ import annotations

from typing import Any

from sailwright.commands.edit.adopt.carried import Carried
from sailwright.commands.edit.adopt.entries import external_words
from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Inventory, match_labels, namespace_of, pod_spec
from sailwright.commands.edit.adopt.pods import account_name, names_account, service_account, settings
from sailwright.commands.edit.adopt.policies import Accounts, policies
from sailwright.commands.edit.adopt.ports import ports
from sailwright.commands.edit.adopt.routing import Host, Routing, Rules, routing, rules_about
from sailwright.commands.edit.adopt.scaling import scaling
from sailwright.commands.edit.adopt.versions import VersionDraft, label_words, object_words, versions_of, workload_words
from sailwright.project.schema.judge import schema
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping

Tree = dict[str, Any]
_INJECTED = frozenset(("istio-proxy", "istio-init", "istio-validation"))
_OF_SERVICE = frozenset(("selector", "ports", "name", "labels", "annotations"))


@dataclass(frozen=True, slots=True)
class Drafting:
    """What the drafts have in common: the objects, what is carried along, and which group renders a ServiceAccount."""

    found: Inventory
    carried: Carried
    creators: dict[tuple[str, str], Group]
    rules: Rules
    accounts: Accounts = Accounts()


def creators(groups: tuple[Group, ...], found: Inventory, carried: Carried) -> dict[tuple[str, str], Group]:
    """The group that renders each ServiceAccount: the first of those whose pods run as it."""
    result: dict[tuple[str, str], Group] = {}
    for group in groups:
        for workload in group.workloads if not external(group, carried) else ():
            account = found.find("ServiceAccount", group.namespace, account_name(workload))
            if account is not None and names_account(workload) and account not in carried:
                result.setdefault((group.namespace, account.name), group)
    return result


def external(group: Group, carried: Carried) -> bool:
    """Whether the workloads of a group are carried along: all of them, or those that service.yaml cannot hold together."""
    kinds = {workload.kind for workload in group.workloads}
    mixed = len(group.workloads) > 1 and kinds != {"Deployment"}
    baked = any(_baked(workload) for workload in group.workloads)
    return mixed or baked or "Rollout" in kinds or any(workload in carried for workload in group.workloads)


def _baked(workload: Manifest) -> bool:
    """Whether a workload carries the containers of an injected sidecar (`istioctl kube-inject`)."""
    spec = pod_spec(workload)
    listed = (*items(spec.get("containers")), *items(spec.get("initContainers")))
    return any(mapping(container).get("name") in _INJECTED for container in listed)


def _why_external(workload: Manifest) -> str:
    if _baked(workload):
        return "its sidecar is in it already, as kube-inject writes it"
    if workload.kind == "Rollout":
        return "Argo Rollouts runs it"
    return "one service.yaml has Deployments, or one workload of another kind"


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """The tree of a service.yaml, and the objects that it takes the place of."""

    tree: Tree
    objects: tuple[Manifest, ...]


def service_file(group: Group, drafting: Drafting) -> ServiceDraft:
    """The service.yaml of a group."""
    carried = drafting.carried
    tree: Tree = {"apiVersion": "sailwright/v1alpha1", "name": group.name, "namespace": group.namespace}
    if group.entry is not None:
        return ServiceDraft({**tree, **(external_words(group.entry) or {})}, (group.entry,))
    service = group.service if group.service is not None and group.service not in carried else None
    rule, routes = rules_about(group, drafting.rules, carried) if service else (None, None)
    versions = versions_of(group, rule)
    listed = items(service.spec.get("ports")) if service else []
    only = listed[0].get("port") if len(listed) == 1 else None
    host = Host(group.name, group.namespace, tuple(version.name for version in versions), only)
    routed = routing(host, rule, routes, versions, carried)
    if service:
        _services(tree, group, service, carried, routed=bool(routes and items(routes.spec.get("http"))))
    objects = [one for one in group.services if service and one not in carried]
    if group.workloads:
        if external(group, carried):
            for workload in group.workloads:
                carried.add(workload, _why_external(workload))
            tree["workload"] = "external"
            tree["versions"] = [_external_version(version, tree, versions, routed) for version in versions]
        else:
            _pods(tree, group, versions, routed, drafting)
            objects += _with_pods(group, drafting)
    tree |= routed.top
    words, taken = policies(group, drafting.found, carried, drafting.accounts)
    tree |= words
    objects += taken
    objects += [one for one in (rule, routes) if one is not None and one not in carried]
    return ServiceDraft(tree, tuple(objects))


def _with_pods(group: Group, drafting: Drafting) -> list[Manifest]:
    """The workloads of a group, and what is rendered because of them."""
    found, result = drafting.found, list(group.workloads)
    for name in dict.fromkeys(map(account_name, group.workloads)):
        account = found.find("ServiceAccount", group.namespace, name)
        if account is not None and drafting.creators.get((group.namespace, name)) is group:
            result.append(account)
    for workload in group.workloads:
        for kind in ("HorizontalPodAutoscaler", "PodDisruptionBudget"):
            scaler = found.find(kind, group.namespace, workload.name)
            if scaler is not None and scaler not in drafting.carried:
                result.append(scaler)
    return result


def _services(tree: Tree, group: Group, service: Manifest, carried: Carried, *, routed: bool) -> None:
    if listed := ports(service, routed=routed):
        tree["ports"] = listed
    fields = _fields(service)
    selector = service.spec.get("selector")
    if selector and selector != {"app": group.name}:
        fields = {"selector": selector, **fields}
    if fields:
        tree["service"] = fields
    others = [other for other in group.others if other not in carried]
    if others:
        tree["additionalServices"] = [
            {
                "name": other.name,
                **({"selector": other.spec["selector"]} if other.spec.get("selector") != selector else {}),
                "ports": ports(other, routed=False),
                **_fields(other),
            }
            for other in others
        ]


def _fields(service: Manifest) -> Tree:
    known = schema("service")["$defs"]["ServiceSettings"]["properties"]
    fields = {key: value for key, value in service.spec.items() if key in known and key not in _OF_SERVICE}
    if fields.get("type") == "ClusterIP":
        del fields["type"]
    return fields | object_words(service)


def _external_version(version: VersionDraft, tree: Tree, versions: tuple[VersionDraft, ...], routed: Routing) -> Tree:
    words = label_words(version, tree, several=len(versions) > 1 or "trafficPolicy" in routed.top)
    return {"name": version.name, **words, **routed.versions.get(version.name, {})}


def _pods(tree: Tree, group: Group, versions: tuple[VersionDraft, ...], routed: Routing, drafting: Drafting) -> None:
    first = versions[0].workload
    if first.kind != "Deployment":
        tree["workload"] = _workload(first)
    by_version = {version.name: _settings(version, tree, group, drafting) for version in versions}
    shared = _shared(list(by_version.values()))
    if shared:
        tree["defaults"] = shared
    tree["versions"] = []
    for version in versions:
        own = by_version[version.name]
        words = label_words(version, tree, several=len(versions) > 1 or "trafficPolicy" in routed.top)
        adopted = workload_words(version, group.name, written=bool(words)) if first.kind == "Deployment" else {}
        tree["versions"].append(
            {
                "name": version.name,
                "image": own.get("image"),
                **routed.versions.get(version.name, {}),
                **words,
                **({"workload": adopted} if adopted else {}),
                **{key: value for key, value in own.items() if key not in shared and key != "image"},
            }
        )


def _settings(version: VersionDraft, tree: Tree, group: Group, drafting: Drafting) -> Tree:
    workload = version.workload
    result = settings(workload, group.name, _listed(tree))
    creates = drafting.creators.get((namespace_of(workload), account_name(workload))) is group
    account = service_account(workload, group.name, drafting.found, create=creates)
    if account is not None:
        result["serviceAccount"] = account
    return result | scaling(workload, drafting.found, drafting.carried)


def _listed(tree: Tree) -> list[dict[str, Any]] | None:
    """The ports that a container gets from those of the service; None where only the container can say which number a name is."""
    ports = [
        *items(tree.get("ports")),
        *(port for one in items(tree.get("additionalServices")) for port in one["ports"]),
    ]
    if any(isinstance(port.get("targetPort"), str) for port in ports):
        return None
    from sailwright.project.service.build_service import port_of
    from sailwright.render.pod import container_ports

    return container_ports(tuple(port_of(port, ("ports", at)) for at, port in enumerate(tree.get("ports") or ())))


def _shared(by_version: list[Tree]) -> Tree:
    """The settings that all versions have alike, but the image: those go under `defaults`."""
    first, *others = by_version
    return {
        key: value
        for key, value in first.items()
        if key != "image" and all(other.get(key) == value for other in others)
    }


def _workload(workload: Manifest) -> Tree:
    """The `workload` block of a kind that has one version."""
    known = schema("service")["$defs"]["WorkloadKind"]["properties"]
    job = (workload.spec.get("jobTemplate") or {}).get("spec") if workload.kind == "CronJob" else None
    fields = {**(job or {}), **workload.spec}
    result: Tree = {"kind": workload.kind, "name": workload.name}
    if selector := match_labels(workload):
        result["selector"] = dict(selector)
    pods = pod_spec(workload)
    if workload.kind in ("Job", "CronJob") and "restartPolicy" in pods:
        fields["restartPolicy"] = pods["restartPolicy"]
    left = ("selector", "name", "kind", "labels", "annotations")
    return (
        result
        | {key: value for key, value in fields.items() if key in known and key not in left}
        | object_words(workload)
    )
