"""The conditions of a rule, as Envoy decides them."""

from typing import Any

import pytest
from tests.route.mesh import ask, hosts, service, simulator, virtual_service

RULES = """
hosts: [cart]
http:
- match: [%s]
  route: [{destination: {host: hit}}]
- route: [{destination: {host: miss}}]
"""


def takes(match: str, path: str = "/", **request: Any) -> bool:
    """Whether a rule with this match entry takes a request."""
    mesh = simulator(service("cart") + service("hit") + service("miss") + virtual_service("cart", RULES % match))
    return hosts(ask(mesh, "cart", path, **request)) == ["hit:80"]


@pytest.mark.parametrize(
    ("match", "path", "expected"),
    [
        ("{uri: {exact: /a}}", "/a?x=1", True),
        ("{uri: {exact: /a}}", "/a/", False),
        ("{uri: {prefix: /a}}", "/ab", True),
        ("{uri: {prefix: /a}}", "/A", False),
        ("{uri: {prefix: /a}, ignoreUriCase: true}", "/Ab", True),
        ("{uri: {regex: '/a.'}}", "/ab", True),
        ("{uri: {regex: '/a.'}}", "/abc", False),
        ("{uri: {regex: '/A.'}, ignoreUriCase: true}", "/ab", False),
        ("{uri: {exact: /v2}}", "/v1/../v2", True),
        ("{uri: {exact: /v2}}", "/v1/%2e%2E/v2", True),
        ("{uri: {exact: '/a//b'}}", "/a//b", True),
        ("{uri: {exact: '/a%2Fb'}}", "/a%2Fb", True),
        ("{uri: {exact: /a/b}}", "/a%2Fb", False),
        ("{uri: {exact: /~a}}", "/%7ea", True),
        ("{uri: {exact: /a/b}}", "/a\\b", True),
    ],
)
def test_the_path_is_compared_without_the_query_and_normalised(match: str, path: str, expected: bool) -> None:
    """Dot segments go, unreserved characters are unescaped, slashes stay as they are; patterns match in full."""
    assert takes(match, path) is expected


@pytest.mark.parametrize(
    ("match", "headers", "expected"),
    [
        ("{headers: {x-user: {exact: staff}}}", {"X-User": "staff"}, True),
        ("{headers: {x-user: {exact: staff}}}", {"x-user": "Staff"}, False),
        ("{headers: {x-user: {exact: staff}}}", {}, False),
        ("{headers: {X-User: {prefix: st}}}", {"x-user": "staff"}, True),
        ("{headers: {x-user: {regex: 'a|b'}}}", {"x-user": "ab"}, False),
        ("{headers: {x-user: {}}}", {"x-user": ""}, True),
        ("{headers: {x-user: {regex: '*'}}}", {"x-user": "any"}, True),
        ("{headers: {x-user: {}}}", {}, False),
        ("{withoutHeaders: {x-user: {}}}", {}, True),
        ("{withoutHeaders: {x-user: {}}}", {"x-user": "a"}, False),
        ("{withoutHeaders: {x-user: {exact: a}}}", {}, True),
        ("{withoutHeaders: {x-user: {exact: a}}}", {"x-user": "a"}, False),
        ("{withoutHeaders: {x-user: {exact: ''}}}", {}, False),
        ("{withoutHeaders: {x-user: {regex: '.*'}}}", {}, False),
    ],
)
def test_headers(match: str, headers: dict[str, str], expected: bool) -> None:
    """Names have no case, values do; an absent header counts as empty in `withoutHeaders`, and meets nothing else."""
    assert takes(match, headers=headers) is expected


@pytest.mark.parametrize(
    ("match", "path", "expected"),
    [
        ("{queryParams: {q: {exact: a}}}", "/?q=a&q=b", True),
        ("{queryParams: {q: {exact: b}}}", "/?q=a&q=b", False),
        ("{queryParams: {q: {exact: ''}}}", "/?q", True),
        ("{queryParams: {q: {exact: 'a b'}}}", "/?q=a%20b", False),
        ("{queryParams: {q: {prefix: a}}}", "/?x=1&q=ab", True),
        ("{queryParams: {q: {}}}", "/?q=", True),
        ("{queryParams: {q: {}}}", "/", False),
    ],
)
def test_query_parameters(match: str, path: str, expected: bool) -> None:
    """The first of a name counts, and it is not decoded."""
    assert takes(match, path) is expected


def test_method_authority_and_scheme() -> None:
    """The authority is the Host header with its port; what a sidecar sees is plain http."""
    assert takes("{method: {exact: POST}}", method="POST")
    assert takes("{scheme: {exact: http}}")
    assert not takes("{scheme: {exact: https}}")
    assert takes("{authority: {exact: cart}}")
    assert not takes("{authority: {exact: 'cart:80'}}")


def test_all_conditions_of_an_entry_hold_and_any_entry_will_do() -> None:
    """Within a match entry it is "and", between entries "or"."""
    both = "{uri: {prefix: /a}, headers: {x: {exact: '1'}}}"
    assert takes(both, "/a", headers={"x": "1"})
    assert not takes(both, "/a")
    assert takes(f"{both}, {{method: {{exact: PUT}}}}", "/b", method="PUT")


def test_where_the_request_comes_from() -> None:
    """With `gateways` istiod looks at the gateway alone, without it at labels and namespace."""
    assert takes("{sourceLabels: {app: client}}")
    assert not takes("{sourceLabels: {app: other}}")
    assert takes("{sourceNamespace: shop}")
    assert not takes("{sourceNamespace: pay}")
    assert takes("{port: 80}")
    assert not takes("{port: 81}")
    assert takes("{gateways: [mesh], sourceLabels: {app: other}, sourceNamespace: pay}")
    assert not takes("{gateways: [front]}")


@pytest.mark.parametrize("pattern", ["(?=a)a", "a{1001}", "["])
def test_a_pattern_that_re2_refuses_is_never_answered(pattern: str) -> None:
    """Python's `re` knows more; istiod refuses the object, so nobody can say where the request goes."""
    rules = RULES % f"{{headers: {{x-user: {{regex: '{pattern}'}}}}}}"
    mesh = simulator(service("cart") + service("hit") + service("miss") + virtual_service("cart", rules))
    answer = ask(mesh, "cart", headers={"x-user": "a"})
    assert answer["kind"] == "cannot decide"
    assert pattern in answer["reason"]


def test_path_normalisation_of_the_mesh() -> None:
    """MeshConfig decides what happens to a path before any rule sees it."""
    rules = RULES % "{uri: {exact: /a/b}}"
    text = service("cart") + service("hit") + service("miss") + virtual_service("cart", rules)
    for mode, path in (
        ("NONE", "/a/b"),
        ("BASE", "/x/../a/b"),
        ("MERGE_SLASHES", "/a//b"),
        ("DECODE_AND_MERGE_SLASHES", "/a%2f/b"),
    ):
        mesh = simulator(text, {"pathNormalization": {"normalization": mode}})
        assert hosts(ask(mesh, "cart", path)) == ["hit:80"], mode
    plain = simulator(text, {"pathNormalization": {"normalization": "NONE"}})
    assert hosts(ask(plain, "cart", "/x/../a/b")) == ["miss:80"]
