"""The index: the questions that rules ask of a World."""

from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

SHOP = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80, targetPort: 8080}, {name: mongodb, port: 9000}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart-v1, namespace: shop}
spec:
  template:
    metadata: {labels: {app: cart, version: v1}}
    spec: {containers: [{name: app, image: cart:1}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: sweep, namespace: shop}
spec:
  jobTemplate:
    spec:
      template:
        metadata: {labels: {app: sweep}}
        spec: {containers: [{name: app, image: sweep:1}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partners, namespace: shop}
spec:
  hosts: ["*.partner.example"]
  exportTo: ["."]
  ports: [{number: 443, name: tls, protocol: TLS}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - route: [{destination: {host: cart, subset: v1}, weight: 90}, {destination: {host: cart.shop, port: {number: 80}}, weight: 10}]
    mirror: {host: sweep}
"""


def index(text: str = SHOP, facts: Facts | None = None) -> Index:
    return World(manifests(parse("world.yaml", text.encode())), facts or Facts()).index


def test_objects_are_found_by_kind_and_name() -> None:
    """Kinds are named as kubectl writes them, without a version."""
    assert [found.name for found in index().of(kinds.DEPLOYMENT)] == ["cart-v1"]
    assert index().find(kinds.SERVICE, "shop", "cart") is not None
    assert index().find(kinds.NAMESPACE, "", "shop") is not None
    assert index().find(kinds.SERVICE, "pay", "cart") is None


def test_workloads_are_read_through_their_pod_templates() -> None:
    """A CronJob holds its template deeper than a Deployment."""
    assert [workload.labels["app"] for workload in index().workloads] == ["cart", "sweep"]
    assert index().workloads[1].containers[0].path[:3] == ("spec", "jobTemplate", "spec")


def test_pods_are_found_behind_a_service_and_services_before_a_pod() -> None:
    """A Service selects pods of its own namespace."""
    mesh = index()
    assert [workload.name for workload in mesh.backends(mesh.services[0])] == ["cart-v1"]
    assert [service.name for service in mesh.services_of(mesh.workloads[0])] == ["cart"]
    assert mesh.selected({"app": "cart"}, "pay") == ()


def test_a_host_is_known_unknown_or_undecided() -> None:
    """Without declared hosts, one that the repository lacks may be somewhere else."""
    declared = Facts(known=Known(hosts=("api.example.com", "*.svc.cluster.local")))
    assert index().registry.decide("cart.shop.svc.cluster.local", "pay") == "known"
    assert index().registry.decide("api.example.com") == "undecided"
    assert index(facts=declared).registry.decide("api.example.com") == "known"
    assert index(facts=declared).registry.decide("ghost.shop.svc.cluster.local") == "known"
    assert index(facts=declared).registry.decide("db.example.com") == "unknown"


def test_a_wildcard_host_is_seen_where_it_is_exported() -> None:
    """`exportTo: [.]` keeps a ServiceEntry in its own namespace."""
    mesh = index()
    assert mesh.registry.service("eu.partner.example", "shop") is not None
    assert mesh.registry.service("eu.partner.example", "pay") is None


def test_a_service_without_a_namespace_may_lie_in_any() -> None:
    """`kubectl -n` decides where it goes, so no host of its name is reported missing."""
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {ports: [{port: 80}]}\n"
    facts = Facts(known=Known(hosts=()))
    assert index(text, facts).registry.decide("cart.anywhere.svc.cluster.local") == "known"
    assert index(text, facts).registry.decide("ship.anywhere.svc.cluster.local") == "unknown"


def test_destinations_have_paths_and_full_hosts() -> None:
    """A name with a dot is no short name: Istio does not complete it."""
    found = index().virtual_services[0].destinations
    assert [(each.full_host, each.port, each.subset, each.is_mirror) for each in found] == [
        ("cart.shop.svc.cluster.local", None, "v1", False),
        ("cart.shop", 80, "", False),
        ("sweep.shop.svc.cluster.local", None, "", True),
    ]
    assert found[1].host_path == ("spec", "http", 0, "route", 1, "destination", "host")


def test_subsets_are_found_by_host() -> None:
    """The subsets of every DestinationRule whose host covers it."""
    assert list(index().subsets("cart.shop.svc.cluster.local")) == ["v1"]
    assert index().subsets("sweep.shop.svc.cluster.local") == {}


def test_the_destination_rule_of_the_client_goes_first() -> None:
    """A wildcard rule in the client's namespace hides the exact one beside the service."""
    hiding = "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: all, namespace: pay}\nspec: {host: '*.local'}\n"
    mesh = index(SHOP + hiding)
    assert [rule.namespace for rule in mesh.effective_rules("cart.shop.svc.cluster.local", "shop")] == ["shop"]
    assert [rule.namespace for rule in mesh.effective_rules("cart.shop.svc.cluster.local", "pay")] == ["pay"]


def test_injection_follows_labels() -> None:
    """An undeclared namespace cannot be decided; declared labels of sailwright.yaml count as a Namespace object."""
    workload = index().workloads[0]
    assert index().injected(workload) is True
    plain = SHOP.replace("istio-injection: enabled", "team: a")
    assert index(plain).injected(index(plain).workloads[0]) is False
    without = SHOP.partition("---")[2]
    assert index(without).injected(index(without).workloads[0]) is None
    declared = Facts(namespaces={"shop": {"istio.io/rev": "canary"}})
    assert index(without, declared).injected(index(without, declared).workloads[0]) is True
    assert index(without, declared).namespace("shop").revision == "canary"


def test_to_the_analyzers_only_pods_are_pods_and_names_without_namespace_stay_so() -> None:
    """`--compat istioctl`: templates never stand in for Pods, and of one name the last object counts."""
    mesh = index(SHOP + "---\n" + SHOP, Facts(compat=True))
    assert mesh.workloads == ()
    assert len(mesh.services) == 1
    bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: kube-system}\n"
    assert [(pod.name, pod.namespace) for pod in index(bare, Facts(compat=True)).workloads] == [("a", "")]


def test_a_sidecar_narrows_what_its_clients_see() -> None:
    """The Sidecar that selects a client goes before the one of its namespace."""
    text = SHOP + (
        "---\napiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: default, namespace: pay}\n"
        "spec: {egress: [{hosts: ['./*', 'shop/cart.shop.svc.cluster.local']}]}\n"
        "---\napiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: till, namespace: pay}\n"
        "spec: {workloadSelector: {labels: {app: till}}, egress: [{hosts: ['~/*']}]}\n"
    )
    sidecars = index(text).sidecars
    assert sidecars.sees("pay", {"app": "ads"}, "cart.shop.svc.cluster.local", "shop")
    assert not sidecars.sees("pay", {"app": "ads"}, "mail.shop.svc.cluster.local", "shop")
    assert not sidecars.sees("pay", {"app": "till"}, "cart.shop.svc.cluster.local", "shop")
    assert sidecars.sees("shop", {}, "anything.pay.svc.cluster.local", "pay")


def test_a_tree_of_any_shape_is_survived() -> None:
    """Whether a shape is right is the validator's business; the index reads what there is."""
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: odd, labels: [a]}\nspec: {ports: [3, {port: x}], selector: 4}\n---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: odd}\nspec: {hosts: 3, http: [1, {route: {a: 1}, mirror: [x]}], tcp: {}}\n"
    mesh = index(text)
    assert [port.number for port in mesh.services[0].ports] == [0]
    assert mesh.backends(mesh.services[0]) == ()
    assert mesh.virtual_services[0].destinations == ()


