"""`diff` says how far a change reaches: callers of callers, up to the hosts at gateways, nearest first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.gate.test_diff_command import git

from sailwright.cli.group import sailwright
from sailwright.commands.diff.blast_radius import LISTED

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
known: {gateways: [istio-ingress/public]}
manifests: [{paths: [k8s/**]}]
environments: {staging: {}, prod: {}}
"""
PARTNER = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: partner, namespace: shop}
spec:
  hosts: [partner.example.com]
  gateways: [istio-ingress/public]
  http: [{route: [{destination: {host: cart}}]}]
"""
EXPOSED = "expose: {hosts: [shop.example.com], gateways: [istio-ingress/public]}"


def write(folder: Path, name: str, *more: str, calls: str = "") -> None:
    """Write a service file of namespace `shop`."""
    place = folder / "services" / name
    place.mkdir(parents=True, exist_ok=True)
    lines = [
        "apiVersion: sailwright/v1alpha1",
        f"name: {name}",
        "namespace: shop",
        f"owner: team-{name}",
        "ports: [{name: http, port: 80, targetPort: 8080, appProtocol: http}]",
        f'versions: [{{name: v1, image: "example.com/{name}:1.0"}}]',
        *([f"accessPolicy: {{outbound: [{{service: shop/{calls}}}]}}"] if calls else []),
        *more,
    ]
    (place / "service.yaml").write_text("\n".join(lines) + "\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository, without services yet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    (tmp_path / "k8s").mkdir()
    return tmp_path


def commit() -> None:
    """Commit everything as the base."""
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "base")


def diff(output: str) -> str:
    """What `diff` prints in a format."""
    arguments = ("diff", "--base", "HEAD", "--format", output)
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False).stdout


def reached() -> list[tuple[str, list[str]]]:
    """What is reached: the path, and where."""
    tree: dict[str, Any] = json.loads(diff("json"))["blastRadius"]
    return [(" <- ".join(each["path"]), each["environments"]) for each in tree["reached"]]


def test_callers_of_callers_are_told_up_to_the_hosts(folder: Path) -> None:
    """A hand-written VirtualService at a gateway that the repository does not hold counts like a rendered one."""
    write(folder, "web", EXPOSED, calls="cart")
    write(folder, "cart", calls="db")
    write(folder, "db", "timeout: 2s")
    (folder / "k8s" / "partner.yaml").write_text(PARTNER)
    commit()
    write(folder, "db", "timeout: 3s")

    expected = [
        "shop/db <- shop/cart, owner team-cart",
        "shop/db <- shop/cart <- partner.example.com at istio-ingress/public",
        "shop/db <- shop/cart <- shop/web, owner team-web",
        "shop/db <- shop/cart <- shop/web <- shop.example.com at istio-ingress/public",
    ]
    text, markdown = diff("text"), diff("markdown")
    assert "blast radius:\n" + "".join(f"  {line}\n" for line in expected) in text
    assert "".join(f"- `{line}`\n" for line in expected) in markdown


def test_a_service_is_told_by_its_shortest_path(folder: Path) -> None:
    """`web` calls `db` by way of `cart` too, and calls of a cycle end where they began."""
    write(folder, "cart", "accessPolicy: {outbound: [{service: shop/db}, {service: shop/web}]}")
    write(folder, "web", "accessPolicy: {outbound: [{service: shop/db}, {service: shop/cart}]}")
    write(folder, "db", "timeout: 2s")
    write(folder, "far", calls="web")
    commit()
    write(folder, "db", "timeout: 3s")

    assert reached() == [
        ("shop/db <- shop/cart", []),
        ("shop/db <- shop/web", []),
        ("shop/db <- shop/web <- shop/far", []),
    ]


def test_environments_are_named_where_not_all_have_it(folder: Path) -> None:
    """A call that only production declares reaches only there."""
    only = "environments: {prod: {accessPolicy: {outbound: [{service: shop/cart}]}}}"
    write(folder, "web", only)
    write(folder, "cart", calls="db")
    write(folder, "db", "timeout: 2s")
    commit()
    write(folder, "db", "timeout: 3s")

    assert reached() == [("shop/db <- shop/cart", []), ("shop/db <- shop/cart <- shop/web", ["prod"])]


def test_a_caller_that_the_change_removes_is_told(folder: Path) -> None:
    """It called the service until now."""
    write(folder, "web", EXPOSED, calls="cart")
    write(folder, "cart", "timeout: 2s")
    commit()
    write(folder, "web", EXPOSED)
    write(folder, "cart", "timeout: 3s")

    assert ("shop/cart <- shop/web", []) not in reached(), "it changes itself"
    assert ("shop/web <- shop.example.com", []) in reached()


def test_callers_alone_are_told_once(folder: Path) -> None:
    """`called by` says it already."""
    write(folder, "cart", calls="db")
    write(folder, "db", "timeout: 2s")
    commit()
    write(folder, "db", "timeout: 3s")

    assert "called by: shop/cart" in diff("text")
    assert "blast radius" not in diff("text")
    assert reached() == [("shop/db <- shop/cart", [])]


def test_what_is_left_out_is_said(folder: Path) -> None:
    """The nearest are kept."""
    write(folder, "cart", calls="db")
    write(folder, "db", "timeout: 2s")
    for number in range(25):
        write(folder, f"web-{number:02}", calls="cart")
    commit()
    write(folder, "db", "timeout: 3s")

    lines = diff("text").splitlines()
    assert "  shop/db <- shop/cart, owner team-cart" in lines
    assert "  and 6 more, further away; --format json lists the nearest 26" in lines
    assert len(reached()) == 26 < LISTED
