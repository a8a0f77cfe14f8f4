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


def sidecar(hosts: str, more: str = "", namespace: str = "shop") -> str:
    """A Sidecar that imports these hosts."""
    return f"""---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: default, namespace: {namespace}}}
spec: {{{more} egress: [{{hosts: [{hosts}]}}]}}
"""


CALLEES = service("pay", "shop", "80") + service("cart", "other", "80", "5432/tcp")


def sidecar_lines(before: str, after: str) -> list[str]:
    """What the diff says of one mesh with two Sidecars; nothing at all is there for none."""
    return lines(world(CALLEES + before), world(CALLEES + after))


def test_a_sidecar_that_changes_is_told_by_what_its_workloads_reach() -> None:
    """What it takes away or brings back, for its callers alone; what it still imports is not mentioned."""
    cart = "from namespace shop to cart.other.svc.cluster.local"
    assert sidecar_lines(sidecar("'*/*'"), sidecar("'./*'")) == [
        f"{cart}: port 80: the host is no longer known here: passthrough",
        f"{cart}: port 5432: connections: cart.other 100 % -> passthrough",
    ]
    assert sidecar_lines(sidecar("'./*'"), "") == [
        f"{cart}: port 80: the host becomes known here",
        f"{cart}: port 5432: connections: passthrough -> cart.other 100 %",
    ]
    assert sidecar_lines(sidecar("'*/*'"), sidecar("'*/*', './*'")) == []
    assert sidecar_lines("", sidecar("'*/*'")) == []


def test_a_sidecar_that_changes_concerns_the_workloads_it_selects() -> None:
    """One of the root namespace those of every namespace that has none of its own."""
    chosen = sidecar_lines("", sidecar("'./*'", "workloadSelector: {labels: {app: web}},"))
    assert chosen
    assert all(line.startswith("from app=web in shop to cart") for line in chosen)
    everywhere = sidecar_lines(sidecar("'*/*'"), sidecar("'*/*'") + sidecar("'./*'", namespace="istio-system"))
    assert (
        "from namespace other to pay.shop.svc.cluster.local: the host is no longer known here: passthrough"
        in everywhere
    )
    assert not [line for line in everywhere if line.startswith("from namespace shop ")]


def test_callers_of_a_sidecar_beyond_the_most_are_counted() -> None:
    """A Sidecar of the root namespace concerns every namespace."""
    many = "".join(service("a", f"team-{number}", "80") for number in range(20))
    found = lines(world(CALLEES + many), world(CALLEES + many + sidecar("'./*'", namespace="istio-system")))
    assert [line for line in found if "more callers" in line] == [
        "11 more callers of changed Sidecars were not compared"
    ]


def test_a_sidecar_decides_about_hosts_that_nobody_knows() -> None:
    """By its outboundTrafficPolicy."""
    registry_only = "outboundTrafficPolicy: {mode: REGISTRY_ONLY},"
    assert sidecar_lines(sidecar("'*/*'"), sidecar("'*/*'", registry_only)) == [
        "from namespace shop to hosts that the mesh does not know: passthrough -> blocked 502"
    ]


def test_a_destination_that_a_sidecar_takes_away_is_missed_where_routes_lead_to_it() -> None:
    """The VirtualService stays, the cluster goes."""
    routes = virtual_service(
        "pay",
        "hosts: [pay]\nhttp: [{route: [{destination: {host: cart.other.svc.cluster.local, port: {number: 80}}}]}]",
    )
    entry = "'./pay.shop.svc.cluster.local'"
    found = sidecar_lines(routes + sidecar("'*/*'"), routes + sidecar(entry))
    assert not [line for line in found if "to pay.shop" in line], "destinations of imported routes are imported"


def test_what_a_sidecar_says_of_incoming_requests_is_not_compared() -> None:
    """And the diff says so."""
    own = "ingress: [{port: {number: 80, name: http, protocol: HTTP}, defaultEndpoint: '127.0.0.1:8080'}],"
    assert sidecar_lines(sidecar("'*/*'"), sidecar("'*/*'", own)) == [
        "Sidecar shop/default changes ingress: what its own listeners do with the requests that arrive is not compared"
    ]


