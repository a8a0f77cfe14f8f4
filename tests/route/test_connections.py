"""TCP and TLS connections of a sidecar, and what enters at a Gateway."""

from typing import Any

from tests.route.mesh import SHOP, ask, destination_rule, hosts, service, simulator, virtual_service

from sailwright.route.callers import gateway_caller
from sailwright.route.envoy.connections import refused_listeners
from sailwright.route.request_input import from_url
from sailwright.route.simulator import Simulator


def connect(mesh: Simulator, url: str) -> dict[str, Any]:
    """The answer to a URL from a workload of shop."""
    return mesh.answer(SHOP, from_url(url, "GET", ()))


DATABASE = (
    service("db", "shop", "5432/tcp", extra="  clusterIP: 10.0.0.9\n")
    + destination_rule("db", "db", "v1", "v2")
    + virtual_service(
        "db",
        """
hosts: [db]
tcp:
- match: [{port: 1}]
  route: [{destination: {host: nowhere}}]
- match: [{destinationSubnets: [10.0.0.0/30]}]
  route: [{destination: {host: nowhere}}]
- match: [{sourceLabels: {app: client}}]
  route: [{destination: {host: db, subset: v1}, weight: 1}, {destination: {host: db, subset: v2}, weight: 3}]
""",
    )
)


def test_tcp_goes_by_port_source_and_subnet() -> None:
    """The first rule without a subnet ends the search; conditions are all joined by "and"."""
    answer = connect(simulator(DATABASE), "tcp://db:5432")
    assert hosts(answer) == ["db:5432/v1", "db:5432/v2"]
    assert (answer["protocol"], answer["virtualService"]) == ("tcp", "shop/db")


def test_a_subnet_rule_takes_the_addresses_it_holds() -> None:
    """The smallest network wins over rules for all addresses."""
    inside = DATABASE.replace("10.0.0.9", "10.0.0.1")
    assert hosts(connect(simulator(inside), "tcp://db:5432")) == ["nowhere:5432"]


def test_without_the_address_a_subnet_rule_cannot_be_decided() -> None:
    """The Service's file names no clusterIP, as most do."""
    unknown = DATABASE.replace("  clusterIP: 10.0.0.9\n", "")
    answer = connect(simulator(unknown), "tcp://db:5432")
    assert answer["kind"] == "cannot decide"
    assert "destinationSubnets" in answer["reason"]


def test_http_to_a_tcp_port_is_bytes() -> None:
    """No http rule has a say there."""
    answer = connect(simulator(DATABASE + service("cart")), "http://db:5432/x")
    assert answer["protocol"] == "tcp"


