"""Injection: once and twice are the same, or nothing is injected and the reason is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ, run
from tests.fuzz.samples import objects, workloads
from tests.fuzz.trees import CHANGES, Change, mutated
from tests.injection.workloads import LINES

from sailwright.source.emit import emit

STATUS = "sidecar.istio.io/status"
FLAGS = st.tuples(st.sampled_from(LINES), st.sampled_from(("native", "classic")), st.booleans())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inject")


def notes(tree: object) -> set[str]:
    """The notes of earlier injections anywhere in a tree."""
    if isinstance(tree, dict):
        own = {str(tree[STATUS])} if STATUS in tree else set()
        return own.union(*map(notes, tree.values()))
    return set().union(*map(notes, tree)) if isinstance(tree, list) else set()


@FUZZ
@given(chosen=st.integers(0, 9_999), changes=CHANGES, flags=FLAGS)
def test_injecting_twice_is_injecting_once(
    folder: Path, chosen: int, changes: list[Change], flags: tuple[str, str, bool]
) -> None:
    """To the byte; under `--compat istioctl` the second time ends cleanly, which `run` holds.

    Where a change spoils what an earlier injection noted in `sidecar.istio.io/status`, the cluster's injector does not come to rest
    at the second time either: what it cannot read there, it takes for the author's own containers, and writes a note that it can read.
    """
    pool, (release, mode, compat) = workloads(), flags
    sample = pool[chosen % len(pool)]
    given = mutated(sample, changes, objects())
    noted = notes(given) <= notes(sample)
    (folder / "a.yaml").write_text(emit(given))
    command = ("inject", "--istio-version", release, "--sidecar-mode", mode, *(("--compat", "istioctl") * compat))
    once = run(folder, *command, "-f", "a.yaml")
    if once.returncode:
        assert once.stderr
        return
    (folder / "b.yaml").write_text(once.stdout)
    twice = run(folder, *command, "-f", "b.yaml")
    if noted and not compat:  # istioctl itself promises nothing about a second time
        assert twice.stdout == once.stdout
