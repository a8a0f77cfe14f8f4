"""What a change does to the traffic, in the mesh's words."""

from typing import Any

from tests.route.mesh import destination_rule, service, virtual_service, world

from sailwright.commands.diff.traffic import traffic_changes
from sailwright.mesh.world import World

STAFF = """
- name: staff-first
  match: [{headers: {x-user-group: {exact: staff}}, uri: {exact: /api/v2}, method: {exact: GET}}]
  route: [{destination: {host: reviews, subset: %s}}]
"""
ALL = """
- name: all
  %s
  route: [{destination: {host: reviews, subset: v1}, weight: %d}, {destination: {host: reviews, subset: v2}, weight: %d}]
"""


def side(*rules: str, subsets: tuple[str, ...] = ("v1", "v2", "v3"), more: str = "", **spec: Any) -> World:
    """A mesh whose host reviews has these rules."""
    extra = "".join(f"{key}: {value}\n" for key, value in spec.items())
    rules_text = "".join(rules).replace("  \n", "")
    return world(
        service("reviews", "shop", "9080")
        + destination_rule("reviews", "reviews", *subsets)
        + virtual_service("reviews", f"hosts: [reviews]\n{extra}http:{rules_text}")
        + more
    )


def lines(before: World, after: World) -> list[str]:
    """The lines of the diff."""
    return [change.line for change in traffic_changes(before, after)]


def test_classes_of_requests_and_their_new_ways() -> None:
    """Each class of requests that takes another way is one line."""
    assert lines(side(STAFF % "v2", ALL % ("", 80, 20)), side(STAFF % "v3", ALL % ("", 50, 50))) == [
        "GET /api/v2 with x-user-group: staff: v2 100 % -> v3 100 %",
        "everybody else: v1 80 -> 50 %, v2 20 -> 50 %",
    ]


def test_a_direct_response_without_a_body_is_its_status() -> None:
    """Nothing stands where there is nothing; a body that comes is a change from none."""
    closed = side("\n- directResponse: {status: 403}\n")
    told = side("\n- directResponse: {status: 403, body: {string: closed}}\n")
    assert lines(side(ALL % ("", 80, 20)), closed) == ["every request: v1 80 %, v2 20 % -> direct response 403"]
    assert lines(closed, told) == ["every request: body none -> closed"]


def test_a_rule_that_no_request_reaches_any_more_is_named() -> None:
    """With the rule that takes its requests."""
    found = lines(side(STAFF % "v3", ALL % ("", 80, 20)), side(ALL % ("", 80, 20), STAFF % "v3"))
    assert found == [
        "GET /api/v2 with x-user-group: staff: v3 100 % -> v1 80 %, v2 20 %",
        "no longer reachable: rule staff-first (shadowed by all)",
    ]
    shadowing = ALL.replace("name: all", "name: api") % ("match: [{uri: {prefix: /api}}]", 80, 20)
    last = ALL % ("", 80, 20)
    assert "no longer reachable: rule staff-first (shadowed by api)" in lines(
        side(STAFF % "v3", shadowing, last), side(shadowing, STAFF % "v3", last)
    )


def test_a_change_of_the_text_alone_moves_nothing() -> None:
    """Other weights with the same shares, another name, a match that says the same."""
    assert lines(side(ALL % ("", 80, 20)), side(ALL % ("", 8, 2))) == []
    assert lines(side(ALL % ("", 80, 20)), side(ALL.replace("all", "rest") % ("", 80, 20))) == []
    assert lines(side(ALL % ("", 80, 20)), side(ALL % ("match: [{uri: {prefix: /}}]", 80, 20))) == []


def test_classes_with_the_same_change_are_told_together() -> None:
    """Two entries of one rule make one line."""
    two = "match: [{uri: {exact: /a}}, {headers: {x: {exact: '1'}}}]"
    timeout = (ALL % (two, 1, 1)).replace("route:", "timeout: 5s\n  route:")
    assert lines(side(ALL % (two, 1, 1), ALL % ("", 80, 20)), side(timeout, ALL % ("", 80, 20))) == [
        "/a; requests with x: 1: timeout none -> 5s"
    ]