def test_only_http_is_routed_on_a_port_that_is_declared_http() -> None:
    """Other bytes go where those for unknown hosts go: through to the address that was dialled, or nowhere."""
    answer = connect(simulator(service("cart")), "tcp://cart:80")
    assert answer["kind"] == "passthrough"
    assert "HTTP" in answer["reason"]
    closed = {"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}}
    assert connect(simulator(service("cart"), closed), "tls://cart:80")["kind"] == "blocked"


EXTERNAL = """---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.example.com, '*.wild.example.com']
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: NONE
"""


def entry(name: str, port: str, addresses: str = "", resolution: str = "NONE") -> str:
    """A ServiceEntry of the host NAME.example.com with one port `NUMBER/PROTOCOL`."""
    number, _, protocol = port.partition("/")
    return f"""---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: {name}, namespace: shop}}
spec:
  hosts: [{name}.example.com]
  addresses: [{addresses}]
  ports: [{{number: {number}, name: p, protocol: {protocol}}}]
  resolution: {resolution}
"""


def first(answer: dict[str, Any]) -> str:
    """The first destination's host, else what happens instead."""
    return str(answer["destinations"][0]["host"]) if answer["kind"] == "route" else str(answer["kind"])


def test_an_entry_without_addresses_takes_all_bytes_of_its_port() -> None:
    """Also those for hosts nobody knows, and what is no HTTP on an HTTP port; the older of two takes everything."""
    mesh = simulator(service("cart") + entry("db", "80/TCP") + entry("other", "80/TCP"))
    assert first(connect(mesh, "tcp://cart:80")) == "db.example.com"
    assert first(connect(mesh, "tcp://nowhere.example.net:80")) == "db.example.com"
    assert first(connect(mesh, "tcp://other.example.com:80")) == "db.example.com"
    assert first(connect(mesh, "http://cart/")) == "cart.shop.svc.cluster.local"


def test_an_address_may_be_a_network() -> None:
    """Every address of it leads to the entry, and none outside of it; HTTP too, as the address comes before the bytes."""
    mesh = simulator(entry("net", "9000/TCP", "10.50.0.0/16") + service("cart", "shop", "9000"))
    assert first(connect(mesh, "tcp://10.50.7.9:9000")) == "net.example.com"
    assert first(connect(mesh, "tcp://net.example.com:9000")) == "net.example.com"
    assert first(connect(mesh, "http://10.50.7.9:9000/")) == "net.example.com"
    assert first(connect(mesh, "tcp://10.51.0.1:9000")) == "passthrough"
    assert first(connect(mesh, "http://cart:9000/")) == "cart.shop.svc.cluster.local"


def test_of_two_networks_the_smaller_one_holds() -> None:
    """Envoy looks for the longest prefix first."""
    mesh = simulator(entry("wide", "9000/TCP", "10.50.0.0/16") + entry("narrow", "9000/TCP", "10.50.7.0/24"))
    assert first(connect(mesh, "tcp://10.50.7.9:9000")) == "narrow.example.com"
    assert first(connect(mesh, "tcp://10.50.8.9:9000")) == "wide.example.com"


SUBNETS = """
hosts: [db.example.com]
tcp:
- match: [{destinationSubnets: [10.9.0.0/16]}]
  route: [{destination: {host: special.example.com}}]
"""


def test_destination_subnets_of_an_entry_without_addresses_take_http_too() -> None:
    """The chain for the network hides the HTTP chain of the port."""
    mesh = simulator(
        service("cart", "shop", "9000")
        + entry("db", "9000/TCP")
        + virtual_service("db", SUBNETS)
        + entry("special", "9000/TCP", "240.0.0.1")
    )
    assert first(connect(mesh, "http://10.9.1.1:9000/")) == "special.example.com"
    assert first(connect(mesh, "tcp://10.9.1.1:9000")) == "special.example.com"
    assert first(connect(mesh, "tcp://10.8.1.1:9000")) == "db.example.com"


def test_an_address_nobody_knows_is_only_needed_where_it_decides() -> None:
    """A Service without `clusterIP` has its own listener; a rule for networks there cannot be decided."""
    text = DATABASE.replace("  clusterIP: 10.0.0.9\n", "")
    assert connect(simulator(text), "tcp://db:5432")["kind"] == "cannot decide"
    assert first(connect(simulator(text + service("cart", "shop", "9000/tcp")), "tcp://cart:9000")).startswith("cart")


def test_mongo_shares_its_listener_with_none() -> None:
    """Of two entries without addresses the later one is dropped where either is Mongo or MySQL."""
    mesh = simulator(entry("a", "27017/MONGO") + entry("b", "27017/TLS"))
    assert first(connect(mesh, "tls://b.example.com:27017")) == "a.example.com"


def test_a_headless_service_has_a_listener_for_each_pod() -> None:
    """Its pods are those of the EndpointSlice; other addresses are unknown."""
    pods = """---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-1, namespace: shop, labels: {kubernetes.io/service-name: db}}
addressType: IPv4
endpoints: [{addresses: [10.1.0.1]}, {addresses: [10.1.0.2]}]
ports: [{name: tcp-5432, port: 5432}]
"""
    mesh = simulator(service("db", "shop", "5432/tcp", extra="  clusterIP: None\n") + pods)
    assert first(connect(mesh, "tcp://10.1.0.2:5432")) == "db.shop.svc.cluster.local"
    assert first(connect(mesh, "tcp://db:5432")) == "db.shop.svc.cluster.local"
    assert first(connect(mesh, "tcp://10.1.0.3:5432")) == "passthrough"


def test_listeners_that_envoy_refuses_are_named() -> None:
    """istiod repeats the subnets of a tls rule for those that follow: two chains then ask for the same connection."""
    rules = """
hosts: [secure]
tls:
- match: [{sniHosts: [secure.example.com], destinationSubnets: [10.0.0.0/8]}]
  route: [{destination: {host: secure}}]
- match: [{sniHosts: [secure.example.com]}]
  route: [{destination: {host: secure}}]
"""
    mesh = simulator(service("secure", "shop", "443/https") + virtual_service("secure", rules))
    (refused,) = refused_listeners(mesh.scope(SHOP), 443)
    assert (refused.address, refused.one.title, refused.other.title) == (
        "ip-of:secure.shop.svc.cluster.local",
        "shop/secure",
        "shop/secure",
    )
    assert not list(refused_listeners(simulator(EXTERNAL).scope(SHOP), 443))


def test_tls_goes_by_the_sni() -> None:
    """Hosts without an address of their own share a listener; full names beat wildcards, and others pass through."""
    mesh = simulator(EXTERNAL)
    assert connect(mesh, "https://api.example.com/")["destinations"][0]["host"] == "api.example.com"
    assert connect(mesh, "tls://x.wild.example.com")["destinations"][0]["host"] == "*.wild.example.com"
    assert connect(mesh, "tls://other.example.com")["kind"] == "passthrough"


def test_tls_rules_leave_no_way_back() -> None:
    """With a tls rule for the port there is no default: another SNI passes through."""
    rules = """
hosts: [secure]
tls:
- match: [{sniHosts: [secure.example.com]}]
  route: [{destination: {host: secure, subset: v2}}]
"""
    mesh = simulator(
        service("secure", "shop", "443/https")
        + destination_rule("secure", "secure", "v2")
        + virtual_service("secure", rules)
    )
    assert connect(mesh, "tls://secure")["kind"] == "passthrough"
    request = from_url("tls://secure.example.com", "GET", ())
    assert mesh.answer(SHOP, request)["kind"] == "passthrough"


def test_a_port_that_declares_nothing_goes_by_the_address_that_is_dialled() -> None:
    """Its HTTP listener is the service's own: the Host header does not choose."""
    rules = virtual_service("web", "hosts: [web]\nhttp: [{route: [{destination: {host: other}}]}]")
    mesh = simulator(service("web", "shop", "8080/web") + service("other", "shop", "8080/web") + rules)
    request = from_url("http://web:8080/", "GET", ("Host: other:8080",))
    assert hosts(mesh.answer(SHOP, request)) == ["other:8080"]
    assert mesh.answer(SHOP, request)["virtualService"] == "shop/web"
    assert connect(mesh, "tcp://web:8080")["protocol"] == "tcp"


GATEWAY = """---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: edge}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ['shop/*.example.com']
  - port: {number: 81, name: plain, protocol: HTTP}
    hosts: ['*']
    tls: {httpsRedirect: true}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: ['*.example.com']
    tls: {mode: SIMPLE, credentialName: c}
  - port: {number: 8443, name: tls, protocol: TLS}
    hosts: ['*']
    tls: {mode: PASSTHROUGH}
  - port: {number: 9000, name: tcp, protocol: TCP}
    hosts: ['*']
"""
EDGE = """
hosts: [www.example.com]
gateways: [edge/public]
http:
- name: all
  match: [{port: 80}]
  route: [{destination: {host: cart}}]
- name: secure
  match: [{port: 443, uri: {prefix: /pay}}]
  route: [{destination: {host: cart}}]
tls:
- match: [{sniHosts: [www.example.com]}]
  route: [{destination: {host: cart}}]
tcp:
- match: [{port: 9000}]
  route: [{destination: {host: cart}}]
"""


def enter(mesh: Simulator, url: str) -> dict[str, Any]:
    """The answer to a URL at the Gateway."""
    return mesh.answer(gateway_caller(mesh.push_context, "edge/public"), from_url(url, "GET", ()))


def edge(*more: str) -> Simulator:
    """A mesh with a Gateway."""
    return simulator(service("cart", "shop", "8080") + GATEWAY + virtual_service("edge", EDGE) + "".join(more))


def test_requests_enter_at_a_gateway() -> None:
    """A destination without a port is the service's only one; other hosts and paths get 404."""
    assert hosts(enter(edge(), "http://www.example.com/")) == ["cart:8080"]
    assert enter(edge(), "http://www.example.org/") == {"kind": "not found", "status": 404}
    assert enter(edge(), "https://www.example.com/pay")["name"] == "secure"
    assert enter(edge(), "https://www.example.com/")["kind"] == "not found"
    assert enter(edge(), "https://www.example.org/")["kind"] == "blocked"


def test_a_gateway_server_may_redirect_to_https() -> None:
    """No rule has a say then."""
    answer = enter(edge(), "http://www.example.com:81/x?y=1")
    assert (answer["status"], answer["location"]) == (301, "https://www.example.com:81/x?y=1")


def test_connections_enter_at_a_gateway() -> None:
    """Passing servers go by SNI, opaque ones by port; what no server takes is refused."""
    assert enter(edge(), "tls://www.example.com:8443")["protocol"] == "tls"
    assert enter(edge(), "tls://other.example.com:8443")["kind"] == "blocked"
    assert enter(edge(), "tcp://any:9000")["protocol"] == "tcp"
    assert enter(edge(), "tcp://any:9001")["kind"] == "blocked"


def test_a_refused_connection_says_whether_the_server_or_the_rule_is_missing() -> None:
    """The remedy is in the Gateway in one case, in the VirtualService in the other."""
    assert "no Gateway of this workload has a server for tls" in enter(edge(), "tls://www.example.com:9001")["reason"]
    assert "has a rule for tls on port 8443 with SNI other" in enter(edge(), "tls://other.example.com:8443")["reason"]
    assert "no Gateway of this workload has a server for tcp" in enter(edge(), "tcp://any:9001")["reason"]


def test_rules_of_several_virtual_services_are_joined_at_a_gateway() -> None:
    """Those that take everything come last, whichever VirtualService they are of."""
    more = """
hosts: [www.example.com]
gateways: [edge/public]
http:
- name: late
  match: [{uri: {prefix: /late}}]
  route: [{destination: {host: cart}}]
"""
    mesh = edge(virtual_service("second", more))
    assert enter(mesh, "http://www.example.com/late")["name"] == "late"
    assert enter(mesh, "http://www.example.com/")["name"] == "all"


def test_the_namespace_of_a_gateway_host_chooses_who_may_claim_it() -> None:
    """`shop/*.example.com` is for VirtualServices of shop."""
    mesh = simulator(service("cart", "shop", "8080") + GATEWAY + virtual_service("edge", EDGE, "pay"))
    assert enter(mesh, "http://www.example.com/")["kind"] == "not found"


def test_a_mesh_rule_does_not_count_at_the_gateway() -> None:
    """`gateways` decides; a sidecar knows no rule that is for a gateway alone."""
    assert ask(edge(), "www.example.com")["kind"] == "passthrough"


def served(servers: str, rules: str, *more: str, selector: str = "istio: edge") -> Simulator:
    """A mesh with the Gateway `edge/public` and one VirtualService of shop that is bound to it."""
    indented = "".join(f"  {line}\n" for line in servers.strip().splitlines())
    gateway = f"""---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: public, namespace: edge}}
spec:
  selector: {{{selector}}}
  servers:
{indented}"""
    return simulator(service("cart", "shop", "8080") + gateway + virtual_service("edge", rules) + "".join(more))


EVERYTHING = """
hosts: ['*']
gateways: [edge/public]
http:
- name: http
  route: [{destination: {host: cart}}]
tcp:
- route: [{destination: {host: cart}}]
tls:
- match: [{sniHosts: [pass.example.com]}]
  route: [{destination: {host: cart}}]
"""
TLS_SERVERS = """
- port: {number: 443, name: a, protocol: HTTPS}
  hosts: [a.example.com]
  tls: {mode: SIMPLE, credentialName: c}
- port: {number: 443, name: b, protocol: TLS}
  hosts: [b.example.com]
  tls: {mode: SIMPLE, credentialName: c}
- port: {number: 443, name: p, protocol: TLS}
  hosts: [pass.example.com]
  tls: {mode: PASSTHROUGH}
- port: {number: 443, name: twice, protocol: HTTPS}
  hosts: [other.example.com, a.example.com]
  tls: {mode: SIMPLE, credentialName: c}
"""


def test_the_sni_chooses_among_the_tls_servers_of_a_port() -> None:
    """HTTPS, TLS that is ended and TLS that passes share it; the SNI is the URL's host, whatever the Host header says."""
    mesh = served(TLS_SERVERS, EVERYTHING)
    assert enter(mesh, "https://a.example.com/")["name"] == "http"
    assert enter(mesh, "https://b.example.com/")["protocol"] == "tls"
    assert enter(mesh, "tls://pass.example.com")["protocol"] == "tls"
    caller = gateway_caller(mesh.push_context, "edge/public")
    header = from_url("https://a.example.com/", "GET", ("Host: b.example.com",))
    assert mesh.answer(caller, header) == {"kind": "not found", "status": 404}


def test_a_server_with_a_tls_host_that_is_taken_is_ignored_whole() -> None:
    """Its other hosts are not served either."""
    mesh = served(TLS_SERVERS, EVERYTHING)
    answer = enter(mesh, "https://other.example.com/")
    assert answer["kind"] == "blocked"
    assert "an earlier server with TLS on port 443 has the host a.example.com" in answer["reason"]


def test_bytes_that_a_server_does_not_speak_are_refused() -> None:
    """Plain HTTP at a TLS server, TLS at a plain one, a bare ClientHello at HTTPS."""
    mesh = served(TLS_SERVERS + "- port: {number: 80, name: h, protocol: HTTP}\n  hosts: ['*']\n", EVERYTHING)
    assert "plain HTTP" in enter(mesh, "tcp://a.example.com:80")["reason"]
    assert "plain HTTP" in enter(mesh, "https://a.example.com:80/")["reason"]
    assert enter(mesh, "http://a.example.com:443/")["kind"] == "blocked"
    assert "HTTP in TLS" in enter(mesh, "tls://a.example.com:443")["reason"]


def test_of_plain_servers_that_speak_otherwise_the_first_has_the_port() -> None:
    """TCP first, then HTTP: the HTTP server is ignored."""
    servers = """
- port: {number: 80, name: t, protocol: TCP}
  hosts: ['*']
- port: {number: 80, name: h, protocol: HTTP}
  hosts: ['*']
"""
    mesh = served(servers, EVERYTHING)
    assert enter(mesh, "http://a.example.com/")["protocol"] == "tcp"


def test_auto_passthrough_is_for_the_mesh_alone() -> None:
    """Without Istio's ALPN nobody enters."""
    servers = """
- port: {number: 15443, name: t, protocol: TLS}
  hosts: ['*.local']
  tls: {mode: AUTO_PASSTHROUGH}
"""
    mesh = served(servers, EVERYTHING)
    assert enter(mesh, "tls://outbound_.8080_._.cart.shop.svc.cluster.local:15443")["kind"] == "blocked"


def test_https_redirect_keeps_the_host_and_does_not_know_hosts_with_a_namespace() -> None:
    """istiod makes a virtual host of `shop/c.example.com` as it stands, and no request has that name."""
    servers = """
- port: {number: 80, name: h, protocol: HTTP}
  hosts: [a.example.com, shop/c.example.com]
  tls: {httpsRedirect: true}
"""
    mesh = served(
        servers, "hosts: [b.example.com]\ngateways: [edge/public]\nhttp: [{route: [{destination: {host: cart}}]}]"
    )
    caller = gateway_caller(mesh.push_context, "edge/public")
    kept = mesh.answer(caller, from_url("http://a.example.com/x", "GET", ("Host: a.example.com:80",)))
    assert (kept["status"], kept["location"]) == (301, "https://a.example.com:80/x")
    assert enter(mesh, "http://c.example.com/")["kind"] == "not found"


WORKLOAD = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: proxy, namespace: ingress}
spec:
  selector: {matchLabels: {istio: edge}}
  template:
    metadata: {labels: {istio: edge, tier: front}}
    spec:
      containers:
      - {name: istio-proxy, image: auto, ports: [{name: web, containerPort: 10080}]}