def meant(host: str, namespace: str = "shop") -> str | None:
    """What a host that is nowhere means, in a repository with a few Services of `shop`."""
    names = ("reviews", "redis-a", "shard-1", "cart")
    services = "---".join(
        f"\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\n" for name in names
    )
    everything = services + "---\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nspec: {hosts: ['*']}\n"
    return World(manifests(parse("all.yaml", everything.encode()))).index.registry.meant(host, namespace)


def test_a_slip_of_the_hand_is_told_from_another_name() -> None:
    host = "reviews.shop.svc.cluster.local"
    for slip in ("reveiws", "review", "reviewss", "reviewz"):
        assert meant(f"{slip}.shop.svc.cluster.local") == host
    assert meant("reviews.shop") == meant("reviews.shop.svc") == host
    for other in ("ratings", "redis-b", "shard-2", "card", "reviewed"):
        assert meant(f"{other}.shop.svc.cluster.local") is None
    assert meant("reviews.example.com") is meant("reveiws.pay.svc.cluster.local") is None


def test_mesh_config_comes_from_the_project_else_from_its_config_map() -> None:
    written = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n"
    objects = manifests(parse("all.yaml", f"{written}    trustDomain: corp\n    accessLogFile: /dev/stdout\n".encode()))
    assert World(objects).index.mesh.trust_domain == "corp"
    assert World(objects, Facts(mesh_config={"trustDomain": "other"})).index.mesh.trust_domain == "other"
    assert World(objects, Facts(compat=True)).index.mesh.trust_domain == "cluster.local"
    assert World(objects, Facts(revision="canary")).index.mesh.trust_domain == "cluster.local"
    broken = manifests(parse("all.yaml", f"{written}    {{: [\n".encode()))
    assert World(broken).index.mesh.trust_domain == "cluster.local"


def test_a_hidden_host_leaves_it_to_the_wildcard_that_is_seen() -> None:
    entry = "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: %s, namespace: pay}\nspec: %s\n"
    hidden = entry % ("hidden", "{hosts: [a.example.com], exportTo: [.]}")
    seen = entry % ("seen", "{hosts: ['*.example.com']}")
    registry = World(manifests(parse("all.yaml", f"{hidden}---\n{seen}".encode()))).index.registry
    assert [found.name for found in registry.services("a.example.com", "shop")] == ["seen"]
    assert [found.name for found in registry.services("a.example.com", "pay")] == ["hidden"]
    assert [found.name for found in registry.services("a.example.com")] == ["hidden"]
