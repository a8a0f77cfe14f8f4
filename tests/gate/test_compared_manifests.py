"""A diff compares the part of both meshes that a changed manifest by hand is linked to, and says what the whole meshes say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_kept_base import committed, same
from tests.gate.test_linked_comparison import (
    DIFF,
    edits,
    group,
    own_folder,
    part_compared,
    repository_of,
    same_from_here,
)
from tests.hostile.repositories import in_process, prepared
from tests.route.test_linked_route import BY_HAND, edit

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 3)

OBJECTS = {
    "route": (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: cart, namespace: two}\nspec:\n"
        "  hosts: [cart-two.two.svc.cluster.local]\n  http: [{route: [{destination: {host: pay-two.two.svc.cluster.local}}]}]\n"
    ),
    "policy": (
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: pay, namespace: one}\n"
        "spec: {selector: {matchLabels: {app: pay-one}}, action: DENY, rules: [{from: [{source: {namespaces: [two]}}]}]}\n"
    ),
    "of a namespace": (
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: all, namespace: one}\n"
        "spec: {mtls: {mode: STRICT}}\n"
    ),
    "of all": (
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: istio-system}\n"
        'spec: {action: DENY, rules: [{to: [{operation: {paths: ["/x"]}}]}]}\n'
    ),
    "subsets": (
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: search, namespace: one}\n"
        "spec: {host: search-one.one.svc.cluster.local, subsets: [{name: v3, labels: {version: v3}}]}\n"
    ),
    "service": (
        "apiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: one}\n"
        "spec: {selector: {app: cart-one}, ports: [{name: http, port: 80}]}\n"
    ),
    "gateway": (
        "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: public, namespace: one}\n"
        'spec: {selector: {app: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}\n'
    ),
    "settings": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop, namespace: one}\ndata: {level: info}\n",
    "suppressed": (
        "# sailwright: ignore[container-net-raw] it pings\napiVersion: v1\nkind: ConfigMap\n"
        "metadata: {name: shop, namespace: one}\ndata: {level: info}\n"
    ),
}


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project that was compared once."""
    return prepared(tmp_path_factory, monkeypatch, lambda folder: repository_of(folder) and None)


def write(folder: Path, name: str, text: str) -> None:
    """Write a manifest; without a text there is none."""
    file = folder / "manifests" / name
    file.write_text(text)
    if not text:
        file.unlink()


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("route", group("two")),
        ("policy", group("one")),
        ("of a namespace", group("one")),
        ("of all", {"all"}),
        ("subsets", group("one")),
        ("service", group("one") | {"cart-four"}),
        ("gateway", {"all"}),
        ("settings", set()),
        ("suppressed", set()),
    ],
)
def test_what_a_manifest_is_linked_to_has_a_part(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, others: set[str]
) -> None:
    """Where it comes, and where it goes. What counts for the whole mesh is asked of it."""
    write(folder, "one.yaml", OBJECTS[kind])
    assert part_compared(folder, monkeypatch) == others
    committed(folder)
    in_process(folder, *DIFF)
    write(folder, "one.yaml", "")
    assert part_compared(folder, monkeypatch) == others


SIDECAR = (
    "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: pay, namespace: one}\n"
    "spec: {workloadSelector: {labels: {app: pay-one}}, EGRESS}\n"
)


@pytest.mark.parametrize("egress", ["egress: []", "outboundTrafficPolicy: {mode: ALLOW_ANY}"])
def test_a_sidecar_that_leaves_nothing_out_any_more(folder: Path, monkeypatch: pytest.MonkeyPatch, egress: str) -> None:
    """Its workloads see the hosts of the whole mesh then, though it names none."""
    write(folder, "one.yaml", SIDECAR.replace("EGRESS", 'egress: [{hosts: ["./*"]}]'))
    committed(folder)
    in_process(folder, *DIFF)
    write(folder, "one.yaml", SIDECAR.replace("EGRESS", egress))
    assert part_compared(folder, monkeypatch) == {"all"}
    assert "cart-four.four" in same(folder, *DIFF)


def test_a_namespace_that_a_service_file_has(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in no file is not in it: so whoever names a host there is told, and no link leads to that."""
    (folder / "services/two/pay/more.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: six}\n")
    edit(folder, "two", "pay", (r"\Z", "include: [more.yaml]\n"))
    with (folder / "sailwright.yaml").open("a") as file:
        file.write("namespaces: {two: {allow: [Namespace]}}\n")
    entry = BY_HAND[-1].replace("cart-one.one", "gone.six").replace("number: 80", "number: 7000")
    write(folder, "one.yaml", entry)
    committed(folder)
    in_process(folder, *DIFF)
    write(folder, "one.yaml", "")
    assert part_compared(folder, monkeypatch) == {"all"}
    assert "gone.six 100 % -> passthrough" in same(folder, *DIFF)


def test_a_manifest_that_something_else_is_read_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the mesh are asked of all of it, be they listed under `manifests` too."""
    project = folder / "sailwright.yaml"
    project.write_text(project.read_text().replace("istio: {", "istio: {meshConfig: manifests/mesh.yaml, "))
    write(folder, "mesh.yaml", "outboundTrafficPolicy: {mode: ALLOW_ANY}\n")
    committed(folder)
    in_process(folder, *DIFF)
    write(folder, "mesh.yaml", "outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n")
    assert part_compared(folder, monkeypatch) == {"all"}


written = st.tuples(st.sampled_from(("more.yaml", "one.yaml")), st.sampled_from(("", *BY_HAND, *OBJECTS.values())))


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=st.lists(
        st.tuples(st.lists(written, min_size=1, max_size=2), st.lists(edits, max_size=1), st.booleans()),
        min_size=1,
        max_size=4,
    ),
)
def test_any_change_gives_what_the_whole_meshes_say(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[tuple[list[tuple[str, str]], list[tuple[str, str, tuple[str, str]]], bool]],
) -> None:
    with own_folder(tmp_path_factory, part=1) as folder:
        repository_of(folder, by_hand)
        for manifests, changes, commits in steps:
            for name, text in manifests:
                write(folder, name, text)
            for change in changes:
                edit(folder, *change)
            same_from_here(folder, commits=commits)