---
apiVersion: v1
kind: Service
metadata: {name: proxy, namespace: ingress}
spec:
  selector: {istio: edge}
  ports:
  - {name: http, port: 80, targetPort: web}
  - {name: more, port: 8080, targetPort: 10080}
"""


def test_the_workload_that_the_selector_finds_is_the_caller() -> None:
    """With its namespace and all of its labels; other Gateways that select it are served by it too."""
    rules = """
hosts: ['*']
gateways: [edge/public]
http:
- name: here
  match: [{sourceNamespace: ingress, sourceLabels: {tier: front}}]
  route: [{destination: {host: cart}}]
"""
    mesh = served("- port: {number: 80, name: h, protocol: HTTP}\n  hosts: ['*']\n", rules, WORKLOAD)
    caller = gateway_caller(mesh.push_context, "edge/public")
    assert (caller.namespace, dict(caller.labels)) == ("ingress", {"istio": "edge", "tier": "front"})
    assert enter(mesh, "http://a.example.com/")["name"] == "here"


def test_the_service_in_front_maps_ports() -> None:
    """Both of its ports lead to one of the pod, so servers of both numbers share it, with the first one's `match.port`."""
    servers = """
- port: {number: 80, name: h, protocol: HTTP}
  hosts: [a.example.com]
- port: {number: 8080, name: i, protocol: HTTP}
  hosts: [b.example.com]
"""
    rules = """
hosts: [a.example.com, b.example.com]
gateways: [edge/public]
http:
- name: eighty
  match: [{port: 80}]
  route: [{destination: {host: cart}}]
"""
    mesh = served(servers, rules, WORKLOAD)
    assert enter(mesh, "http://b.example.com/")["name"] == "eighty"
    assert enter(mesh, "http://b.example.com:8080/")["name"] == "eighty"
    assert enter(mesh, "http://a.example.com:10080/")["name"] == "eighty"


def test_of_an_object_that_is_there_twice_the_last_one_counts() -> None:
    """As kubectl leaves it in the cluster."""
    one, other = (
        virtual_service("cart", f"hosts: [cart]\nhttp: [{{name: {name}, route: [{{destination: {{host: cart}}}}]}}]")
        for name in ("one", "other")
    )
    assert ask(simulator(service("cart") + one + other), "cart")["name"] == "other"
