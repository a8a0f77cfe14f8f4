"""`merge` of a large project goes portion by portion: it reports what one `check` of the whole mesh reports, to the byte."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_check_in_portions import RUNS, linked
from tests.gate.test_kept_base import committed
from tests.gate.test_kept_check import edits, linked_edits, with_tests
from tests.gate.test_shards import ROUTE, ran, refused, services, shards
from tests.hostile.repositories import own_store
from tests.lint.test_linked_changes import add, change
from tests.lint.test_lint_in_portions import small

from sailwright.cli import main
from sailwright.commands.shards import merge
from sailwright.runtime.cache import Cache
from sailwright.runtime.store import Store
from sailwright.workspace import parallel

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit")

Capture = pytest.CaptureFixture[str]
Make = Callable[[Path], Path]


def large(patch: pytest.MonkeyPatch, *, always: bool = False) -> None:
    """Have projects of any size be large; with `always`, portions are the only way to merge what shards found."""
    small(patch)
    if always:
        patch.setattr(merge, "check_together", lambda *_: 1 / 0)


def made(make: Make, folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A committed project with a manifest at fault and its own store, in which the program runs."""
    own_store(patch, folder)
    patch.chdir(made := make(folder / "project"))
    (made / "manifests").mkdir(exist_ok=True)
    (made / "manifests" / "route.yaml").write_text(ROUTE)
    return committed(made)


