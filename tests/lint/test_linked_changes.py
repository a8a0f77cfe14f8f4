"""A change that others may see is judged with the services that it is linked to, and with no others: the results are those of a full run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import prepared
from tests.lint.test_after_change import GATEWAY, edit, substitute, whole_mesh_judged
from tests.lint.test_kept_results import outcome, without_cache

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 3)

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {clusters: {east: {}, west: {}}}}
namespaces: {shop: {labels: {istio-injection: disabled}}}
lint: {preset: strict}
manifests: [{paths: ["manifests/*.yaml"]}]
"""

BY_HAND = """\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: books, namespace: shop}
spec:
  hosts: [books.example.com]
  ports: [{number: 443, name: https, protocol: TLS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: away, namespace: shop}
spec:
  hosts: [away.example.com]
  gateways: [one/public]
  http: [{route: [{destination: {host: b1.shop.svc.cluster.local, subset: v2}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: for-all, namespace: shop}
spec:
  hosts: [b2.shop.svc.cluster.local]
  http: [{route: [{destination: {host: b1.shop.svc.cluster.local, subset: v2}}]}]
"""

STRICT = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
"""

SERVICE = """\
# What {name} is for.
apiVersion: sailwright/v1alpha1
name: {name}
namespace: {namespace}
ports: [{{name: http, port: 80, targetPort: 8080, appProtocol: http}}]
defaults:
  replicas: 2
  readinessProbe: {{httpGet: {{path: /ready, port: http}}}}
versions:
  - {{name: v1, image: "example.com/{name}:1", weight: 50}}
  - {{name: v2, image: "example.com/{name}:2", weight: 50}}
trafficPolicy: {{outlierDetection: {{consecutive5xxErrors: 5, interval: 10s}}}}
accessPolicy: {{inbound: [{{service: {caller}}}], outbound: [{{service: {callee}}}]}}
routes:
  - {{name: away, match: [{{uri: {{prefix: /x}}}}], to: [{{host: {host}, port: 80}}], timeout: 2s, retries: {{attempts: 2, perTryTimeout: 1s}}}}
  - {{name: rest, to: {{v1: 90, v2: 10}}}}
