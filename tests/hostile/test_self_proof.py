"""`build` proves itself: a file that does not read back as its objects is not written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, in_process, project

from sailwright.render import rendering
from sailwright.source import emit_proven
from sailwright.source.emit import emit, emit_all
from sailwright.source.same_data import same_data

FAULTS: dict[str, Callable[[str], str]] = {
    "a value": lambda text: text.replace("weight: 80", "weight: 81"),
    "a truth that was text": lambda text: text.replace('"true"', "true"),
    "a number that was text": lambda text: text.replace("cart:1.0.0", "5", 1),
    "a document less": lambda text: text.partition("---\n")[2],
    "a document more": lambda text: text + "---\na: 1\n",
    "no YAML": lambda text: text + "a: [\n",
}


@pytest.mark.parametrize("what", FAULTS)
@pytest.mark.parametrize(
    "command", [("build",), ("build", "--no-cache", "-j", "2"), ("build", "--stdout", "--env", "prod")]
)
def test_a_fault_of_the_emitter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, command: tuple[str, ...]
) -> None:
    project(tmp_path)
    (tmp_path / "services/basket").mkdir()
    (tmp_path / "services/basket/service.yaml").write_text(CART.replace("name: cart", "name: basket"))
    monkeypatch.setattr(rendering, "emit_all", lambda objects: FAULTS[what](emit_all(objects)))
    monkeypatch.setattr(emit_proven, "emit", lambda value: FAULTS[what](emit(value)))
    emit_proven._known.cache_clear()
    done = in_process(tmp_path, *command)
    assert done.returncode == 3, done.stdout
    assert "what was rendered does not read back as the same objects" in done.stderr
    assert not (tmp_path / "rendered").exists()


def test_what_is_the_same() -> None:
    assert same_data({"a": (1, 2.0), "b": float("nan")}, {"b": float("nan"), "a": [1, 2]})
    assert not same_data({"a": True}, {"a": 1})
    assert not same_data({"a": "1"}, {"a": 1})
    assert not same_data([1], [1, 2])
    assert not same_data({}, [])
    assert not same_data(None, {})
