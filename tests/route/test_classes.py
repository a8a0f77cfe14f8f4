"""The classes of a traffic diff are complete: every request is in one, and gets that class's answer on both sides."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.route.mesh import SHOP, service, simulator, virtual_service

from sailwright.route.classes.candidates import Domain, Key
from sailwright.route.classes.http_classes import Scene, space_of
from sailwright.route.classes.request_classes import classes, reachable
from sailwright.route.envoy.matchers import HEADER, PATH, QUERY
from sailwright.route.envoy.route_table import Route
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator

TEXTS = ("/", "/a", "/a/b", "/ab", "/A", "/b")
PATTERNS = ("/a.*", "/[ab]/.*", ".*", "/(a|b)", "/a/x")
VALUES = ("", "1", "12", "staff", "Staff")


def string_match(values: Sequence[str], patterns: Sequence[str]) -> st.SearchStrategy[dict[str, str]]:
    """An exact, prefix, regex or presence match."""
    return st.one_of(
        st.sampled_from(values).map(lambda value: {"exact": value}),
        st.sampled_from([value for value in values if value]).map(lambda value: {"prefix": value}),
        st.sampled_from(patterns).map(lambda value: {"regex": value}),
        st.just({}),
    )


ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "uri": string_match(TEXTS, PATTERNS).filter(bool),
        "ignoreUriCase": st.booleans(),
        "method": st.sampled_from([{"exact": "GET"}, {"regex": "GET|PUT"}]),
        "headers": st.dictionaries(st.sampled_from(["x-a", "x-b"]), string_match(VALUES, ["1+", "s.*"]), max_size=2),
        "withoutHeaders": st.dictionaries(st.sampled_from(["x-a", "x-b"]), string_match(VALUES, ["1+"]), max_size=1),
        "queryParams": st.dictionaries(st.just("q"), string_match(VALUES, ["[0-9]+"]), max_size=1),
    },
)
RULE = st.fixed_dictionaries(
    {"match": st.lists(ENTRY, max_size=2), "to": st.sampled_from(["one", "two", "three"])},
)
RULES = st.lists(RULE, min_size=1, max_size=4)
REQUEST = st.builds(
    Request,
    port=st.just(80),
    authority=st.sampled_from(["cart", "cart:80", "CART"]),
    method=st.sampled_from(["GET", "PUT", "POST"]),
    path=st.tuples(
        st.sampled_from([*TEXTS, "/a/x", "/zz", "/A/B", "/aB"]),
        st.sampled_from(["", "?q=1", "?q", "?q=staff&q=1", "?x"]),
    ).map("".join),
    headers=st.dictionaries(st.sampled_from(["x-a", "X-B"]), st.sampled_from([*VALUES, "11", "other"]), max_size=2),
)


def side(rules: Sequence[Mapping[str, Any]]) -> Simulator:
    """A mesh whose host cart has these rules."""
    http = [
        {"name": f"r{number}", "match": rule["match"], "route": [{"destination": {"host": rule["to"]}}]}
        for number, rule in enumerate(rules)
    ]
    spec = f"hosts: [cart]\nhttp: {json.dumps(http)}"
    services = "".join(service(name) for name in ("cart", "one", "two", "three"))
    return simulator(services + virtual_service("cart", spec))


def scene(mesh: Simulator) -> Scene:
    """The side as a workload of shop meets it."""
    return Scene(mesh, SHOP, "cart.shop.svc.cluster.local", 80)


def request_of(example: Mapping[Key, str | None]) -> Request:
    """The request that an example stands for."""
    path, query, headers = "/", "", {}
    authority, method = "cart", "GET"
    for (subject, name), value in example.items():
        if subject == PATH and value is not None:
            path = value
        elif subject == QUERY and value is not None:
            query += f"{'&' if query else '?'}{name}={value}"
        elif name == ":method" and value is not None:
            method = value
        elif subject == HEADER and not name.startswith(":") and value is not None:
            headers[name] = value
    return Request(80, authority, method, path + query, headers)


def taken(mesh: Simulator, request: Request) -> Route | None:
    """The route that takes a request."""
    return mesh.match(SHOP, request, mesh.normalized(request)).route


@settings(max_examples=150, deadline=None)
@given(before=RULES, after=RULES, requests=st.lists(REQUEST, min_size=5, max_size=5))
def test_every_request_is_in_one_class(
    before: list[dict[str, Any]], after: list[dict[str, Any]], requests: list[Request]
) -> None:
    """The pair of routes that take a request on the two sides is among the classes."""
    old, new = scene(side(before)), scene(side(after))
    assert old.virtual_host is not None
    assert new.virtual_host is not None
    found = classes(old.virtual_host.routes, new.virtual_host.routes, space_of(old, new))
    assert found.left_out == 0
    pairs = {(group.before, group.after) for group in found.found}
    assert len(pairs) == len(found.found)
    for request in requests:
        assert (taken(old.simulator, request), taken(new.simulator, request)) in pairs


@settings(max_examples=100, deadline=None)
@given(before=RULES, after=RULES)
def test_the_example_of_a_class_is_in_it(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """A class that is certain has a request, and both sides treat it as the class says."""
    old, new = scene(side(before)), scene(side(after))
    assert old.virtual_host is not None
    assert new.virtual_host is not None
    for group in classes(old.virtual_host.routes, new.virtual_host.routes, space_of(old, new)).found:
        if group.certain:
            request = request_of(group.example)
            assert (taken(old.simulator, request), taken(new.simulator, request)) == (group.before, group.after)


@settings(max_examples=100, deadline=None)
@given(rules=RULES, requests=st.lists(REQUEST, min_size=5, max_size=5))
def test_a_rule_that_takes_a_request_is_never_called_unreachable(
    rules: list[dict[str, Any]], requests: list[Request]
) -> None:
    """ "No" means that there is no request at all."""
    known = scene(side(rules))
    assert known.virtual_host is not None
    space = space_of(known)
    routes = known.virtual_host.routes
    dead = {route for route in routes if reachable(routes, route, space).verdict == "no"}
    assert not {taken(known.simulator, request) for request in requests} & dead


@given(st.lists(st.text("ab/", max_size=4)), st.text("ab/", max_size=6))
def test_the_longest_prefix_is_that_of_all(prefixes: list[str], value: str) -> None:
    wanted = max((prefix for prefix in prefixes if value.startswith(prefix)), key=len, default="")
    assert Domain((), prefixes=tuple(prefixes)).longest_prefix(value) == wanted
