"""Which virtual host, and which VirtualService, a request goes by."""

from tests.route.mesh import SHOP, ask, destination_rule, hosts, service, simulator, virtual_service

from sailwright.mesh.pilot.sidecar_scope import Caller

TO = "http: [{route: [{destination: {host: %s}}]}]"


def test_names_of_a_service_depend_on_the_namespace_of_the_caller() -> None:
    """The short name is for callers of the service's own namespace; the longer forms are for all."""
    mesh = simulator(service("cart") + service("audit", "pay"))
    for name in ("cart", "cart.shop", "cart.shop.svc", "cart.shop.svc.cluster.local", "CART:80", "cart.shop.svc."):
        expected = "passthrough" if name == "cart.shop.svc." else "route"
        assert ask(mesh, name)["kind"] == expected, name
    assert ask(mesh, "audit")["kind"] == "passthrough"
    assert ask(mesh, "audit.pay")["kind"] == "route"
    assert ask(mesh, "cart", caller=Caller("pay"))["kind"] == "passthrough"


def test_an_unknown_host_goes_by_the_outbound_policy() -> None:
    """ALLOW_ANY lets it out, REGISTRY_ONLY answers 502."""
    assert ask(simulator(service("cart")), "example.com") == {"kind": "passthrough"}
    closed = simulator(service("cart"), {"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}})
    assert ask(closed, "example.com") == {"kind": "blocked", "status": 502}


def test_the_oldest_virtual_service_owns_the_host() -> None:
    """Sidecars never merge: the first VirtualService with a rule for this caller and port takes the host."""
    mesh = simulator(
        service("cart")
        + service("one")
        + service("two")
        + virtual_service("b", "hosts: [cart]\n" + TO % "two")
        + virtual_service("a", "hosts: [cart]\n" + TO % "one")
    )
    answer = ask(mesh, "cart")
    assert hosts(answer) == ["one:80"]
    assert answer["virtualService"] == "shop/a"


def test_a_virtual_service_whose_rules_are_for_others_does_not_count() -> None:
    """Rules for other ports, labels or namespaces are left out; with none left the next one owns the host."""
    elsewhere = "hosts: [cart]\nhttp: [{match: [{sourceLabels: {app: other}}], route: [{destination: {host: one}}]}]"
    mesh = simulator(
        service("cart")
        + service("one")
        + service("two")
        + virtual_service("a", elsewhere)
        + virtual_service("b", "hosts: [cart]\n" + TO % "two")
    )
    assert hosts(ask(mesh, "cart")) == ["two:80"]
    assert hosts(ask(mesh, "cart", caller=Caller("shop", (("app", "other"),)))) == ["one:80"]


def test_the_longest_wildcard_wins() -> None:
    """A full name beats every wildcard, a longer wildcard a shorter one, whatever their age."""
    mesh = simulator(
        service("one")
        + service("two")
        + virtual_service("a", "hosts: ['*.example.com']\n" + TO % "one")
        + virtual_service("b", "hosts: ['*.eu.example.com']\n" + TO % "two")
    )
    assert hosts(ask(mesh, "x.example.com")) == ["one:80"]
    assert hosts(ask(mesh, "x.eu.example.com")) == ["two:80"]
    assert ask(mesh, "example.com")["kind"] == "passthrough"


def test_a_host_without_a_service_is_known_on_port_80_only() -> None:
    """istiod gives such a host a virtual host on port 80 alone."""
    mesh = simulator(
        service("one", "shop", "80", "8080") + virtual_service("a", "hosts: [www.example.com]\n" + TO % "one")
    )
    assert ask(mesh, "www.example.com")["kind"] == "route"
    assert ask(mesh, "www.example.com:8080", port=8080)["kind"] == "passthrough"


def test_export_to_hides_a_virtual_service() -> None:
    """One that is exported to its own namespace decides nothing for callers elsewhere."""
    private = "hosts: [audit]\nexportTo: ['.']\n" + TO % "other"
    mesh = simulator(service("audit", "pay") + service("other", "pay") + virtual_service("a", private, "pay"))
    assert hosts(ask(mesh, "audit.pay")) == ["audit:80"]
    assert hosts(ask(mesh, "audit.pay", caller=Caller("pay"))) == ["other:80"]


def test_a_sidecar_narrows_what_its_workloads_see() -> None:
    """Hosts that are not imported are unknown; those a VirtualService routes to keep their clusters."""
    narrow = """---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: [./cart.shop.svc.cluster.local]}]}
"""
    cart = "hosts: [cart]\nhttp: [{route: [{destination: {host: two}}, {destination: {host: nowhere}}]}]"
    mesh = simulator(
        service("cart")
        + service("two")
        + narrow
        + virtual_service("a", cart.replace("}},", "}, weight: 1},").replace("}}]}]", "}, weight: 1}]}]"))
    )
    answer = ask(mesh, "cart")
    assert [found.get("unknown") for found in answer["destinations"]] == [None, True]
    assert ask(mesh, "two")["kind"] == "passthrough"
    assert ask(mesh, "two", caller=Caller("pay"))["kind"] == "passthrough"
    assert ask(mesh, "two.shop", caller=Caller("pay"))["kind"] == "route"


def test_the_host_table_lists_what_a_caller_sees() -> None:
    """`--explain-hosts` asks this."""
    mesh = simulator(service("cart") + service("db", "shop", "3306/mysql"))
    ((port, table),) = mesh.route_configurations(SHOP)
    assert port == 80
    assert [host.host for host in table.hosts] == ["cart.shop.svc.cluster.local"]


def test_an_external_name_leads_to_its_service() -> None:
    """Its names are domains of the service it points to; a destination that names it means that service."""
    alias = "  type: ExternalName\n  externalName: cart.shop.svc.cluster.local\n"
    rules = virtual_service("web", "hosts: [web]\nhttp: [{route: [{destination: {host: basket}}]}]")
    mesh = simulator(service("cart") + service("web") + service("basket", "shop", "80", extra=alias) + rules)
    assert hosts(ask(mesh, "basket")) == ["cart:80"]
    assert hosts(ask(mesh, "web")) == ["cart:80"]


def test_a_kubernetes_service_comes_before_an_entry_of_the_same_host() -> None:
    """Of one host in several namespaces the caller's own is seen, then the Kubernetes Service."""
    entry = """---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: cart, namespace: other}
spec: {hosts: [cart.shop.svc.cluster.local], ports: [{number: 81, name: http, protocol: HTTP}]}
"""
    mesh = simulator(service("cart") + service("x", "shop", "81") + entry)
    assert ask(mesh, "cart.shop", caller=Caller("pay"))["kind"] == "route"
    assert ask(mesh, "cart.shop:81", port=81, caller=Caller("pay"))["kind"] == "passthrough"


def test_a_service_entry_with_wildcards() -> None:
    """The destination is the entry's host."""
    entry = """---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: wild, namespace: shop}
spec: {hosts: ['*.example.com'], ports: [{number: 80, name: http, protocol: HTTP}], resolution: NONE}
"""
    mesh = simulator(service("cart") + entry)
    assert ask(mesh, "a.example.com")["destinations"][0]["host"] == "*.example.com"


def test_a_headless_service_also_has_the_names_of_its_pods() -> None:
    """`pod.service` and its longer forms."""
    mesh = simulator(service("db", "shop", "80", extra="  clusterIP: None\n"))
    assert hosts(ask(mesh, "db-0.db.shop.svc.cluster.local")) == ["db:80"]
    assert hosts(ask(mesh, "db-0.db")) == ["db:80"]


def test_destination_rules_of_the_callers_namespace_come_first() -> None:
    """Even a wildcard one there hides the exact one of the service's namespace, and its subsets."""
    rules = virtual_service("cart", "hosts: [cart]\nhttp: [{route: [{destination: {host: cart, subset: v1}}]}]")
    own = destination_rule("all", "'*.local'", "v9", namespace="pay")
    mesh = simulator(service("cart") + destination_rule("cart", "cart", "v1") + own + rules)
    assert "unknown" not in ask(mesh, "cart")["destinations"][0]
    assert ask(mesh, "cart.shop", caller=Caller("pay"))["destinations"][0]["unknown"] is True


def test_destination_rules_of_one_host_are_merged() -> None:
    """Their subsets come together where they are for the same audience; a selector's are for its workloads."""
    rules = virtual_service("cart", "hosts: [cart]\nhttp: [{route: [{destination: {host: cart, subset: v2}}]}]")
    two = destination_rule("a", "cart", "v1") + destination_rule("b", "cart", "v2")
    assert "unknown" not in ask(simulator(service("cart") + two + rules), "cart")["destinations"][0]
    chosen = destination_rule("c", "cart", "v2", extra="  workloadSelector: {matchLabels: {app: client}}\n")
    mesh = simulator(service("cart") + destination_rule("a", "cart", "v1") + chosen + rules)
    assert "unknown" not in ask(mesh, "cart")["destinations"][0]
    assert ask(mesh, "cart", caller=Caller("shop"))["destinations"][0]["unknown"] is True


def test_a_sidecar_may_leave_namespaces_and_hosts_out() -> None:
    """`~NAMESPACE/HOST` takes out what other entries bring in, from 1.31 on; `~/*` brings in nothing."""
    mesh = service("pay") + service("pay", "prod") + service("log", "prod")

    def seen(hosts: str, authority: str, release: str = "1.31.0") -> str:
        scope = f"""---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: default, namespace: shop}}
spec: {{egress: [{{hosts: [{hosts}]}}]}}
"""
        return str(ask(simulator(mesh + scope, istio_version=release), authority)["kind"])

    assert seen('"*/*"', "pay.prod") == "route"
    assert seen('"*/*", "~prod/*"', "pay.prod") == "passthrough"
    assert seen('"*/*", "~prod/*"', "pay") == "route"
    assert seen('"*/*", "~prod/pay.prod.svc.cluster.local"', "pay.prod") == "passthrough"
    assert seen('"*/*", "~prod/pay.prod.svc.cluster.local"', "log.prod") == "route"
    assert seen('"*/*", "~/log.prod.svc.cluster.local"', "log.prod") == "passthrough"
    assert seen('"~/*"', "pay") == "passthrough"
    assert seen('"*/*", "~prod/*"', "pay.prod", "1.30.0") == "route"