timeout: 3s
"""
NAMES = ("a1", "a2", "b1", "b2", "c1", "c2", "c3", "d1", "d2", "d3", "d4", "e1")
"""Services that call each other in the groups that their first letters say."""

CHANGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?<=prefix: )/\w+", ("/x", "/y", "/")),
    (r"(?<=to: \{v1: )\d+, v2: \d+", ("90, v2: 10", "50, v2: 50", "100, v2: 0")),
    (r"(?<=1\", weight: )\d+(.*\n.*weight: )\d+", (r"50\g<1>50", r"100\g<1>0", r"0\g<1>100")),
    (r"(?<=timeout: )\d+s(?=\n)", ("3s", "1s", "30s")),
    (r"(?<=timeout: )\d+s(?=, )", ("2s", "9s", "1m")),
    (r"(?<=attempts: )\d+", ("0", "2", "9")),
    (r"(?<=perTryTimeout: )\w+", ("1s", "5s")),
    (r"(?<=host: )\w+(?=\.)", ("a1", "b2", "c3", "nobody", "a11")),
    (r"(?<=port: )\d+(?=\}\])", ("80", "81")),
    (r"(?<=http, port: )\d+", ("80", "81", "443")),
    (r"(?<=targetPort: )\d+", ("8080", "15001")),
    (r"(?<=replicas: )\d+", ("0", "1", "2")),
    (r"(?<=inbound: \[\{service: )\S+(?=\}\],)", ("shop/a1", "shop/b1", "shop/nobody")),
    (r"(?<=outbound: \[\{service: )\S+(?=\}\]\})", ("shop/a1", "shop/c1", "shop/nobody")),
    (r"accessPolicy: \{inbound", ("accessPolicy: {inbound", "# accessPolicy: {inbound")),
    (r"# accessPolicy", ("accessPolicy",)),
    (r"(?<=consecutive5xxErrors: )\d+", ("5", "0")),
    (r"trafficPolicy: \{(?:loadBalancer: \w+, )?", ("trafficPolicy: {", "trafficPolicy: {loadBalancer: PASSTHROUGH, ")),
    (r"appProtocol: \w+", ("appProtocol: http", "appProtocol: tcp", "appProtocol: http2")),
    (r"(?<=namespace: )\w+", ("shop", "team")),
    (r"\A(?:# .*\n)*", ("", "# One line.\n", "# One line.\n# And another.\n")),
    (r"(?<=2\", weight: )(\d+).*\}", (r"\g<1>}", r"\g<1>}  # sailwright: ignore[container-runs-as-root] it must")),
    (
        r"\n\Z|\n(?:expose|exportTo|tests|external|mtls).*\n\Z",
        (
            "\n",
            "\nexportTo: [.]\n",
            "\nexportTo: [team]\n",
            "\nexpose: {hosts: [cart.example.com], gateways: [one/public]}\n",
            "\nexpose: {hosts: [away.example.com], gateways: [one/public]}\n",
            "\nmtls: {mode: PERMISSIVE}\n",
            "\ntests: []\n",
        ),
    ),
)
"""What to find in a service file, and what to write there instead."""


def service(name: str) -> str:
    """A service whose callers and callees are of its group."""
    group = [each for each in NAMES if each[0] == name[0]]
    at = group.index(name)
    callee, caller = group[(at + 1) % len(group)], group[at - 1]
    host = f"{callee}.shop.svc.cluster.local" if name[0] != "e" else "books.example.com"
    return SERVICE.format(name=name, namespace="shop", caller=f"shop/{caller}", callee=f"shop/{callee}", host=host)


def project(folder: Path) -> Path:
    """A dozen services, and around them what several of them use."""
    (folder / "manifests").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    (folder / "manifests/gateway.yaml").write_text(GATEWAY)
    (folder / "manifests/more.yaml").write_text(BY_HAND)
    (folder / "manifests/strict.yaml").write_text(STRICT)
    for name in NAMES:
        add(folder, name)
    return folder


def linted_project(folder: Path) -> None:
    """The same, linted once."""
    outcome(project(folder))


def add(folder: Path, name: str, text: str = "") -> None:
    """Write a service file."""
    (folder / "services" / name).mkdir(parents=True, exist_ok=True)
    (folder / "services" / name / "service.yaml").write_text(text or service(name))


def change(folder: Path, name: str, pattern: str, text: str) -> None:
    """Change a service file, remove it, or write it anew."""
    path = folder / "services" / name / "service.yaml"
    if pattern == "remove":
        path.unlink(missing_ok=True)
    elif not path.exists():
        add(folder, name)
    else:
        substitute(folder, name, pattern, text)


changes = st.sampled_from([("remove", ""), *((pattern, text) for pattern, texts in CHANGES for text in texts)])
edits = st.tuples(st.sampled_from(NAMES), changes)


@settings(
    max_examples=RUNS,
    deadline=None,
    derandomize=not os.environ.get("SAILWRIGHT_FUZZ_RUNS"),
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=8), part=st.sampled_from((1, 4)))
def test_any_change_gives_what_a_lint_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[str, tuple[str, str]]]], part: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, linted_project)
        patch.setattr("sailwright.commands.lint.linked_services._PART", part)
        for step in steps:
            for name, (pattern, text) in step:
                change(folder, name, pattern, text)
            assert outcome(folder) == without_cache(folder)


@pytest.fixture
def linted(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was linted once."""
    return prepared(tmp_path_factory, monkeypatch, linted_project)


