"""What a rule does with the requests it takes."""

from typing import Any

import pytest
from tests.route.mesh import ask, destination_rule, hosts, service, simulator, virtual_service

DEFAULT_RETRIES = {
    "attempts": 2,
    "on": "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
}


def answered(rule: str, path: str = "/", subsets: tuple[str, ...] = ("v1", "v2"), **request: Any) -> dict[str, Any]:
    """The answer of a rule for host cart; `%` in it stands for its route."""
    spec = "hosts: [cart]\nhttp:\n- " + rule.replace("\n", "\n  ")
    mesh = simulator(
        service("cart") + destination_rule("cart", "cart", *subsets) + virtual_service("cart", spec),
        request.pop("mesh_config", None),
    )
    return ask(mesh, "cart", path, **request)


CART = "route: [{destination: {host: cart}}]"


def test_weights_are_shares_of_their_sum_and_zeros_are_gone() -> None:
    """A single destination takes everything, whatever its weight."""
    split = "route: [{destination: {host: cart, subset: v1}, weight: 3}, {destination: {host: cart}, weight: 0}, {destination: {host: cart, subset: v2}, weight: 1}]"
    assert [found["weight"] for found in answered(split)["destinations"]] == [3, 1]
    assert answered("route: [{destination: {host: cart}, weight: 0}]")["destinations"][0]["weight"] == 100


def test_a_destination_that_the_caller_has_no_cluster_for_is_unknown() -> None:
    """A missing subset, host or port: Envoy answers 503."""
    for destination in ("{host: cart, subset: v9}", "{host: nowhere}", "{host: cart, port: {number: 81}}"):
        found = answered(f"route: [{{destination: {destination}}}]")["destinations"][0]
        assert found["unknown"] is True, destination


def test_a_destination_without_port_means_the_port_of_the_request() -> None:
    """istiod cuts every service down to the listener's port on a sidecar."""
    rules = virtual_service("cart", "hosts: [cart]\nhttp: [{route: [{destination: {host: other}}]}]")
    mesh = simulator(service("cart", "shop", "80", "81") + service("other", "shop", "81") + rules)
    assert ask(mesh, "cart")["destinations"][0] == {
        "host": "other.shop.svc.cluster.local",
        "port": 80,
        "unknown": True,
        "weight": 100,
    }
    assert hosts(ask(mesh, "cart:81", port=81)) == ["other:81"]


@pytest.mark.parametrize(
    ("match", "rewrite", "path", "expected"),
    [
        ("uri: {prefix: /api}", "uri: /v1", "/api/x?q=1", "/v1/x?q=1"),
        ("uri: {prefix: /api/}", "uri: /", "/api/x", "/x"),
        ("uri: {prefix: /api}", "uri: /", "/api/v1?q=1", "//v1?q=1"),
        ("uri: {prefix: /api}", "uri: /", "/api", "/"),
        ("uri: {exact: /a}", "uri: /b", "/a?q=1", "/b?q=1"),
        ("uri: {regex: '/a/.*'}", "uri: /b", "/a/x", "/b"),
        ("method: {exact: GET}", "uri: /v1/", "/x", "/v1/x"),
        ("uri: {prefix: /a}, ignoreUriCase: true", "uri: /b", "/A/x", "/b/x"),
        (
            "uri: {prefix: /}",
            "uriRegexRewrite: {match: '^/a/([^/]*)/b$', rewrite: '/\\1/c'}",
            "/a/x/b?q=1",
            "/x/c?q=1",
        ),
    ],
)
def test_rewrites(match: str, rewrite: str, path: str, expected: str) -> None:
    """A prefix is replaced alone, an exact or regex match is the whole path; the query stays, and so does every slash."""
    answer = answered(f"match: [{{{match}}}]\nrewrite: {{{rewrite}}}\n{CART}", path)
    assert answer["upstream"]["path"] == expected


def test_headers_are_removed_set_and_added() -> None:
    """`remove` comes first, `add` appends; a host that is set is a rewrite, and the rule's beats the destination's."""
    rule = "headers: {request: {remove: [x-a], set: {x-b: '2', host: other}, add: {x-c: '3'}}, response: {add: {x-r: '4'}}}\n"
    answer = answered(rule + CART, headers={"x-a": "1", "x-c": "1"})
    assert answer["upstream"] == {"path": "/", "authority": "other", "headers": {"x-b": "2", "x-c": "1,3"}}
    assert answer["response"] == {"x-r": "4"}


def test_retries_have_defaults_and_can_be_switched_off() -> None:
    """Istio's own default, the mesh's, the rule's; numbers among the words are status codes."""
    assert answered(CART)["retries"] == DEFAULT_RETRIES
    assert "retries" not in answered(f"retries: {{attempts: 0}}\n{CART}")
    rule = f"retries: {{attempts: 3, perTryTimeout: 250ms, retryOn: '503,reset'}}\n{CART}"
    assert answered(rule)["retries"] == {
        "attempts": 3,
        "on": "reset,retriable-status-codes",
        "statusCodes": [503],
        "perTryTimeout": "0.250s",
    }
    mesh_wide = {"defaultHttpRetryPolicy": {"attempts": 7}}
    assert answered(CART, mesh_config=mesh_wide)["retries"]["attempts"] == 7


