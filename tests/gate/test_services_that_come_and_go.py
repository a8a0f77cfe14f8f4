"""A diff compares the part of both meshes that a service which comes, goes or has other hosts is linked to, and says what the whole meshes say."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_kept_base import committed, same
from tests.gate.test_linked_comparison import DIFF, group, own_folder, part_compared, repository_of, same_from_here
from tests.hostile.repositories import in_process, own_store, prepared
from tests.lint.test_after_change import NAMES
from tests.route.test_linked_route import BY_HAND, NAMESPACES, edit, project

from sailwright.commands.diff import base_and_head
from sailwright.workspace import parallel

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 4)

NEW = """\
apiVersion: sailwright/v1alpha1
name: NAME
namespace: NAMESPACE
ports: [{name: PROTOCOL, port: PORT, targetPort: 8080, appProtocol: PROTOCOL}]
versions:
  - {name: v1, image: "example.com/shop:1"}
"""
EXTERNAL = """\
apiVersion: sailwright/v1alpha1
name: NAME
namespace: NAMESPACE
external: {hosts: [basket-one.one.svc.cluster.local], resolution: DNS}
ports: [{name: PROTOCOL, port: PORT, appProtocol: PROTOCOL}]
"""
MORE = (
    "",
    "accessPolicy: {inbound: [{service: one/cart-one}]}\n",
    "accessPolicy: {outbound: [{service: two/cart-two}]}\n",
    "expose: {gateways: [one/public], hosts: [a.example.com]}\n",
    "service: {name: cart-one}\n",
    "mesh: {inject: none}\n",
    "environments: {prod: {enabled: false}}\n",
    "routes: [{match: [{uri: {prefix: /x}}], to: [{host: mail-five.five.svc.cluster.local}]}, {to: v1}]\n",
)
"""What a new service says besides."""

CALLS = r"(?m)^accessPolicy:.*\n"
CHANGES = (
    (r"(?m)^name: .*", ("name: basket-one", "name: carts-one", "name: other")),
    (r"(?m)^namespace: .*", tuple(f"namespace: {each}" for each in (*NAMESPACES, "five"))),
    (r"(?m)^service: .*\n|\Z", ("", "service: {name: cart-one}\n", "service: {name: basket-one}\n")),
    (r"(?m)^expose: .*\n|\Z", ("", "expose: {gateways: [one/public], hosts: [a.example.com, b.example.com]}\n")),
    (r"(?<=host: )[\w.-]+(?=\.svc)", ("basket-one.one", "mail-five.five", "carts-one.one", "nobody.two")),
    (CALLS, ("", "accessPolicy: {inbound: [{service: one/basket-one}]}\n")),
    (r"(?<=, port: )\d+(?=,)", ("80", "8080", "5432")),
)
"""What to find in a service file, and what to write there instead."""
Change = str | tuple[str, str] | None
"""The text of a new service, what to find and what to write there, or None where it goes."""

ours = st.tuples(st.sampled_from(NAMESPACES), st.sampled_from(NAMES))
others = st.tuples(st.sampled_from((*NAMESPACES, "five")), st.sampled_from(("basket", "mail", "carts")))
ports = st.sampled_from((("http", "80"), ("http", "8080"), ("tcp", "5432"), ("tcp", "80")))
new = st.builds(
    lambda text, more, port: (text + more * (text == NEW)).replace("PROTOCOL", port[0]).replace("PORT", port[1]),
    st.sampled_from((NEW, NEW, NEW, EXTERNAL)),
    st.sampled_from(MORE),
    ports,
)
changes = st.sampled_from([(pattern, text) for pattern, texts in CHANGES for text in texts])
moves = st.one_of(
    st.tuples(others, new), st.tuples(others, st.none()), st.tuples(ours, st.none()), st.tuples(ours | others, changes)
)


def move(folder: Path, namespace: str, name: str, change: Change) -> None:
    """Have a service come or go, or be another to others than it was."""
    file = folder / "services" / namespace / name / "service.yaml"
    if isinstance(change, str):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(change.replace("NAMESPACE", namespace).replace("NAME", f"{name}-{namespace}"))
    elif change is not None and file.exists():
        edit(folder, namespace, name, change)
    elif file.exists():
        shutil.rmtree(file.parent)


def without_calls(folder: Path) -> None:
    """Have services say nothing of whom they call, so that others may go."""
    for file in folder.rglob("service.yaml"):
        file.write_text(re.sub(CALLS, "", file.read_text()))


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=st.lists(st.tuples(st.lists(moves, min_size=1, max_size=2), st.booleans()), min_size=1, max_size=5),
    large=st.booleans(),
)
def test_any_move_gives_what_the_whole_meshes_say(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[tuple[list[tuple[tuple[str, str], Change]], bool]],
    large: bool,
) -> None:
    with own_folder(tmp_path_factory, large=large, part=1) as folder:
        without_calls(project(folder, by_hand))
        in_process(committed(folder), *DIFF)
        for some, commits in steps:
            for place, change in some:
                move(folder, *place, change)
            same_from_here(folder, commits=commits)


HTTP = NEW.replace("PROTOCOL", "http").replace("PORT", "80")


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project that was compared once."""
    return prepared(tmp_path_factory, monkeypatch, lambda folder: repository_of(folder) and None)


def compared_again(folder: Path) -> None:
    """Have a project be its own base."""
    committed(folder)
    in_process(folder, *DIFF)


