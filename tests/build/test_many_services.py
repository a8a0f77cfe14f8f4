"""A build of so many services that not all are held at once: the same files, findings and notes."""

from __future__ import annotations

import gc
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build.shop import CART, PROJECT, SEARCH, Shop

from sailwright.commands.build import render_all
from sailwright.project.service.model import Service
from sailwright.render.rendering import RenderedFile
from sailwright.runtime import table
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import Aside, Pressed, Spool, plain, pressed, pressing
from sailwright.runtime.store import Store
from sailwright.source.files.regular import read_regular


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


def test_what_is_wrong_with_the_defaults_is_found(
    tmp_path: Path, few: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is wrong in every service, and in the file of none."""
    project = shop(tmp_path)
    project.write("sailwright.yaml", PROJECT + FAULTY)
    project.build("--no-cache")
    many = capsys.readouterr().out
    assert "minReplicas 5 is above maxReplicas 2" in many
    monkeypatch.setattr(render_all, "MANY", 1_000)
    project.build("--no-cache")
    assert capsys.readouterr().out == many


FAULTY = "defaults: {autoscaling: {minReplicas: 5, maxReplicas: 2, targetCPUUtilization: 80}}\n"


def test_how_far_another_process_is_shows_here(
    tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("sailwright.cli.progress._PATIENCE", 0.0)
    for module in ("sailwright.cli.progress", "sailwright.runtime.progress"):
        monkeypatch.setattr(f"{module}._INTERVAL", 1e-9)
    assert shop(tmp_path).build("-j", "2", "--no-cache") == 0
    assert "rendering" in capsys.readouterr().err


def test_the_next_build_has_nothing_to_do(tmp_path: Path, few: None, capsys: pytest.CaptureFixture[str]) -> None:
    project = shop(tmp_path)
    assert project.build() == 0
    capsys.readouterr()
    assert project.build() == 0
    assert "0 written" in capsys.readouterr().err


def test_a_kill_between_the_parts_of_what_is_kept_does_no_harm(
    tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(table, "AT_ONCE", 1)
    project = shop(tmp_path)
    assert project.build() == 0
    keep_all, kept = Store.keep_all, []

    def killed_after_two(*arguments: Any) -> None:
        kept.append(arguments)
        if len(kept) <= 2:
            keep_all(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "keep_all", killed_after_two)
        project.write("sailwright.yaml", f"{PROJECT}# Another one.\n")
        assert project.build() == 0
    assert len(kept) > 3
    for text in (PROJECT, f"{PROJECT}# Another one.\n"):
        project.write("sailwright.yaml", text)
        project.write("services/search/service.yaml", SEARCH.replace("search:1", f"search:{len(text)}"))
        assert project.build() == 0
        assert f"search:{len(text)}" in project.rendered()["default/shop/search.yaml"]
        assert project.build("--check", "--no-cache") == 0
    capsys.readouterr()
    assert project.build() == 0
    assert "0 written" in capsys.readouterr().err


def test_so_many_services_are_held_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither services nor what is rendered of them stays when their files are put aside."""
    monkeypatch.setattr(render_all, "MANY", 1)
    monkeypatch.setattr(render_all, "CHUNK", 2)
    held: list[int] = []
    small = render_all.small

    def count() -> int:
        return sum(type(each) in (Service, RenderedFile) for each in gc.get_objects())

    def counting(*arguments: Any) -> Any:
        held.append(count() - earlier)
        return small(*arguments)

    monkeypatch.setattr(render_all, "small", counting)
    gc.collect()
    gc.disable()
    earlier = count()  # of tests before this one
    try:
        assert shop(tmp_path).build("-j", "1", "--no-cache") == 0
    finally:
        gc.enable()
    assert len(held) > 2
    assert 0 < max(held) <= 2 * 2


def test_each_service_file_is_read_once(tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noting(where: str, limit: int) -> Any:
        read.append(where)
        return read_regular(where, limit)

    monkeypatch.setattr("sailwright.source.files.checkout.read_regular", noting)
    assert shop(tmp_path).build("-j", "1", "--no-cache") == 0
    services = [where for where in read if where.endswith("service.yaml")]
    assert services
    assert len(services) == len(set(services))


def test_text_that_is_put_aside_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = [b"kind: Service\n" * number for number in range(1, 5)]
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Spool() as spool:
        spool.open(2)
        kept = [spool.keep(number % 3, each) for number, each in enumerate(data)]
        assert [type(each) for each in kept] == [Aside, Aside, Pressed, Aside]
        assert [plain(each) for each in kept] == data
        assert [len(each) for each in kept] == [len(each) for each in data]
        assert not list(tmp_path.iterdir())


def test_text_that_is_lost_is_never_taken_for_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Spool() as spool:
        spool.open(1)
        kept = spool.keep(0, b"kind: Service\n")
        assert isinstance(kept, Aside)
        os.truncate(kept.file, 4)
        with pytest.raises(Failure, match="build again"):
            plain(kept)


def test_text_that_cannot_be_put_aside_stays_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    with Spool() as spool:
        spool.open(2)
        assert spool.keep(0, b"kind: Service\n") == pressed(b"kind: Service\n")


def test_pressed_text_is_smaller_and_comes_back() -> None:
    data = b"kind: Service\n" * 100
    assert len(pressed(data).kept) < len(data) / 10
    assert plain(pressed(data)) == plain(data) == data
    assert len(pressed(data)) == len(data)


@given(st.lists(st.binary(max_size=60), max_size=5), st.binary(max_size=60))
@settings(max_examples=30, deadline=None)
def test_texts_that_are_much_alike_are_pressed_by_one_of_them(heads: list[bytes], other: bytes) -> None:
    """Each comes back by itself, on another machine too, and so does what is like none of them."""
    rest = b"".join(b"%d: {kind: Service}\n" % number for number in range(1000))
    texts = [head + rest for head in heads]
    press = pressing(texts)
    for text in (*texts, other, b""):
        assert plain(pickle.loads(pickle.dumps(press(text)))) == text
        assert len(press(text)) == len(text)
    assert all(len(press(text).kept) < len(pressed(text).kept) / 5 for text in texts)