def test_a_subset_that_goes_is_told_as_the_failure_it_is() -> None:
    """The rules stay, the requests do not arrive."""
    found = lines(side(ALL % ("", 80, 20)), side(ALL % ("", 80, 20), subsets=("v1",)))
    assert found == ["every request: v1 80 %, v2 20 % -> v1 80 %, v2 (unknown: 503) 20 %"]


def test_callers_are_named_where_it_concerns_some_only() -> None:
    """By namespace and labels, as rules tell them apart."""
    marked = ALL % ("match: [{sourceLabels: {app: web}}]", 0, 100)
    assert lines(side(ALL % ("", 80, 20)), side(marked.replace("all", "web"), ALL % ("", 80, 20))) == [
        "from app=web in shop: every request: v1 80 %, v2 20 % -> v2 100 %"
    ]
    private = side(STAFF % "v3", ALL % ("", 80, 20), exportTo="['.']")
    found = lines(side(STAFF % "v3", ALL % ("", 80, 20)), private)
    assert found
    assert all(line.startswith("from other namespaces: ") for line in found)


def test_a_host_that_no_service_has() -> None:
    """It is compared on the HTTP port."""
    base = service("web", "shop", "80") + service("other", "shop", "80") + service("far", "away", "80")
    rule = "hosts: [www.example.com]\nhttp: [{route: [{destination: {host: %s}}]}]"
    before, after = (world(base + virtual_service("www", rule % name)) for name in ("web", "other"))
    assert lines(before, after) == ["every request: web.shop 100 % -> other.shop 100 %"]


def test_connections() -> None:
    """Where no HTTP is routed, the share of connections is told."""
    spec = """
hosts: [db]
tcp: [{route: [{destination: {host: db, subset: v1}, weight: %d}, {destination: {host: db, subset: v2}, weight: %d}]}]
"""
    base = service("db", "shop", "5432/tcp") + destination_rule("db", "db", "v1", "v2")
    before, after = (world(base + virtual_service("db", spec % split)) for split in ((90, 10), (50, 50)))
    assert lines(before, after) == ["connections: v1 90 -> 50 %, v2 10 -> 50 %"]


def test_a_sidecar_that_changes_is_said() -> None:
    """What its workloads see is not worked out."""
    narrow = """---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: ['%s']}]}
"""
    before, after = (side(ALL % ("", 80, 20), more=narrow % hosts) for hosts in ("*/*", "./*"))
    assert lines(before, after) == ["Sidecar shop/default changes: which hosts its workloads reach is not compared"]


def test_a_delegate_that_changes_concerns_the_hosts_of_its_root() -> None:
    """The root's host is compared."""
    root = "hosts: [reviews]\nhttp: [{match: [{uri: {prefix: /api}}], delegate: {name: child}}]"
    child = "http: [{name: one, route: [{destination: {host: reviews, subset: %s}}]}]"
    base = service("reviews", "shop", "9080") + destination_rule("reviews", "reviews", "v1", "v2")
    before, after = (
        world(base + virtual_service("root", root) + virtual_service("child", child % subset))
        for subset in ("v1", "v2")
    )
    assert lines(before, after) == ["/api*: v1 100 % -> v2 100 %"]


def test_routes_of_the_gateway_api_change_traffic_too() -> None:
    """Of a Service for its callers, and of a Gateway for those outside."""
    text = """---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews}]
  rules: [{matches: [{path: {value: /a}}], backendRefs: [{name: NAME, port: 80}]}]
"""
    both = service("reviews") + service("cart") + service("other")
    before, after = (world(both + text.replace("NAME", name)) for name in ("cart", "other"))
    assert lines(before, after) == ["/a[/*]: cart.shop 100 % -> other.shop 100 %"]
    assert lines(before, before) == []
    gateway = """---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}]}
"""
    outside = gateway + text.replace('{group: "", kind: Service, name: reviews}', "{name: public}")
    before, after = (world(both + outside.replace("NAME", name)) for name in ("cart", "other"))
    assert lines(before, after) == ["from gateway shop/public: /a[/*]: cart.shop 100 % -> other.shop 100 %"]
