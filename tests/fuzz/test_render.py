"""Rendering and emitting: what is written means the objects that were rendered, to the letter, or nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ, run
from tests.fuzz.samples import objects, services
from tests.fuzz.trees import CHANGES, Change, as_read, mutated
from tests.hostile.repositories import project

from sailwright.runtime.cache import open_cache
from sailwright.source.emit import emit, emit_all
from sailwright.source.files.checkout import Disk
from sailwright.source.same_data import same_data
from sailwright.source.source import parse
from sailwright.workspace.compile import Compilation, compile_project


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("render"))


@FUZZ
@given(chosen=st.integers(0, 9_999), changes=CHANGES)
def test_what_is_printed_is_what_was_rendered(folder: Path, chosen: int, changes: list[Change]) -> None:
    """A service file with changes is refused, or is rendered and read back as it was meant."""
    pool = services()
    tree = mutated(pool[chosen % len(pool)], changes, pool)
    text = emit(tree)
    assert same_data(parse("s.yaml", text.encode(), "service").documents[0].value, as_read(tree))
    (folder / "services/cart/service.yaml").write_text(text)
    done = run(folder, "build", "--stdout", "--env", "prod", "-j1")
    if done.returncode == 0:
        compilation = compile_project(Disk(str(folder)), open_cache(), ("prod",))
        assert isinstance(compilation, Compilation)
        for target in compilation.targets:
            for file in compilation.files(target):
                values = [each.value for each in file.rendered_objects]
                read = [document.value for document in parse("r.yaml", file.data()).documents]
                assert same_data(read, values)
                assert emit_all(values) in done.stdout


@FUZZ
@given(chosen=st.integers(0, 9_999), changes=CHANGES)
def test_what_is_emitted_is_read_back(chosen: int, changes: list[Change]) -> None:
    """Any object at all."""
    pool = objects()
    tree = mutated(pool[chosen % len(pool)], changes, pool)
    source = parse("a.yaml", emit(tree).encode(), "manifest")
    assert source.problems == ()
    assert same_data(source.documents[0].value, as_read(tree))