def test_what_is_linked_to_few_is_judged_with_these(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A route, a weight, retries, replicas and the port that callers use, one change after the other."""
    for name, old, new in (
        ("e1", "prefix: /x", "prefix: /y"),
        ("e1", "v1: 90, v2: 10", "v1: 100, v2: 0"),
        ("a1", "attempts: 2", "attempts: 9"),
        ("b1", "replicas: 2", "replicas: 0"),
        ("b1", "http, port: 80,", "http, port: 81,"),
        ("c1", "port: 80}]", "port: 81}]"),
    ):
        edit(linted, name, old, new)
        assert not whole_mesh_judged(linted, monkeypatch), (name, new)


def test_what_is_missing_is_looked_for_among_all_services(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any name of the mesh may be the one that was meant."""
    edit(linted, "c1", "host: c2.", "host: c4.")
    assert not whole_mesh_judged(linted, monkeypatch)
    edit(linted, "c1", "host: c4.", "host: d11.")
    assert not whole_mesh_judged(linted, monkeypatch)


def test_services_that_come_and_go_are_judged_with_what_is_linked_to_them(
    linted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that somebody calls, one that nobody does, another name for one, and each of them gone again."""
    edit(linted, "c1", "host: c2.", "host: c4.")
    assert not whole_mesh_judged(linted, monkeypatch)
    for name, text in (
        ("c4", service("c2").replace("name: c2", "name: c4")),
        ("e2", service("e1").replace("name: e1", "name: e2").replace("shop/e1", "shop/e2")),
        ("e2", service("e1").replace("name: e1", "name: e3").replace("shop/e1", "shop/e3")),
        ("e2", ""),
        ("d4", service("d4").replace("name: d4", "name: d4\nlabels: {tier: back}")),
        ("c4", ""),
        ("c4", service("c2").replace("name: c2", "name: c4")),
    ):
        if text:
            add(linted, name, text)
        else:
            (linted / "services" / name / "service.yaml").unlink()
        assert not whole_mesh_judged(linted, monkeypatch), (name, text)


def test_a_name_that_comes_may_be_the_one_that_was_meant(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names nobody is judged again where a service comes, goes or gets another name."""
    edit(linted, "a1", "host: a2.", "host: e11.")
    assert not whole_mesh_judged(linted, monkeypatch)
    for name in ("e10", "e12"):
        add(linted, "e10", service("e1").replace("name: e1", f"name: {name}").replace("shop/e1", f"shop/{name}"))
        assert not whole_mesh_judged(linted, monkeypatch)


def test_a_new_link_is_kept(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that is called from now on concerns its caller from now on."""
    edit(linted, "a2", "outbound: [{service: shop/a1}]", "outbound: [{service: shop/e1}]")
    assert not whole_mesh_judged(linted, monkeypatch)
    edit(linted, "e1", "inbound: [{service: shop/e1}]", "inbound: [{service: shop/a2}]")
    assert not whole_mesh_judged(linted, monkeypatch)
    edit(linted, "e1", "inbound: [{service: shop/a2}]", "inbound: [{service: shop/e1}]")
    assert not whole_mesh_judged(linted, monkeypatch)
    assert "lets nobody in as ns/shop/sa/a2" in outcome(linted)[1]


def test_who_is_exported_to_some_is_asked_about_by_callers_elsewhere(
    linted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller of another namespace, which nothing links to it, is sent to a subset that it does not see: before and after a change."""
    add(linted, "t1", ALONE.format(name="t1", namespace="team"))
    edit(linted, "b1", "timeout: 3s\n", "timeout: 3s\nexportTo: [.]\n")
    unseen = "callers in namespace `team` have no cluster for `b1.shop.svc.cluster.local` subset `v2`"
    assert unseen in outcome(linted)[1]
    for name, old, new in (("b1", "v1: 90, v2: 10", "v1: 80, v2: 20"), ("a1", "timeout: 3s", "timeout: 4s")):
        edit(linted, name, old, new)
        assert not whole_mesh_judged(linted, monkeypatch), name
        assert unseen in outcome(linted)[1]
    edit(linted, "b1", "exportTo: [.]", "exportTo: [., team]")
    assert not whole_mesh_judged(linted, monkeypatch)
    assert unseen not in outcome(linted)[1]


ALONE = """\
apiVersion: sailwright/v1alpha1
name: {name}
namespace: {namespace}
ports: [{{name: http, port: 80, targetPort: 8080, appProtocol: http}}]
versions: [{{name: v1, image: "example.com/{name}:1"}}]
"""
"""A service that names no other."""


def test_of_some_who_are_exported_to_others_no_caller_may_come_unnoticed(
    linted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first caller of a namespace, and the last, are told to all rules."""
    edit(linted, "b1", "timeout: 3s\n", "timeout: 3s\nexportTo: [.]\n")
    unseen = "callers in namespace `team` have no cluster for"
    assert unseen not in outcome(linted)[1]
    add(linted, "t1", ALONE.format(name="t1", namespace="team"))
    assert unseen in outcome(linted)[1]
    add(linted, "t2", ALONE.format(name="t2", namespace="team"))
    assert not whole_mesh_judged(linted, monkeypatch)
    for name in ("t1", "t2"):
        (linted / f"services/{name}/service.yaml").unlink()
        assert outcome(linted) == without_cache(linted)
    assert unseen not in outcome(linted)[1]
