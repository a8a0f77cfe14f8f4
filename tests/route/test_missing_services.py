"""A Service that lies in no file is not absent: what becomes of a request to it cannot be decided, unless the files are all there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.route.mesh import service, virtual_service

from sailwright.cli import main

SPLIT = "http: [{route: [{destination: {host: cart}, weight: 90}, {destination: {host: basket}, weight: 10}]}]"
ROUTES = service("cart") + virtual_service("cart", f"hosts: [cart]\n{SPLIT}")
NAMESPACE = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


def answered(capsys: pytest.CaptureFixture[str], text: str, *paths: str) -> dict[str, object]:
    """The answer to a request to cart; outside of a project unless a file of one is named too."""
    Path("in.yaml").write_text(text)
    assert main(["route", "in.yaml", *paths, "--from", "shop", "--url", "http://cart/", "--format", "json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)["answers"][0]
    return found


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_service_in_no_file_may_be_in_the_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 0 and the reason, as for every other request that cannot be decided."""
    found = answered(capsys, ROUTES)
    assert found == {
        "kind": "cannot decide",
        "reason": "Service shop/basket is in no file",
        "virtualService": "shop/cart",
    }
    main(["route", "in.yaml", "--from", "shop", "--url", "http://cart/"])
    assert "cannot decide: Service shop/basket is in no file" in capsys.readouterr().out


def test_whoever_makes_a_namespace_has_what_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Then the Service is absent, and Envoy answers 503."""
    destinations = answered(capsys, ROUTES + NAMESPACE)["destinations"]
    assert isinstance(destinations, list)
    assert [found.get("unknown", False) for found in destinations] == [False, True]


def test_a_slip_of_the_hand_is_absent(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that differs by a letter from a Service of the same namespace means that one."""
    text = ROUTES.replace("host: basket", "host: baskte") + service("basket")
    assert answered(capsys, text)["kind"] == "route"
    assert answered(capsys, text.replace("baskte", "basket"))["kind"] == "route"


def test_other_services_of_the_namespace_are_no_proof(capsys: pytest.CaptureFixture[str]) -> None:
    """Their owners may have files of their own."""
    assert answered(capsys, ROUTES + service("orders"))["kind"] == "cannot decide"


def test_a_project_says_what_exists_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """`known.hosts` is the whole list: what is neither there nor among the files is absent; of what is there no file says more."""
    project = "apiVersion: sailwright/v1alpha1\nservices: [service.yaml]\nistio: {sidecarMode: native}\nknown: {hosts: [%s]}\n"
    Path("service.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nname: web\nnamespace: front\n"
        "ports: [{name: http, port: 80, appProtocol: http}]\nversions: [{name: v1, image: 'web:1'}]\n"
    )
    for hosts, kind in (("", "route"), ("basket.shop.svc.cluster.local", "cannot decide")):
        Path("sailwright.yaml").write_text(project % hosts)
        assert answered(capsys, ROUTES, "service.yaml")["kind"] == kind


@pytest.mark.parametrize(
    "rule",
    [
        virtual_service("cart", "hosts: [cart]\nhttp: [{route: [{destination: {host: cart}}]}]"),
        virtual_service("cart", "hosts: [cart.shop.svc.cluster.local]\nhttp: [{route: [{destination: {host: cart}}]}]"),
        (
            "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: cart, namespace: shop}\n"
            "spec: {host: cart, subsets: [{name: v1, labels: {version: v1}}]}\n"
        ),
    ],
)
def test_a_service_that_rules_are_about_is_not_unknown_to_the_mesh(
    capsys: pytest.CaptureFixture[str], rule: str
) -> None:
    """Who writes its routes has the Service somewhere; of a namespace that is here as a whole it is absent."""
    found = answered(capsys, rule)
    assert (found["kind"], found["reason"]) == ("cannot decide", "Service shop/cart is in no file")
    assert answered(capsys, rule + NAMESPACE)["kind"] == "passthrough"


def test_a_host_that_nothing_speaks_of_is_passed_through(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, service("orders"))["kind"] == "passthrough"
    other = virtual_service("orders", "hosts: [orders]\nhttp: [{route: [{destination: {host: orders}}]}]")
    assert answered(capsys, other)["kind"] == "passthrough"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://basket.shop/", "cannot decide"),
        ("http://basket.shop.svc/", "cannot decide"),
        ("http://basket.shop.svc.cluster.local/", "cannot decide"),
        ("http://basket.elsewhere.svc.cluster.local/", "cannot decide"),
        ("tcp://basket.shop:5432", "cannot decide"),
        ("http://baskets.example.com/", "passthrough"),
        ("http://basket.elsewhere/", "passthrough"),
        ("http://10.0.0.7/", "passthrough"),
        ("http://cart.shop:8081/", "passthrough"),
        ("http://ordres.shop/", "passthrough"),
    ],
)
def test_a_host_that_only_a_service_can_have(capsys: pytest.CaptureFixture[str], url: str, kind: str) -> None:
    """It is passed through where there is none, and there may be one; other hosts, and a slip of the hand, are known to be none."""
    Path("in.yaml").write_text(ROUTES.replace("basket", "cart") + service("orders"))
    assert main(["route", "in.yaml", "--from", "shop", "--url", url, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["answers"][0]["kind"] == kind
    Path("in.yaml").write_text(ROUTES + NAMESPACE)
    main(["route", "in.yaml", "--from", "shop", "--url", "http://basket.shop/", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["answers"][0]["kind"] == "passthrough"


@pytest.mark.parametrize("placeholder", ["${SUBSET}", "{{ subset }}", "$(SUBSET)"])
def test_a_value_that_is_filled_in_later_is_not_refused(capsys: pytest.CaptureFixture[str], placeholder: str) -> None:
    """Istio never sees the placeholder, so that it refuses nothing: what it becomes is not known."""
    split = SPLIT.replace("{host: cart}", f"{{host: cart, subset: '{placeholder}'}}")
    Path("in.yaml").write_text(service("cart") + virtual_service("cart", f"hosts: [cart]\n{split}"))
    assert main(["route", "in.yaml", "--from", "shop", "--url", "http://cart/"]) == 2
    told = capsys.readouterr().err
    assert "cannot decide" in told
    assert "Istio refuses" not in told