@pytest.mark.parametrize("namespace", ["one", "five"])
def test_a_service_that_comes_and_goes(folder: Path, monkeypatch: pytest.MonkeyPatch, namespace: str) -> None:
    """The first and the last of a namespace too. Sidecars route its host beside those of any service on port 80."""
    ours = {f"basket-{namespace}", "cart-four"}
    move(folder, namespace, "basket", HTTP)
    assert part_compared(folder, monkeypatch) == ours
    assert "the host becomes known here" in same(folder, *DIFF)
    compared_again(folder)
    move(folder, namespace, "basket", None)
    assert part_compared(folder, monkeypatch) == ours
    assert "the host is no longer known here" in same(folder, *DIFF)


def test_a_service_that_comes_with_its_calls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No call of it changes: it had none. Who calls it, or is called by it, has a part."""
    move(folder, "one", "basket", HTTP + "accessPolicy: {outbound: [{service: two/cart-two}]}\n")
    assert part_compared(folder, monkeypatch) - group("two") == {"basket-one", "cart-four"}
    assert "from one/basket-one" not in same(folder, *DIFF)


@pytest.mark.parametrize("host", ["basket-one.one", "baskets-one.one"])
def test_who_names_a_service_before_it_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """By its host, which nobody has; or by another that it may be the right one for."""
    edit(folder, "three", "cart", (r"(?<=host: )[\w.-]+(?=\.svc)", host))
    compared_again(folder)
    move(folder, "one", "basket", HTTP)
    found = part_compared(folder, monkeypatch)
    assert ("cart-three" in found) == (host == "basket-one.one")
    compared_again(folder)
    edit(folder, "three", "cart", (r"timeout: 2s", "timeout: 1s"))
    assert "basket-one" in part_compared(folder, monkeypatch)


def test_a_port_that_few_have(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All services that have it are looked at: a connection that is no HTTP may meet any of them."""
    database = NEW.replace("PROTOCOL", "tcp").replace("PORT", "5432")
    move(folder, "two", "store", database)
    compared_again(folder)
    move(folder, "one", "basket", database)
    assert part_compared(folder, monkeypatch) == {"basket-one", "store-two"}


def test_a_name_that_may_be_in_a_namespace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where anything is in that namespace only a Service can have it: whether one does cannot be decided. No link leads to these."""
    move(
        folder,
        "one",
        "basket",
        EXTERNAL.replace("basket-one.one.svc.cluster.local", "mail.three").replace("PROTOCOL", "http"),
    )
    file = folder / "services/one/basket/service.yaml"
    file.write_text(file.read_text().replace("PORT", "80"))
    compared_again(folder)
    move(folder, "one", "basket", None)
    assert part_compared(folder, monkeypatch) == {"all"}
    assert "Service three/mail is in no file" in same(folder, *DIFF)


def test_who_may_be_meant_by_another_of_its_services(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service file has several Services: one that is gone may be a slip for any."""
    more = "additionalServices: [{name: orders, ports: [{name: http, port: 7000, appProtocol: http}]}]\n"
    move(folder, "two", "basket", HTTP.replace("port: 80,", "port: 7001,") + more)
    entry = folder / "manifests/gone.yaml"
    entry.write_text(BY_HAND[-1].replace("cart-one.one", "order.two").replace("number: 80", "number: 7002"))
    compared_again(folder)
    entry.unlink()
    assert "basket-two" in part_compared(folder, monkeypatch)


def test_other_hosts_of_a_service(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, "one", "cart", (r"\Z", "service: {name: fresh}\n"))
    assert part_compared(folder, monkeypatch) - group("one") == {"cart-four"}
    compared_again(folder)
    edit(folder, "one", "cart", (r"(?m)^service: .*", "service: {name: cart-three}"))
    assert part_compared(folder, monkeypatch) - group("one") == {"cart-four"}


def test_a_host_that_is_nobodys_any_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the base a service depends by it on another that comes now: it is named as the service that it was."""
    routes = (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: early, namespace: two}\nspec:\n"
        "  hosts: [basket-one.one.svc.cluster.local]\n  http: [{route: [{destination: {host: mail-five.five.svc.cluster.local}}]}]\n"
    )
    (folder / "manifests/early.yaml").write_text(routes)
    move(folder, "one", "mail", HTTP + "service: {name: basket-one}\n")
    compared_again(folder)
    move(folder, "one", "mail", None)
    move(folder, "five", "mail", HTTP)
    assert part_compared(folder, monkeypatch) == {"mail-one", "mail-five", "cart-four"}


def test_other_hosts_at_a_gateway(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has the same host there has a part."""
    exposed = "expose: {gateways: [one/public], hosts: [HOST]}\n"
    edit(folder, "one", "cart", (CALLS, exposed.replace("HOST", "a.example.com")))
    edit(folder, "two", "cart", (CALLS, exposed.replace("HOST", "b.example.com")))
    compared_again(folder)
    edit(folder, "one", "cart", (r"hosts: \[a.example.com\]", "hosts: [a.example.com, b.example.com]"))
    assert part_compared(folder, monkeypatch) - {"cart-four"} >= {"cart-one", "cart-two"}
    assert "b.example.com" in same(folder, *DIFF)


def test_of_a_large_project_no_mesh_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor in the first run, nor where the last base had other services."""
    own_store(monkeypatch, tmp_path)
    monkeypatch.setattr(parallel, "MANY", 1)
    monkeypatch.setattr(base_and_head, "compare_sides", lambda *_: 1 / 0)
    folder = committed(project(tmp_path / "project"))
    move(folder, "one", "basket", HTTP)
    assert "the host becomes known here" in in_process(folder, *DIFF).stdout
    committed(folder)
    move(folder, "one", "basket", None)
    move(folder, "two", "basket", HTTP)
    assert "the host is no longer known here" in in_process(folder, *DIFF).stdout
