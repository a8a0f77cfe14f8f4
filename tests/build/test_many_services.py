"""A build of so many services that not all are held at once: the same files, findings and notes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.shop import CART, Shop

from sailwright.commands.build import render_all
from sailwright.runtime.pressed import plain, pressed


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two service files are many, and one is held at a time."""
    monkeypatch.setattr(render_all, "MANY", 1)
    monkeypatch.setattr(render_all, "CHUNK", 1)


def shop(folder: Path) -> Shop:
    found = Shop(folder)
    for number in range(5):
        text = (
            CART.replace("name: cart", f"name: cart-{number}") + "accessPolicy: {inbound: [{service: shop/search}]}\n"
        )
        found.write(f"services/cart-{number}/service.yaml", text)
    return found


@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_the_files_are_those_of_one_that_holds_all(tmp_path: Path, few: None, jobs: str) -> None:
    many = shop(tmp_path / "many")
    assert many.build("-j", jobs, "--no-cache") == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render_all, "MANY", 1_000)
        whole = shop(tmp_path / "whole")
        assert whole.build("-j", jobs, "--no-cache") == 0
    assert many.rendered() == whole.rendered()


@pytest.mark.parametrize(
    "wrong", ["portz: []\n", "owner: a\nowner: b\n", "accessPolicy: {inbound: [{service: shop/nobody}]}\n"]
)
def test_findings_are_those_of_one_that_holds_all(
    tmp_path: Path, few: None, wrong: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shop(tmp_path)
    project.write("services/pay/service.yaml", CART.replace("name: cart", "name: pay") + wrong)
    project.build("--no-cache")
    many = capsys.readouterr().out
    monkeypatch.setattr(render_all, "MANY", 1_000)
    project.build("--no-cache", "--check")
    assert many
    assert capsys.readouterr().out.startswith(many.rpartition("\n\n")[0])


def test_the_next_build_has_nothing_to_do(tmp_path: Path, few: None, capsys: pytest.CaptureFixture[str]) -> None:
    project = shop(tmp_path)
    assert project.build() == 0
    capsys.readouterr()
    assert project.build() == 0
    assert "0 written" in capsys.readouterr().err


def test_pressed_text_is_smaller_and_comes_back() -> None:
    data = b"kind: Service\n" * 100
    assert len(pressed(data).kept) < len(data) / 10
    assert plain(pressed(data)) == plain(data) == data
    assert len(pressed(data)) == len(data)
