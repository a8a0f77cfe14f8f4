"""Requests to one host, one for each class that its routes and the policies of its callees can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product

from sailwright.route.classes.candidates import Key
from sailwright.route.classes.http_classes import Scene, space_of
from sailwright.route.classes.policy_values import OTHER, PolicyValues
from sailwright.route.classes.representative_callers import authority
from sailwright.route.classes.satisfiability import Space
from sailwright.route.envoy.matchers import HEADER, PATH, PREFIX, QUERY, SEPARATED
from sailwright.route.envoy.route_table import Route
from sailwright.route.request import Request
from sailwright.runtime.records import dataclass

MOST_COMBINATIONS = 20_000
MOST = 240
"""Requests of one caller to one port; beyond, the number of those left out is reported."""
TOKEN = ("authorization", f"Bearer {OTHER}")


@dataclass(frozen=True, slots=True)
class Sample:
    """A request that stands for its class, and what to call the class; empty where it is told apart by nothing."""

    request: Request
    title: str


def samples(scenes: Iterable[Scene], values: PolicyValues) -> tuple[list[Sample], int]:
    """The requests of a caller to a port, and how many classes are left out. `scenes` are the sides of a comparison."""
    known = list(scenes)
    bases = list(dict.fromkeys(_bases(known)))
    found: dict[object, Sample] = {}
    left_out = 0
    for path, method, header, name in _combinations(known, values):
        for base in bases:
            sample = _sample(base, (path, method, header, name), told_method=bool(values.methods))
            sent = sample.request
            key = (sent.method, sent.path, tuple(sorted(sent.headers.items())), sent.authority)
            if key in found:
                continue
            if len(found) == MOST:
                left_out += 1
            else:
                found[key] = sample
    return list(found.values()), left_out


Header = tuple[str, str]
Combination = tuple[str | None, str | None, Header | None, str | None]
"""A path, a method, a header and a Host header that go over those of an example; None leaves it as it is."""


def _combinations(scenes: list[Scene], values: PolicyValues) -> list[Combination]:
    """What policies name, in all combinations, those that change least first."""
    paths = [None, *_paths(scenes, values)]
    methods = [None, *values.methods, *([OTHER.upper()] if values.methods else ())]
    headers = [None, *values.headers, *((TOKEN,) if values.asks_token else ())]
    authorities = [None, *_authorities(scenes[0], values)]
    every = islice(product(paths, methods, headers, authorities), MOST_COMBINATIONS)
    return sorted(every, key=lambda each: sum(value is not None for value in each))


Base = tuple[str, str, tuple[tuple[str, str], ...], int, str, str]
"""Method, path with query, headers, port, authority and scheme of an example of a route's requests."""


def _bases(scenes: list[Scene]) -> Iterator[Base]:
    """An example of each route's requests on either side; where nothing is routed, the plainest request."""
    scene = scenes[0]
    yield "GET", "/", (), scene.port, authority(scene.host), scene.scheme
    if not any(each.virtual_host for each in scenes):
        return
    space = space_of(*scenes)
    for each in scenes:
        routes = each.virtual_host.routes if each.virtual_host else ()
        yield from (_base(example, each) for example in _examples(routes, space))


def _examples(routes: tuple[Route, ...], space: Space) -> Iterator[Mapping[Key, str | None]]:
    for number, route in enumerate(routes):
        earlier = [known.conditions for known in routes[:number]]
        region = space.region([route.conditions], earlier)
        if region.verdict != "no":
            yield region.example


def _base(example: Mapping[Key, str | None], scene: Scene) -> Base:
    headers = {name: value for (subject, name), value in example.items() if subject == HEADER and value is not None}
    queries = [
        f"{name}={value}" for (subject, name), value in example.items() if subject == QUERY and value is not None
    ]
    path = next((value for (subject, _), value in example.items() if subject == PATH and value), "/")
    method = headers.pop(":method", "GET")
    name = headers.pop(":authority", authority(scene.host))
    headers.pop(":scheme", None)
    query = f"?{'&'.join(queries)}" if queries else ""
    return method, path + query, tuple(sorted(headers.items())), scene.port, name, scene.scheme


def _paths(scenes: list[Scene], values: PolicyValues) -> Iterator[str]:
    """The paths that policies name, and those that a rule's rewrite turns into them; then one that none names."""
    if not values.paths:
        return
    yield from values.paths
    routes = (route for each in scenes if each.virtual_host for route in each.virtual_host.routes)
    for route in routes:
        yield from _before_rewrite(route, values.paths)
    yield f"/{OTHER}"


def _before_rewrite(route: Route, paths: Iterable[str]) -> Iterator[str]:
    target = route.action.rewrite.get("uri") if not route.unknowable else None
    prefix = next(
        (found.value for found in route.conditions if found.subject == PATH and found.kind in (PREFIX, SEPARATED)), ""
    )
    if target and prefix:
        yield from (prefix + path[len(target) :] for path in paths if path.startswith(target))


def _authorities(scene: Scene, values: PolicyValues) -> Iterator[str]:
    """Names of the host that policies may tell apart; with its port too."""
    if values.hosts:
        full = authority(scene.host)
        names = (full, *(name for name in values.hosts if scene.belongs(name)))
        yield from dict.fromkeys(found for name in names for found in (name, f"{name}:{scene.port}"))


def _sample(base: Base, over: Combination, *, told_method: bool) -> Sample:
    own_method, own_path, own_headers, port, own_name, scheme = base
    path, method, header, name = over
    sent = {**dict(own_headers), **({header[0]: header[1]} if header else {})}
    request = Request(port, name or own_name, method or own_method, path or own_path, sent, scheme)
    return Sample(request, _title(request, told_method=told_method, host=name))


def _title(request: Request, *, told_method: bool, host: str | None) -> str:
    """`POST /admin with x-user: a to pay.example.com`; values that no policy names are called `other`."""
    method = "other methods of" if request.method == OTHER.upper() else request.method
    path = "other paths" if request.path == f"/{OTHER}" else request.path.replace(OTHER, "*")
    words = [method] if told_method or request.method != "GET" else []
    words.append(path)
    shown = ["a token" if pair == TOKEN else f"{pair[0]}: {pair[1]}" for pair in request.headers.items()]
    words += [f"with {' and '.join(shown)}"] if shown else []
    return " ".join([*words, *([f"to {host}"] if host else ())])
