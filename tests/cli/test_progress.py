"""A bar with count, rate and time left on a terminal, once a command takes more than a second; nothing anywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.build.shop import CART, Shop

from sailwright.cli import main
from sailwright.cli.progress import Bar
from sailwright.runtime.progress import counted, one_of, reported_to

Capture = pytest.CaptureFixture[str]


TESTS = """\
tests:
  - name: some version answers
    request: {path: /}
    expect: {version: v1}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Twelve services, of which ten have a test, and every command takes long."""
    found = Shop(tmp_path)
    for number in range(10):
        found.write(f"services/cart-{number}/service.yaml", CART.replace("name: cart", f"name: cart-{number}") + TESTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sailwright.cli.progress._PATIENCE", 0.0)
    monkeypatch.setattr("sailwright.cli.progress._INTERVAL", 1e-9)
    return found


def shown(capsys: Capture) -> list[str]:
    """What the line of the bar read, one after the other, and the last line."""
    return re.split(r"[\r\n]+", re.sub(r"\x1b\[\??\d*[a-zA-Z]", "", capsys.readouterr().err))


COMMANDS = {
    "build": ("reading", "rendering"),
    "lint": ("reading", "rendering", "running rules"),
    "check": ("reading", "rendering", "running rules", "validating", "testing"),
    "validate": ("reading", "rendering", "validating"),
    "test": ("reading", "rendering", "testing"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_bar_has_count_rate_and_time_left(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: Capture, command: str
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    main([command, "--no-cache"])
    lines = shown(capsys)
    for what in COMMANDS[command]:
        drawn = [line for line in lines if line.startswith(f"{what}  [")]
        assert drawn, f"{command} says nothing while {what}"
        assert all(re.search(r"\] +\d+/\d+ ", line) for line in drawn)
        assert any(re.search(r"[\d,]+/s", line) for line in drawn)
        assert any(re.search(r"\d\d:\d\d:\d\d", line) for line in drawn), drawn


def test_nothing_is_left_of_it(shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    main(["build", "--no-cache"])
    err = capsys.readouterr().err
    last = err.rstrip("\n").rpartition("\n")[2].rpartition("\r")[2]
    assert last.startswith("\x1b[K\x1b[?25h12 services"), "the summary has a line of its own, and the cursor is shown"


@pytest.mark.parametrize("arguments", [("-q",), ()], ids=["quiet", "CI"])
def test_quiet_and_ci_see_nothing(
    shop: Shop, capsys: Capture, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    if not arguments:
        monkeypatch.setenv("CI", "true")
    main(["build", "--no-cache", *arguments])
    assert "\r" not in capsys.readouterr().err


def test_a_pipe_sees_nothing(shop: Shop, capsys: Capture) -> None:
    main(["build", "--no-cache"])
    assert "\r" not in capsys.readouterr().err


def test_nothing_is_shown_within_the_first_second(capsys: Capture) -> None:
    bar = Bar(started=1e12)
    bar.report("reading", 1, 2)
    assert capsys.readouterr().err == ""


def test_shares_count_for_the_whole_and_parts_of_what_is_counted_are_quiet() -> None:
    heard: list[tuple[str, int, int]] = []
    with reported_to(lambda *report: heard.append(report)), one_of(2):
        assert list(counted([1, 2], "reading")) == [1, 2]
    assert heard == [("reading", 2, 4), ("reading", 4, 4), ("reading", 4, 4)]
    items = [1]
    assert counted(items, "reading") is items, "nobody listens"


def test_what_ends_early_is_over() -> None:
    heard: list[tuple[str, int, int]] = []
    with reported_to(lambda *report: heard.append(report)):
        for _ in counted([1, 2, 3], "reading"):
            break
    assert heard[-1] == ("reading", 3, 3)