def test_faults_are_told_as_configured_and_never_happen_without_a_percentage() -> None:
    """A percentage that is left out is 0."""
    rule = "fault: {delay: {fixedDelay: 2s}, abort: {grpcStatus: UNAVAILABLE, percentage: {value: 12.5}}}\n"
    assert answered(rule + CART)["fault"] == {
        "delay": {"fixed": "2s", "percentage": 0.0},
        "abort": {"grpcStatus": 14, "percentage": 12.5},
    }


def test_mirrors() -> None:
    """Without a percentage all is copied, with 0 nothing."""
    assert answered(f"mirror: {{host: cart, subset: v2}}\n{CART}")["mirrors"] == [
        {"host": "cart.shop.svc.cluster.local", "port": 80, "subset": "v2", "percentage": 100.0}
    ]
    assert "mirrors" not in answered(f"mirror: {{host: cart}}\nmirrorPercentage: {{value: 0}}\n{CART}")
    several = (
        f"mirrors: [{{destination: {{host: cart}}, percentage: {{value: 5}}}}, {{destination: {{host: cart}}}}]\n{CART}"
    )
    assert [mirror["percentage"] for mirror in answered(several)["mirrors"]] == [5.0, 100.0]


@pytest.mark.parametrize(
    ("redirect", "status", "location"),
    [
        ("uri: /x", 301, "http://cart/x?q=1"),
        ("authority: other.example.com", 301, "http://other.example.com/a?q=1"),
        ("scheme: https", 301, "https://cart/a?q=1"),
        ("port: 8443, scheme: https, redirectCode: 308", 308, "https://cart:8443/a?q=1"),
        ("derivePort: FROM_REQUEST_PORT, uri: /x", 301, "http://cart/x?q=1"),
        ("uri: '/x?y=2', redirectCode: 302", 302, "http://cart/x?y=2"),
    ],
)
def test_redirects(redirect: str, status: int, location: str) -> None:
    """The query stays unless the new path has one; default ports are not written."""
    answer = answered(f"redirect: {{{redirect}}}", "/a?q=1")
    assert (answer["kind"], answer["status"], answer["location"]) == ("redirect", status, location)


def test_a_redirect_keeps_the_port_of_the_request_unless_the_scheme_makes_it_wrong() -> None:
    """`cart:80` loses its port under https."""
    spec = "hosts: [cart]\nhttp: [{redirect: {%s}}]"
    mesh = simulator(service("cart") + virtual_service("cart", spec % "scheme: https"))
    assert ask(mesh, "cart:80")["location"] == "https://cart/"
    mesh = simulator(service("cart") + virtual_service("cart", spec % "uri: /x"))
    assert ask(mesh, "cart:80")["location"] == "http://cart:80/x"


def test_direct_responses() -> None:
    """A status that has no body is sent without one."""
    answer = answered("directResponse: {status: 503, body: {string: closed}}")
    assert (answer["kind"], answer["status"], answer["body"]) == ("direct response", 503, "closed")
    assert answered("directResponse: {status: 204, body: {string: x}}")["body"] == ""
    assert answered("directResponse: {status: 200, body: {bytes: aGk=}}")["body"] == "hi"


@pytest.mark.parametrize(
    "rule",
    [
        "name: nothing",
        "redirect: {redirectCode: 305}",
        "route: [{destination: {host: cart}, weight: 0}, {destination: {host: cart}, weight: 0}]",
        "directResponse: {status: 200, body: {bytes: '*'}}",
    ],
)
def test_what_istiod_refuses_cannot_be_decided(rule: str) -> None:
    """The answer says so instead of guessing."""
    assert answered(rule)["kind"] in ("cannot decide", "direct response")


def test_no_rule_no_service() -> None:
    """A host with rules of which none fits answers 404: there is no way back to the service."""
    assert answered(f"match: [{{uri: {{exact: /a}}}}]\n{CART}") == {"kind": "not found", "status": 404}


def test_a_service_without_a_virtual_service() -> None:
    """All goes to the service, with Istio's default retries."""
    assert ask(simulator(service("cart")), "cart", "/x") == {
        "kind": "route",
        "name": "default",
        "destinations": [{"host": "cart.shop.svc.cluster.local", "port": 80, "weight": 100}],
        "retries": DEFAULT_RETRIES,
        "upstream": {"path": "/x", "authority": "cart", "headers": {}},
    }


def test_destinations_may_be_sent_another_host_each() -> None:
    """The rule's own host beats theirs; where they differ the answer says that it shows the first."""
    split = (
        "route: [{destination: {host: cart, subset: v1}, weight: 1, headers: {request: {set: {host: one}}}}, "
        "{destination: {host: cart, subset: v2}, weight: 1}]"
    )
    upstream = answered(split)["upstream"]
    assert upstream["authority"] == "one"
    assert "first destination" in upstream["note"]
    assert answered(f"rewrite: {{authority: all}}\n{split}")["upstream"]["authority"] == "all"


def test_a_prefix_redirect_is_for_releases_that_know_it() -> None:
    """Istio 1.31 brought `prefixRewrite`; older API servers drop the field."""
    spec = "hosts: [cart]\nhttp: [{match: [{uri: {prefix: /a}}], redirect: {prefixRewrite: /b, redirectCode: 302}}]"
    text = service("cart") + virtual_service("cart", spec)
    assert ask(simulator(text), "cart", "/a/x?q=1")["location"] == "http://cart/b/x?q=1"
    assert ask(simulator(text, istio_version="1.29.6"), "cart", "/a/x")["location"] == "http://cart/a/x"
