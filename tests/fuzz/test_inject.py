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

FLAGS = st.tuples(st.sampled_from(LINES), st.sampled_from(("native", "classic")), st.booleans())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inject")


@FUZZ
@given(chosen=st.integers(0, 9_999), changes=CHANGES, flags=FLAGS)
def test_injecting_twice_is_injecting_once(
    folder: Path, chosen: int, changes: list[Change], flags: tuple[str, str, bool]
) -> None:
    """To the byte; under `--compat istioctl` the second time ends cleanly, which `run` holds."""
    pool, (release, mode, compat) = workloads(), flags
    (folder / "a.yaml").write_text(emit(mutated(pool[chosen % len(pool)], changes, objects())))
    command = ("inject", "--istio-version", release, "--sidecar-mode", mode, *(("--compat", "istioctl") * compat))
    once = run(folder, *command, "-f", "a.yaml")
    if once.returncode:
        assert once.stderr
        return
    (folder / "b.yaml").write_text(once.stdout)
    twice = run(folder, *command, "-f", "b.yaml")
    if not compat:  # istioctl itself promises nothing about a second time
        assert twice.stdout == once.stdout
