"""The first validation of a large project is done some services at a time: it says and keeps what one of the whole mesh does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_check_in_portions import after_changes, linked, some_edits
from tests.gate.test_kept_base import same
from tests.gate.test_kept_check import edits, linked_edits, with_tests
from tests.hostile.repositories import in_process, own_store
from tests.lint.test_lint_in_portions import small

from sailwright.commands.validate import in_portions, run
from sailwright.commands.validate.held import Options
from sailwright.commands.validate.kept_run import kept_run
from sailwright.workspace import parallel
from sailwright.workspace.selection import Workspace

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 2)

VALIDATE = ("validate", "--backend", "builtin", "--format", "json")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)


def kept(folder: Path) -> list[dict[str, Any]]:
    """What is kept of the last validation: what was found, and what else there is to know of it."""
    found = kept_run(Options(project=str(folder)))
    assert found is not None
    name = f"{found.project.rendering.name} alone"
    known = [found.project.rendering.store.load_mapping(kind, name) for kind in ("validation", "validate")]
    return [{key: each for key, each in known.items() if key not in ("reads", "folders")} for known in known]


def loaded(patch: pytest.MonkeyPatch) -> list[Workspace]:
    """The whole meshes that are loaded from now on."""
    found: list[Workspace] = []
    load = run._loaded

    def noting(options: Options) -> Workspace:
        found.append(load(options))
        return found[-1]

    patch.setattr(run, "_loaded", noting)
    return found


@pytest.mark.parametrize("make", [with_tests, linked])
@pytest.mark.parametrize("wrong", [False, True])
def test_what_is_said_and_kept_is_the_same(
    make: Callable[[Path], Path], wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_store(monkeypatch, tmp_path)
    folder = make(tmp_path / "project")
    if wrong:
        (folder / "manifests").mkdir(exist_ok=True)
        text = "apiVersion: v1\nkind: Service\nmetadata: {name: wrong, namespace: one}\nspec: {ports: [{port: wide}]}\n"
        for path in (folder / "manifests").glob("*.yaml"):
            path.write_text(f"{path.read_text()}\n---\n{text}")
            break
    found = []
    for how in ("whole", "portions"):
        with monkeypatch.context() as patch:
            if how == "whole":
                patch.setattr(parallel, "MANY", 1_000)
            own_store(patch, tmp_path / how)
            meshes = loaded(patch)
            said = in_process(folder, *VALIDATE)
            assert bool(meshes) == (how == "whole") or wrong, "what is found may be suppressed here"
            found.append((said.returncode, said.stdout, said.stderr, *kept(folder)))
    assert found[1] == found[0]
    assert bool(found[0][0]) == wrong


@pytest.mark.parametrize("how", ["wrong", "suppressed", "defined"])
def test_where_portions_are_no_way_the_whole_mesh_is_validated(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_store(monkeypatch, tmp_path)
    folder = linked(tmp_path / "project")
    service = next((folder / "services").glob("*/service.yaml"))
    manifest = next((folder / "manifests").glob("*.yaml"))
    if how == "wrong":
        service.write_bytes(b"\xff" + service.read_bytes())
    elif how == "suppressed":
        text = "apiVersion: v1\nkind: Service\nmetadata: {name: w, namespace: one}\nspec: {ports: [{port: wide}]}\n"
        manifest.write_text(f"{manifest.read_text()}\n---\n# sailwright: ignore[schema-violation] for now\n{text}")
    else:
        manifest.write_text(f"{manifest.read_text()}\n---\n{DEFINITION}")
    meshes = loaded(monkeypatch)
    same(folder, *VALIDATE)
    assert meshes
    if how == "suppressed":  # and portions are not tried again
        monkeypatch.setattr(in_portions, "open_services", lambda *_: 1 / 0)
        same(folder, *VALIDATE)


DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: sails.example.com}
spec:
  group: example.com
  names: {kind: Sail, plural: sails}
  scope: Namespaced
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
"""


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=st.one_of(some_edits(with_tests, edits), some_edits(linked, linked_edits)))
def test_any_change_gives_what_the_whole_mesh_gives(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[Callable[[Path], Path], list[Any], list[Any]]
) -> None:
    """The first validation of changed files, and the next one after another change."""
    after_changes(tmp_path_factory, case, lambda folder: same(folder, *VALIDATE))
