"""A minor of Istio that is newer than all known ones: checked as the newest known, with one warning, and never baked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.shop import CART, PROJECT, Shop

from sailwright.cli import main
from sailwright.mesh.values.releases import NEWEST, line_of, newer_minor, parse_release, unverified
from sailwright.runtime.errors import Failure

RULE = "istio-minor-unverified"
NEWER = PROJECT.replace("1.31.0", "1.99.0")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def run(shop: Shop, *arguments: str) -> int:
    return main([*arguments, "--project", str(shop.root)])


def test_a_newer_minor_has_the_facts_of_the_newest_known_line() -> None:
    release = parse_release("1.99.3")
    assert newer_minor(release)
    assert not unverified(release)
    assert line_of(release).newest == NEWEST
    assert str(parse_release("1.99")) == "1.99.0"
    assert not newer_minor(parse_release("1.31.99"))


@pytest.mark.parametrize("text", ["1.23.9", "2.0.0", "0.99.0"])
def test_any_other_release_that_is_not_known_is_an_error(text: str) -> None:
    with pytest.raises(Failure, match=f"Istio {text} is not known: the known release lines are 1.24"):
        parse_release(text)


@pytest.mark.parametrize("command", [("lint",), ("validate", "--backend", "builtin"), ("build", "--no-inject")])
def test_what_judges_says_so_once(shop: Shop, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("sailwright.yaml", NEWER)
    assert run(shop, *command) == 0
    out = capsys.readouterr().out
    assert out.count(RULE) == 1
    assert (
        f"Istio 1.99.0 is newer than any minor version that Sailwright knows: files are checked as for {NEWEST}" in out
    )


def test_route_answers(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("sailwright.yaml", NEWER)
    assert run(shop, "route", "--url", "http://cart.shop/", "--from", "shop") == 0
    out, error = capsys.readouterr()
    assert "cart" in out
    assert error.count(RULE) == 1


def test_a_sidecar_is_not_baked_for_it(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """The image would be of one release and the pod of another: that is refused at the line that names the release."""
    shop.write("sailwright.yaml", NEWER)
    assert shop.build() == 2
    error = capsys.readouterr().err
    assert "sailwright.yaml:" in error
    assert "Istio 1.99.0 is not known" in error
    assert "a sidecar is rendered for these only" in error
    assert not (shop.root / "rendered").exists()


def test_one_service_that_names_it_is_refused_at_its_own_line(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("services/cart/service.yaml", CART + "mesh: {istio: {version: 1.99.0}}\n")
    assert run(shop, "lint") == 0
    assert RULE in capsys.readouterr().out
    assert shop.build() == 2
    assert "services/cart/service.yaml:" in capsys.readouterr().err


def test_what_istiod_injects_is_built(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("sailwright.yaml", NEWER)
    for path in sorted((shop.root / "services").glob("*/service.yaml")):
        path.write_text(path.read_text() + "mesh: {inject: webhook}\n")
    assert shop.build() == 0
    assert capsys.readouterr().out.count(RULE) == 1
    assert (shop.root / "rendered").exists()


def test_a_strict_project_refuses_it(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("sailwright.yaml", NEWER.replace("version: 1.99.0", "version: 1.99.0, strictMinor: true"))
    assert run(shop, "lint") == 1
    assert f"files are checked as for {NEWEST} [{RULE}]" in capsys.readouterr().out
    assert run(shop, "build", "--no-inject") == 1


@pytest.mark.parametrize(
    "command",
    [("lint",), ("validate", "--backend", "builtin"), ("route", "--url", "http://cart.shop/", "--from", "shop")],
)
def test_the_flag_is_noted(shop: Shop, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shop, *command, "--istio-version", "1.99.0") == 0
    assert (
        capsys.readouterr().err.count(f"{RULE}: Istio 1.99.0 is newer than any minor version that Sailwright knows")
        == 1
    )
    assert run(shop, *command, "--istio-version", "1.2.0") == 2
    assert "Istio 1.2.0 is not known" in capsys.readouterr().err


def test_inject_bakes_and_so_refuses(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: []}\n")
    assert main(["inject", "-f", str(shop.root / "pod.yaml"), "--istio-version", "1.99.0"]) == 2
    shop.write("sailwright.yaml", NEWER)
    assert run(shop, "inject", "-f", str(shop.root / "pod.yaml")) == 2
    assert capsys.readouterr().err.count("Istio 1.99.0 is not known") == 2
