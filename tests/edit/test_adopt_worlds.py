"""Random worlds are adopted: what the drafts render is what was there, object by object and request by request."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import traffic_changes
from sailwright.commands.edit.adopt.adoption import Adoption, EmptyCheckout
from sailwright.commands.edit.adopt.api_defaults import PODS
from sailwright.commands.edit.adopt.comparison import compare
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.commands.edit.adopt.drafted_checkout import DraftedCheckout
from sailwright.commands.edit.adopt.inventory import Key, key_of
from sailwright.commands.edit.adopt.proof import Compiled, compile_drafts, only_ports
from sailwright.commands.edit.adopt.write import texts
from sailwright.mesh.world import World
from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import replace
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import parse

Tree = dict[str, Any]
LABELS = ("version", "track", "release", "app.kubernetes.io/version")
PORTS: tuple[Tree, ...] = (
    {"name": "http", "port": 80, "targetPort": 8080},
    {"name": "web", "port": 81, "targetPort": "web"},
    {"name": "grpc-api", "port": 82},
    {"name": "admin", "port": 83, "appProtocol": "tcp"},
    {"name": "dns", "port": 53, "protocol": "UDP"},
    {"name": "tls-in", "port": 84},
    {"name": "x", "port": 85, "appProtocol": "kubernetes.io/ws"},
)
SIDECARS: tuple[Tree, ...] = (
    {},
    {"labels": {"sidecar.istio.io/inject": "false"}},
    {"labels": {"sidecar.istio.io/inject": "true"}},
    {"annotations": {"sidecar.istio.io/inject": "false"}},
    {"annotations": {"proxy.istio.io/config": "{concurrency: 2}"}},
)


@st.composite
def services(draw: st.DrawFn, name: str) -> list[Tree]:
    """A Service with its workloads and, perhaps, the routing for it."""
    helm = draw(st.booleans())
    selector = {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": "prod"} if helm else {"app": name}
    key = draw(st.sampled_from(LABELS))
    count = draw(st.integers(1, 3))
    names = draw(st.permutations(["v1", "stable", "canary", "blue"]))[:count]
    ports = draw(st.lists(st.sampled_from(PORTS), min_size=1, max_size=2, unique_by=lambda port: port["port"]))
    spec: Tree = {"selector": selector, "ports": [dict(port) for port in ports]}
    more: list[Tree] = [{}, {"clusterIP": "None"}, {"sessionAffinity": "ClientIP"}, {"type": "NodePort"}]
    spec |= draw(st.sampled_from(more))
    result = [_object("v1", "Service", name, spec)]
    account = draw(st.sampled_from([None, "shared", f"{name}-own"]))
    told = draw(st.booleans()) or count > 1
    for value in names:
        labels = {**selector, **({key: value} if told else {})}
        result.append(_deployment(draw, f"{name}-{value}", labels, account))
    ruled: bool = draw(st.booleans())
    subsets: list[Tree] = [{"name": value, "labels": {key: value}} for value in names] if told and ruled else []
    if bool(subsets) and draw(st.booleans()):
        subsets[0]["trafficPolicy"] = {"connectionPool": {"tcp": {"maxConnections": 7}}}
    if bool(subsets) or draw(st.booleans()):
        rule: Tree = {"host": draw(st.sampled_from([name, f"{name}.shop.svc.cluster.local"])), "subsets": subsets}
        rule |= draw(st.sampled_from([{}, {"trafficPolicy": {"loadBalancer": {"simple": "RANDOM"}}}]))
        title = draw(st.sampled_from([name, f"{name}-rule"]))
        result.append(_object("networking.istio.io/v1", "DestinationRule", title, rule))
    if draw(st.booleans()):
        result += _routes(draw, name, [subset["name"] for subset in subsets], [port["port"] for port in ports])
    result += _policies(draw, name, selector)
    return result + draw(st.sampled_from([[], [_scaler(result[1]["metadata"]["name"])]]))


def _policies(draw: st.DrawFn, name: str, selector: Tree) -> list[Tree]:
    """Who may call the pods of a service, how, and what they call: in words of service.yaml, and beyond them."""
    sources: list[Tree] = [
        {"principals": ["cluster.local/ns/shop/sa/shared", "cluster.local/ns/edge/sa/public"]},
        {"namespaces": ["edge", "shop"]},
        {"namespaces": ["edge"], "principals": ["*/sa/x"]},
        {"notNamespaces": ["ops"]},
    ]
    allowed = draw(st.lists(st.sampled_from(sources), min_size=1, max_size=2, unique_by=repr))
    rule: Tree = {"from": [{"source": source} for source in allowed]}
    rule |= draw(st.sampled_from([{}, {}, {"to": [{"operation": {"methods": ["GET"], "paths": ["/1*"]}}]}]))
    whose: Tree = {"selector": {"matchLabels": selector}}
    access = draw(
        st.sampled_from(
            [None, {}, {"rules": [rule]}, {"action": "ALLOW", "rules": [rule]}, {"action": "DENY", "rules": [rule]}]
        )
    )
    mode = draw(st.sampled_from([None, None, "STRICT", "PERMISSIVE", "DISABLE"]))
    hosts = draw(
        st.sampled_from(
            [None, None, ["*/*"], ["./*"], ["shop/*", "*/db.example.com"], ["~/*"], ["shop/b.shop.svc.cluster.local"]]
        )
    )
    result = []
    title = draw(st.sampled_from([name, name, f"{name}-allow"]))
    if access is not None:
        result.append(_object("security.istio.io/v1", "AuthorizationPolicy", title, {**whose, **access}))
    if mode is not None:
        result.append(_object("security.istio.io/v1", "PeerAuthentication", title, {**whose, "mtls": {"mode": mode}}))
    if hosts is not None:
        spec = {"workloadSelector": {"labels": selector}, "egress": [{"hosts": hosts}]}
        result.append(_object("networking.istio.io/v1", "Sidecar", title, spec))
    return result


def _scaler(workload: str) -> Tree:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload}
    metric = {
        "type": "Pods",
        "pods": {"metric": {"name": "rps"}, "target": {"type": "AverageValue", "averageValue": "9"}},
    }
    spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 4, "metrics": [metric]}
    return _object("autoscaling/v2", "HorizontalPodAutoscaler", workload, spec)


def _object(version: str, kind: str, name: str, spec: Tree) -> Tree:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


def _deployment(draw: st.DrawFn, name: str, labels: Tree, account: str | None) -> Tree:
    sidecar = draw(st.sampled_from(SIDECARS))
    metadata: Tree = {"labels": {**labels, **sidecar.get("labels", {})}}
    if "annotations" in sidecar:
        metadata["annotations"] = sidecar["annotations"]
    listed = draw(st.sampled_from([[], [{"containerPort": 8080}], [{"name": "web", "containerPort": 8081}]]))
    container: Tree = {"name": "main", "image": f"example.com/{name}:1"} | ({"ports": listed} if listed else {})
    pod: Tree = {"containers": [container]} | ({"serviceAccountName": account} if account else {})
    pod |= draw(st.sampled_from([{}, {"hostNetwork": True}, {"dnsPolicy": "Default"}]))
    spec: Tree = {"selector": {"matchLabels": labels}, "template": {"metadata": metadata, "spec": pod}}
    spec |= draw(st.sampled_from([{}, {"replicas": 3}]))
    return _object("apps/v1", "Deployment", name, spec)


def _routes(draw: st.DrawFn, name: str, subsets: list[str], ports: list[int]) -> list[Tree]:
    def part(subset: str | None) -> Tree:
        port = draw(st.sampled_from([None, None, None, None, *ports]))
        return {
            "destination": {"host": name}
            | ({"subset": subset} if subset else {})
            | ({"port": {"number": port}} if port else {})
        }

    rules: list[Tree] = []
    for number in range(draw(st.integers(0, 2))):
        match = draw(
            st.sampled_from(
                [
                    {"uri": {"prefix": f"/{number}"}},
                    {"headers": {"x-user": {"exact": "a"}}},
                    {"port": ports[0]},
                    {"sourceLabels": {"app": "b"}},
                ]
            )
        )
        rules.append({"match": [match], "route": [part(draw(st.sampled_from([None, *subsets])))]})
    if draw(st.booleans()):
        weights = draw(st.sampled_from([(100,), (90, 10)]))
        meant: list[str | None] = [*subsets[: len(weights)]] if len(subsets) >= len(weights) else [None]
        route = [part(subset) for subset in meant]
        if len(route) == 2:
            route = [{**one, "weight": weight} for one, weight in zip(route, weights, strict=True)]
        rules.append({"route": route} | draw(st.sampled_from([{}, {"timeout": "3s"}, {"retries": {"attempts": 2}}])))
    if not rules:
        rules.append({"route": [part(None)]})
    parts: list[Tree] = []
    if draw(st.integers(0, 3)) == 0:
        rules.insert(0, {"match": [{"uri": {"prefix": "/part"}}], "delegate": {"name": f"{name}-part"}})
        handed: list[Tree] = [
            {"match": [{"uri": {"prefix": "/part/a"}}], "route": [part(None)]},
            {"route": [part(None)], "timeout": "1s"},
        ]
        parts = [_object("networking.istio.io/v1", "VirtualService", f"{name}-part", {"http": handed})]
    spec: Tree = {"hosts": draw(st.sampled_from([[name], [f"{name}.shop.svc.cluster.local"]])), "http": rules}
    if draw(st.booleans()):
        spec = {"hosts": [*spec["hosts"], "shop.example.com"], "gateways": ["mesh", "edge/public"], "http": rules}
    title = draw(st.sampled_from([name, f"{name}-routes"]))
    return [_object("networking.istio.io/v1", "VirtualService", title, spec), *parts]


NAMESPACES = st.sampled_from([None, {}, {"istio-injection": "enabled"}, {"istio-injection": "disabled"}])
WORLDS = st.tuples(services("a"), services("b"), NAMESPACES)


def world_of(drawn: tuple[list[Tree], list[Tree], Tree | None]) -> list[Tree]:
    first, second, labels = drawn
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}
    gateway = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "public", "namespace": "edge"},
        "spec": {
            "selector": {"istio": "ingress"},
            "servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}],
        },
    }
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "shared", "namespace": "shop"}}
    job: Tree = {
        "template": {
            "metadata": {"labels": {"job": "m", "sidecar.istio.io/inject": "false"}},
            "spec": {"restartPolicy": "Never", "containers": [{"name": "m", "image": "example.com/m:1"}]},
        }
    }
    entry: Tree = {
        "hosts": ["db.example.com"],
        "ports": [{"number": 5432, "name": "tcp", "protocol": "TCP"}],
        "resolution": "DNS",
    }
    others = [
        _object("batch/v1", "Job", "migrate", job),
        _object("networking.istio.io/v1", "ServiceEntry", "db", entry),
    ]
    return [*([namespace] if labels is not None else []), gateway, account, *first, *second, *others]


def read(objects: list[Tree]) -> tuple[Manifest, ...]:
    text = "---\n".join(json.dumps(value) + "\n" for value in objects)
    return manifests(parse("k8s/all.yaml", text.encode(), "manifest"))


def compiled(adoption: Adoption) -> Compiled:
    """What the drafted repository renders, compiled anew from the files alone."""
    return compile_drafts(DraftedCheckout(EmptyCheckout(), texts(adoption)), open_cache())


def pods(value: Tree) -> Any:
    node: Any = value
    for key in PODS[value["kind"]]:
        node = node[key]
    return node["metadata"]


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=80)
@given(WORLDS)
def test_what_is_drafted_is_what_was_there(drawn: tuple[list[Tree], list[Tree], Tree | None]) -> None:
    origins = read(world_of(drawn))
    adoption = adopt(origins)
    assert adoption.complete, [row for row in adoption.rows if row.what == "left out"]
    after = compiled(adoption)
    assert after.findings == ()
    there: dict[Key, Manifest] = {key_of(one): one for one in after.world.manifests}
    for origin in origins:
        now = there[key_of(origin)]
        assert compare(origin.value, now.value, only_ports(origins)).different == []
        if origin.kind in PODS:  # no label is added, none is lost, and so no selector and no injection changes
            assert (pods(now.value).get("annotations") or {}) == (pods(origin.value).get("annotations") or {})
            assert pods(now.value)["labels"] == pods(origin.value)["labels"]
            assert now.spec.get("selector") == origin.spec.get("selector")
        if origin.kind == "Service":
            assert now.spec["selector"] == origin.spec["selector"]
    before: World = replace(after.world, manifests=origins)
    assert traffic_changes(before, after.world) == ()
    assert list(call_changes(before, after.world)) == []
    sidecars = (
        {key_of(one.manifest): world.index.injected(one) for one in world.index.workloads}
        for world in (before, after.world)
    )
    assert next(sidecars) == next(sidecars)


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=20)
@given(WORLDS)
def test_adoption_says_the_same_in_any_order(drawn: tuple[list[Tree], list[Tree], Tree | None]) -> None:
    objects = world_of(drawn)
    assert texts(adopt(read(objects))) == texts(adopt(read(objects[::-1])))


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=20)
@given(WORLDS)
def test_what_is_rendered_can_be_adopted_again(drawn: tuple[list[Tree], list[Tree], Tree | None]) -> None:
    """The way back and forth: the rendered objects, adopted, render the same again."""
    first = compiled(adopt(read(world_of(drawn))))
    again = compiled(
        adopt(read([one.value for one in first.world.manifests if not one.api_version.startswith("sailwright/")]))
    )
    assert traffic_changes(first.world, again.world) == ()
