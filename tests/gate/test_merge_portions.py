"""What shards have rendered goes to a store some services at a time: the same as where all of it is rendered there."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from tests.gate.test_shards import ROUTE, bookinfo, shards

from sailwright.cli import main
from sailwright.commands.build.built import BuiltFile
from sailwright.commands.shards.merge_in_portions import keep_facts
from sailwright.runtime.cache import Cache, open_cache, temporary_cache
from sailwright.runtime.pressed import OnDisk, Spool, plain
from sailwright.runtime.store import Store
from sailwright.source.files.checkout import Disk
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.compile import LoadedProject, load_project
from sailwright.workspace.facts_reading import read
from sailwright.workspace.kept_rendering import KeptRendering, kept_rendering
from sailwright.workspace.render_portions import keep_in_portions, only_rendered


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bookinfo twice, in two environments."""
    return bookinfo(tmp_path, monkeypatch)


def opened(cache: Cache) -> tuple[LoadedProject, KeptRendering]:
    loaded = load_project(Recorded(Disk(".")))
    assert isinstance(loaded, LoadedProject)
    kept = kept_rendering(loaded, cache, injecting=True)
    assert kept is not None
    return loaded, kept


def known(loaded: LoadedProject, kept: KeptRendering, cache: Cache) -> tuple[Any, ...]:
    """What is kept of a rendering: of each service, of what it depends on, of what was read."""
    part = kept.part(loaded, cache)
    assert part is not None
    assert not part.change.again
    services = {path: data for row in kept.by_row(part) for path, data in (kept.others(part, row) or {}).items()}
    records = dict(part.change.index.each())
    return kept.digests(part), services.keys(), records, part.findings, dict(part.state.reads.items()), part.state.globs


def rendered_here() -> tuple[Any, ...]:
    with temporary_cache() as cache, Spool() as spool:
        spool.open(2)
        loaded, kept = opened(cache)
        assert keep_in_portions(loaded, cache, kept, 2, spool, only_rendered)
        return known(opened(cache)[0], kept, cache)


def taken(files: list[str], jobs: int = 2) -> tuple[tuple[Any, ...], list[BuiltFile], dict[str, bytes]]:
    with temporary_cache() as cache, Spool() as spool:
        spool.open(jobs)
        loaded, kept = opened(cache)
        found = keep_facts(loaded, cache, kept, [read(file) for file in files], spool, jobs)
        assert found is not None
        built, _ = found
        texts = {each.path: plain(each.data or b"") for each in built if not isinstance(each.data, OnDisk)}
        return known(opened(cache)[0], kept, cache), built, texts


@pytest.mark.parametrize(("count", "jobs"), [(1, 2), (3, 2), (4, 1)])
def test_what_is_kept_is_what_is_rendered_here(project: Path, count: int, jobs: int) -> None:
    assert taken(shards(count), jobs)[0] == rendered_here()


def test_files_that_are_not_on_disk_are_written_as_a_build_writes_them(project: Path) -> None:
    """Of the others nothing is held."""
    _, built, texts = taken(shards(3))
    assert {path.split("/")[1] for path in texts} == {"bookshop"}
    assert main(["build"]) == 0
    output = project / "rendered"
    assert texts == {path: (output / path).read_bytes() for path in texts}
    assert {each.path for each in built} == {
        path.relative_to(output).as_posix() for path in output.rglob("*.yaml") if path.name != "kustomization.yaml"
    }


def test_a_service_that_was_told_otherwise_or_includes_files_is_rendered_here(project: Path) -> None:
    ratings = project / "services" / "ratings" / "service.yaml"
    ratings.write_text(ratings.read_text().replace("name: ratings", '"na\\x6de": ratings', 1))
    (project / "services" / "reviews" / "extra.yaml").write_text(ROUTE.replace("ghosts", "included"))
    reviews = project / "services" / "reviews" / "service.yaml"
    reviews.write_text(reviews.read_text() + "include: [extra.yaml]\n")
    kept, _, texts = taken(shards(5))
    assert kept == rendered_here()
    assert b"included" in texts["prod/bookinfo/reviews.yaml"]


@pytest.mark.parametrize(
    "wrong",
    ["portz: []\n", "accessPolicy: {inbound: [{service: bookinfo/nobody}]}\n", "- [\n", "include: [none.yaml]\n"],
)
def test_nothing_is_kept_where_anything_is_wrong(project: Path, wrong: str) -> None:
    file = project / "services" / "mysqldb" / "service.yaml"
    file.write_text(re.sub(r"^accessPolicy:\n(  .*\n)*", "", file.read_text(), flags=re.MULTILINE) + wrong)
    with temporary_cache() as cache, Spool() as spool:
        loaded, kept = opened(cache)
        assert keep_facts(loaded, cache, kept, [read(file) for file in shards(3)], spool, 2) is None


def test_nothing_stays_of_a_temporary_cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(project))
    monkeypatch.setattr(tempfile, "tempdir", None)
    before = set(project.iterdir())
    with temporary_cache() as cache:
        assert open_cache(project=".") is cache
        assert open_cache(enabled=False).directory is None
        Store(f"{cache.directory}/x.sqlite", cache.key).keep("a", "b", b"c")
        assert set(project.iterdir()) > before
    assert set(project.iterdir()) == before
    assert open_cache(project=".") is not cache