PLAIN_SERVER = "{hosts: ['*'], port: {number: 80, name: http, protocol: HTTP}}"
TLS_SERVER = "{hosts: ['*'], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: a}}"
REDIRECTING = PLAIN_SERVER.replace("HTTP}", "HTTP}, tls: {httpsRedirect: true}")
NO_SERVER = "blocked no Gateway of this workload has a server for"


def gateway(*servers: str, name: str = "public") -> str:
    """A Gateway of the workload `istio: edge`."""
    return f"""---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: edge}}
spec: {{selector: {{istio: edge}}, servers: [{", ".join(servers)}]}}
"""


FRONT = virtual_service(
    "front",
    "hosts: [shop.example.com]\ngateways: [edge/public]\nhttp: [{route: [{destination: {host: pay}}]}]",
)


def gateway_lines(before: str, after: str) -> list[str]:
    """What the diff says of one host behind two Gateways."""
    return sidecar_lines(FRONT + before, FRONT + after)


def test_a_gateway_that_changes_is_told_by_the_requests_it_takes() -> None:
    """Servers that come and go, other ports and hosts, the redirect to HTTPS."""
    public = "from gateway edge/public: "
    assert gateway_lines(gateway(PLAIN_SERVER), gateway(PLAIN_SERVER, TLS_SERVER)) == [
        f"{public}https port 443: every request: {NO_SERVER} https on port 443 -> pay.shop:80 100 %"
    ]
    assert gateway_lines(gateway(PLAIN_SERVER), gateway(REDIRECTING)) == [
        f"{public}every request: pay.shop 100 % -> redirect 301"
    ]
    assert gateway_lines(gateway(PLAIN_SERVER), gateway(PLAIN_SERVER.replace("'*'", "'api.example.com'"))) == [
        f"{public}the host is no longer known here: 404"
    ]
    assert (
        gateway_lines(gateway(PLAIN_SERVER), gateway(PLAIN_SERVER, name="public") + gateway(TLS_SERVER, name="x")) == []
    )


def test_a_gateway_that_comes_or_goes() -> None:
    """Its hosts are answered by nobody without it, unless another Gateway of the same workload has a server there."""
    line = f"from gateway edge/public: every request: pay.shop 100 % -> {NO_SERVER} http on port 80"
    assert gateway_lines(gateway(PLAIN_SERVER), "") == [line]
    assert gateway_lines("", gateway(PLAIN_SERVER)) == [
        f"from gateway edge/public: every request: {NO_SERVER} http on port 80 -> pay.shop 100 %"
    ]


def test_bytes_at_a_gateway_are_compared_too() -> None:
    """Of a TCP server."""
    server = "{hosts: ['*'], port: {number: 9000, name: tcp, protocol: TCP}}"
    destination = "destination: {host: cart.other.svc.cluster.local, port: {number: 5432}}"
    routes = virtual_service("db", f"hosts: ['*']\ngateways: [edge/public]\ntcp: [{{route: [{{{destination}}}]}}]")
    before, after = (routes.replace("5432", port) + gateway(server) for port in ("5432", "80"))
    assert sidecar_lines(before, after) == [
        "from gateway edge/public: connections: cart.other:5432 100 % -> cart.other:80 100 %"
    ]


def test_what_a_gateway_presents_to_its_clients_is_not_compared() -> None:
    """Its certificates; said for servers that both sides have."""
    changed = TLS_SERVER.replace("credentialName: a", "credentialName: b")
    assert gateway_lines(gateway(TLS_SERVER), gateway(changed)) == [
        "Gateway edge/public changes tls of its servers: certificates and handshakes are not compared"
    ]


def test_requests_at_a_gateway_that_nobody_describes_are_not_compared() -> None:
    """Said where routes at it change, with what to declare."""
    (line,) = sidecar_lines(FRONT, FRONT.replace("host: pay", "host: cart.other.svc.cluster.local"))
    assert line.startswith("requests at Gateway edge/public are not compared: its servers are not known")
    assert sidecar_lines(FRONT, FRONT) == []


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
