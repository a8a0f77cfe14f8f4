"""Which virtual host, and which VirtualService, a request goes by."""

from tests.route.mesh import SHOP, ask, hosts, service, simulator, virtual_service

from sailwright.route.scope import Caller

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
    assert mesh.ports(SHOP) == [80]
    table = mesh.table(SHOP, 80)
    assert table is not None
    assert [host.host for host in table.hosts] == ["cart.shop.svc.cluster.local"]