def whole(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    """What a check of the whole mesh says, with nothing kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "MANY", 1_000)
        return ran(capsys, "check", "--no-cache", *arguments)


def broken(folder: Path) -> None:
    """Output that is stale, missing, edited by hand (one as this user's last build alone can tell) and left over."""
    main(["build"])
    service = min(folder.glob("services/*/service.yaml"))
    service.write_text(re.sub(r"port: \d+", "port: 8099", service.read_text()))
    files = sorted(path for path in (folder / "rendered").rglob("*.yaml") if path.name != "kustomization.yaml")
    first, *_, last = [path for path in files if path.stem == service.parent.name]
    first.unlink()
    last.write_text(re.sub(r"(?<=\n  name: )\w+", "other", last.read_text(), count=1))
    second, third, *_ = [path for path in files if path.stem != service.parent.name]
    second.write_text("# by hand\n" + second.read_text())
    third.with_name("left.yaml").write_text(third.read_text())


def reports(folder: Path, capsys: Capture, *arguments: str) -> list[object]:
    """What a command says, and what it writes in all formats."""
    shapes = [f"--format={shape}={folder / shape}" for shape in FORMATS]
    return [ran(capsys, *arguments, "--format=text", *shapes), *((folder / shape).read_text() for shape in FORMATS)]


@pytest.mark.parametrize(
    ("make", "count", "cache"), [(with_tests, 1, ["--no-cache"]), (with_tests, 3, []), (linked, 4, [])]
)
def test_merged_results_are_those_of_one_run(
    make: Make, count: int, cache: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """In all formats, with nothing wrong and with much, and in whatever order the files are named."""
    folder = made(make, tmp_path, monkeypatch)
    large(monkeypatch, always=True)
    for before in (lambda _: None, broken):
        before(folder)
        files = shards(count)
        merged = reports(tmp_path, capsys, "merge", *reversed(files), *cache, "--base", "HEAD")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parallel, "MANY", 1_000)
            assert reports(tmp_path, capsys, "check", *cache, "--base", "HEAD") == merged


def test_nothing_stays_of_what_was_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """Nor does what shards said get into what this user keeps."""
    made(with_tests, tmp_path, monkeypatch)
    large(monkeypatch, always=True)
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    files = shards(2)
    store = next((tmp_path / "cache").rglob("*.sqlite"))
    before = store.read_bytes()
    assert ran(capsys, "merge", *files)[0] == 0
    assert store.read_bytes() == before
    assert not list((tmp_path / "aside").iterdir())


@pytest.mark.parametrize("how", ["wrong", "duplicate-object", "nowhere to put anything", "nothing is kept"])
def test_where_portions_are_no_way_the_whole_mesh_is_checked(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    folder = made(with_tests, tmp_path, monkeypatch)
    if how == "wrong":
        change(folder, "cart", r"port: \d+", "port: none")
    elif how == "duplicate-object":
        (folder / "templates").mkdir()
        (folder / "templates" / "same.yaml.j2").write_text(SAME)
    files = shards(2)
    once = whole(capsys)
    assert "-" not in how or how in once[1]
    large(monkeypatch)
    if how == "nowhere to put anything":
        monkeypatch.setattr("sailwright.commands.shards.merge.temporary_cache", partial(nullcontext, Cache(None)))
    elif how == "nothing is kept":
        monkeypatch.setattr(Store, "keep_all", lambda *_: None)
    assert ran(capsys, "merge", *files) == once


SAME = """\
{%- set place = service.namespace %}
apiVersion: v1
kind: ConfigMap
metadata: {name: same, namespace: {{ place }}}
data: {a: b}
"""
"""What each service renders, whatever its name."""


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    case=st.one_of(
        st.tuples(st.just(with_tests), st.lists(edits, min_size=1, max_size=4)),
        st.tuples(st.just(linked), st.lists(linked_edits, min_size=1, max_size=4)),
    ),
    count=st.integers(1, 4),
)
def test_any_change_gives_what_one_run_gives(
    tmp_path_factory: pytest.TempPathFactory, capsys: Capture, case: tuple[Make, list[Any]], count: int
) -> None:
    make, changes = case
    with pytest.MonkeyPatch.context() as patch:
        folder = made(make, tmp_path_factory.mktemp("merged"), patch)
        for name, (pattern, text) in changes:
            change(folder, name, pattern, text)
        large(patch)
        files = shards(count)
        merged = ran(capsys, "merge", *files, "--base", "HEAD", "--format", "json")
        assert merged == whole(capsys, "--base", "HEAD", "--format", "json")


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(files=services(), count=st.integers(1, 4))
def test_any_project_in_any_number_of_shards(
    tmp_path_factory: pytest.TempPathFactory, capsys: Capture, files: dict[str, dict[str, object]], count: int
) -> None:
    """Services that name each other, not all of them there, and some that render one object twice."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\nistio: {sidecarMode: native}\n")
    for name, service in files.items():
        add(folder, name, yaml.safe_dump(service))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        large(patch)
        assert ran(capsys, "merge", *shards(count), "--format", "json") == whole(capsys, "--format", "json")


# -- what cannot be merged is one sentence


def test_facts_of_another_state_and_damaged_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    folder = made(with_tests, tmp_path, monkeypatch)
    large(monkeypatch, always=True)
    one, two = shards(2)
    service = folder / "services" / "cart" / "service.yaml"
    text = service.read_text()
    service.write_text(text + "# later\n")
    assert "services/cart/service.yaml differs there" in refused(capsys, one, two)
    service.write_text(text)
    data = Path(one).read_bytes()
    Path(one).write_bytes(re.sub(rb'"size": \d+', b'"size": 1999', data))
    assert "the file is damaged" in refused(capsys, one, two)  # that is longer than it says is read no further
    Path(one).write_bytes(data[:-9])
    assert "the file is damaged" in refused(capsys, one, two)


def test_what_reading_found_is_reported_of_the_build_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Warnings about files and settings, also where lint ignores their rules."""
    folder = made(with_tests, tmp_path, monkeypatch)
    path = folder / "services" / "cart" / "service.yaml"
    path.write_text(path.read_text() + "mesh: {inject: none}\n")
    settings = folder / "sailwright.yaml"
    ignored = "ignore: [{rule: istio-patch-unverified, path: sailwright.yaml, reason: known}, "
    settings.write_text(settings.read_text().replace("1.31.0", "1.31.77").replace("ignore: [", ignored))
    files = shards(2)
    once = whole(capsys)
    assert "istio-patch-unverified" in once[1]
    large(monkeypatch, always=True)
    assert ran(capsys, "merge", *files) == once
