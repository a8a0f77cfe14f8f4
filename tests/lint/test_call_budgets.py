"""`budget` of an exposed service, and timeouts that outlast callers several hops away, in a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sailwright.cli import main

PROJECT = """\
apiVersion: sailwright/v1alpha1
istio: {version: 1.31.0, sidecarMode: native}
known: {gateways: [istio-ingress/public]}
environments: {staging: {}, prod: {}}
"""
BUDGET, OUTLASTS = "call-budget-exceeded", "timeout-outlasts-caller"


def service(name: str, *more: str, calls: str = "") -> tuple[str, str]:
    """A service file, and its name."""
    lines = [
        "apiVersion: sailwright/v1alpha1",
        f"name: {name}",
        "namespace: shop",
        "ports: [{name: http, port: 80, targetPort: 8080, appProtocol: http}]",
        f'versions: [{{name: v1, image: "example.com/{name}:1.0"}}]',
        *([f"accessPolicy: {{outbound: [{{service: shop/{calls}}}]}}"] if calls else []),
        *more,
    ]
    return name, "\n".join(lines) + "\n"


EXPOSED = "expose: {hosts: [shop.example.com], gateways: [istio-ingress/public]}"


def findings(
    folder: Path, capsys: pytest.CaptureFixture[str], *services: tuple[str, str]
) -> list[tuple[str, str, str]]:
    """(file, message and help, environments) of what the two rules find."""
    (folder / "sailwright.yaml").write_text(PROJECT)
    for name, text in services:
        place = folder / "services" / name
        place.mkdir(parents=True)
        (place / "service.yaml").write_text(text)
    main(["lint", "--format", "json", "--select", f"{BUDGET},{OUTLASTS}"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [
        (
            f"{each['location']['file'].split('/')[1]}:{each['location']['line']}",
            f"{each['message']}; {each['help']}",
            ",".join(each["environments"]),
        )
        for each in found
    ]


@pytest.fixture(autouse=True)
def at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is the working folder."""
    monkeypatch.chdir(tmp_path)


def test_tries_of_the_whole_chain_are_held_against_the_budget(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The finding is at the budget, and names the hop to change."""
    web = service("web", EXPOSED, "timeout: 2s", "budget: {attempts: 8}", calls="cart")
    found = findings(tmp_path, capsys, web, service("cart", calls="db"), service("db", "retries: {attempts: 0}"))

    ((place, told, where),) = found
    assert (place, where) == ("web:9", "staging,prod")
    assert "may become 9 at the end of the chain, and the budget is 8" in told
    assert "the edge -> shop/web (3 tries, timeout 2s) -> shop/cart (3 tries)" in told
    assert "set `retries: {attempts: 1}` for shop/web -> shop/cart (two are Istio's default)" in told


def test_each_environment_has_its_own_budget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An overlay is where the finding is."""
    lines = (EXPOSED, "timeout: 3s", "budget: {latency: 3s}", "environments:", "  prod: {budget: {latency: 2500ms}}")
    found = findings(tmp_path, capsys, service("web", *lines))

    assert [(place, where) for place, _, where in found] == [("web:10", "prod")]
    assert "a request may take 3s, and the budget is 2.5s" in found[0][1]


def test_a_route_without_a_timeout_keeps_no_budget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Istio ends no request by itself."""
    ((_, message, _),) = findings(tmp_path, capsys, service("web", EXPOSED, "budget: {latency: 2s}"))
    assert "nothing ends a request after the budget of 2s" in message


def test_a_budget_that_holds_is_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The timeout at the edge ends the tries behind it."""
    web = service("web", EXPOSED, "timeout: 2s", "budget: {latency: 2s, attempts: 9}", calls="cart")
    assert not findings(tmp_path, capsys, web, service("cart", "timeout: 1s"))


def test_defaults_alone_are_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a budget and without a timeout nobody said how long anything may take."""
    web = service("web", EXPOSED, calls="cart")
    assert not findings(tmp_path, capsys, web, service("cart", calls="db"), service("db"))


def test_a_timeout_is_held_against_callers_several_hops_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hop between sets no limit, so the edge's is the one that counts."""
    web = service("web", EXPOSED, "timeout: 2s", calls="cart")
    found = findings(tmp_path, capsys, web, service("cart", calls="db"), service("db", "timeout: 5s"))

    assert [place for place, _, _ in found] == ["db:6"]
    assert "cart waits up to 5s for db, but the callers of shop/web give up after 2s" in found[0][1]


def test_timeouts_that_shrink_inwards_are_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So do tries that fit into the time of the caller."""
    web = service("web", EXPOSED, "timeout: 6s", calls="cart")
    cart = service("cart", "retries: {attempts: 2, perTryTimeout: 2s}", calls="db")
    assert not findings(tmp_path, capsys, web, cart, service("db", "timeout: 2s"))


def test_tries_that_repeat_a_slow_call_are_held_against_the_caller(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each call fits, and three of them do not."""
    web = service("web", EXPOSED, "timeout: 5s", calls="cart")
    cart = service("cart", "retries: {attempts: 2}", calls="db")
    found = findings(tmp_path, capsys, web, cart, service("db", "timeout: 2s"))

    assert [place for place, _, _ in found] == ["cart:7"]
    assert "web waits up to 6s for cart, but its own callers give up after 5s" in found[0][1]


def test_services_that_call_each_other_are_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no caller is known but the cycle itself, nobody gives up first."""
    assert not findings(
        tmp_path, capsys, service("cart", "timeout: 2s", calls="stock"), service("stock", "timeout: 5s", calls="cart")
    )
