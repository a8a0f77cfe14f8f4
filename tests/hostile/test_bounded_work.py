"""Work grows with the input: twice as much of anything costs about twice as much, counted in calls, never in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from tests.hostile.repositories import in_process

from sailwright.mesh.values.host_overlaps import MOST, overlaps
from sailwright.mesh.values.names import matches

WORKLOAD = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v1}}
    spec: {containers: [{name: a, image: "example.com/a:1", ports: [{containerPort: 80}]}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
"""
TO_WEB = "route: [{destination: {host: web, port: {number: 80}}}]"


def virtual_service(name: str, body: str, *more: str) -> str:
    head = f"---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n"
    return head + "".join(f"  {line}\n" for line in (*more, *body.splitlines()))


def routes(match: Callable[[int], str], size: int) -> str:
    rules = "http:\n" + "".join(f"- match: [{{{match(number)}}}]\n  {TO_WEB}\n" for number in range(size))
    return WORKLOAD + virtual_service("web", rules, "hosts: [web]")


def one_host(size: int) -> str:
    rule = "http:\n- match: [{{uri: {{prefix: /p{0}/}}}}]\n  " + TO_WEB.replace("{", "{{").replace("}", "}}")
    shared = ("hosts: [shop.example.com]", "gateways: [edge/public]")
    return WORKLOAD + "".join(virtual_service(f"v{each}", rule.format(each), *shared) for each in range(size))


def delegates(size: int) -> str:
    root = "http:\n" + "".join(
        f"- match: [{{uri: {{prefix: /p{number}/}}}}]\n  delegate: {{name: d{number}}}\n" for number in range(size)
    )
    shared = ("hosts: [shop.example.com]", "gateways: [edge/public]")
    chain = (virtual_service(f"d{number}", f"http:\n- delegate: {{name: d{number + 1}}}") for number in range(size))
    return WORKLOAD + virtual_service("root", root, *shared) + "".join(chain)


def config_map(keys: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: shop}}\ndata:\n{keys}"


def sharing(size: int) -> str:
    """Each Service selects each workload."""
    return "".join(
        f"---\n{SERVICE_OF_ALL}\n".replace("N", f"{number}") + f"---\n{WORKLOAD_OF_ALL}\n".replace("N", f"{number}")
        for number in range(size)
    )


SERVICE_OF_ALL = """\
apiVersion: v1
kind: Service
metadata: {name: sN, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""
WORKLOAD_OF_ALL = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: dN, namespace: shop}
spec:
  selector: {matchLabels: {app: web, n: nN}}
  template:
    metadata: {labels: {app: web, n: nN, version: v1}}
    spec: {containers: [{name: a, image: "example.com/a:1", ports: [{containerPort: 80}]}]}
"""
INPUTS: dict[str, Callable[[int], str]] = {
    "ignore comments": lambda size: WORKLOAD + "# sailwright: ignore[gateway-selects-nothing] a reason\n" * size,
    "ignore comments in use": lambda size: config_map(
        "".join(f"  k{number}: a # sailwright: ignore[all] because {number}\n" for number in range(size))
    ),
    "virtual services on one host": one_host,
    "exact routes": lambda size: routes(lambda number: f"uri: {{exact: /p{number}}}", size),
    "prefix routes with headers": lambda size: routes(
        lambda number: f"uri: {{prefix: /p{number}/}}, headers: {{x: {{exact: a{number}}}}}", size
    ),
    "one prefix, many headers": lambda size: routes(
        lambda number: f"uri: {{prefix: /p{number % 2}}}, headers: {{x: {{exact: a{number}b}}}}", size
    ),
    "patterns": lambda size: routes(lambda number: f"uri: {{regex: '/p{number}/[a-z]+'}}", size),
    "hosts": lambda size: (
        WORKLOAD
        + virtual_service(
            "web", f"http:\n- {TO_WEB}", "hosts:", *(f"- h{number}.example.com" for number in range(size))
        )
    ),
    "hosts below wildcards": lambda size: (
        WORKLOAD
        + virtual_service(
            "web",
            f"http:\n- {TO_WEB}",
            "hosts:",
            *(f"- '*.w{number}.example.com'\n  - a.b{number}.example.com" for number in range(size)),
        )
    ),
    "duplicate keys": lambda size: config_map("".join(f"  k{number}: a\n" for number in range(size)) * 2),
    "duplicate documents": lambda size: f"---\n{config_map('  a: b')}\n" * size,
    "empty documents": lambda size: "---\n" * size,
    "scalar documents": lambda size: "--- a\n" * size,
    "delegates": delegates,
    "Services and workloads that share their labels": sharing,
}
SIZE = 60


def calls(folder: Path, text: str, *command: str) -> int:
    """How many functions a run calls, Python's own included."""
    (folder / "a.yaml").write_text(text)
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        done = in_process(folder, *command, "a.yaml")
    finally:
        sys.setprofile(before)
    assert done.returncode in (0, 1), done.stderr
    return count


@pytest.mark.parametrize("command", [("lint", "-j1", "--no-cache"), ("validate", "--backend", "builtin")], ids=" ".join)
@pytest.mark.parametrize("what", INPUTS)
def test_twice_the_input_is_about_twice_the_work(tmp_path: Path, what: str, command: tuple[str, ...]) -> None:
    """What is added from 2n to 4n is twice what is added from n to 2n; of all pairs it would be four times as much."""
    calls(tmp_path, INPUTS[what](SIZE // 2), *command)  # what is loaded and kept is so for all
    one, two, four = (calls(tmp_path, INPUTS[what](SIZE * times), *command) for times in (1, 2, 4))
    assert four - two < 2.7 * (two - one) + 2_000, (one, two, four)


def test_rules_that_are_hidden_cost_no_more_than_others(tmp_path: Path) -> None:
    """Paths of every kind, and among them a prefix with the same headers again and again: what is behind it is unreachable."""

    def match(number: int) -> str:
        kinds = ("exact: /pN/a", "prefix: /qN", "regex: '/rN/.*'", "prefix: /s")
        header = f", headers: {{h{number % 7}: {{exact: a}}}}" if number % 4 == 3 else ""
        return f"uri: {{{kinds[number % 4]}}}{header}".replace("N", str(number))

    command = ("lint", "-j1", "--no-cache", "--select", "virtual-service-rule-unreachable")
    one, two, four = (calls(tmp_path, routes(match, size), *command) for size in (450, 900, 1_800))
    assert four - two < 2.7 * (two - one) + 2_000, (one, two, four)


def test_overlapping_hosts_are_those_of_all_pairs() -> None:
    hosts = [
        "*",
        "*.com",
        "a.com",
        "*.a.com",
        "b.a.com",
        "a.com",
        "*-x.a.com",
        "c-x.a.com",
        "*.org",
        "xa.com",
        "*x.a.com",
        "com",
    ]
    pairs = [
        (place, later)
        for place in range(len(hosts))
        for later in range(place + 1, len(hosts))
        if matches(hosts[place], hosts[later])
    ]
    assert overlaps(hosts) == pairs
    assert len(overlaps(["a.example.com"] * 1_000)) < 1_000 * MOST
