"""A build of what has changed is the whole build: the same bytes, findings and counts, after whatever edits."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import in_process, own_store, prepared

from sailwright.commands.build.output.plan import Plan
from sailwright.commands.build.output.write import write

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {}}
namespaces: {two: {render: true, labels: {team: two}, routing: {api: gateway}}}
gateway: {listeners: [{name: http, port: 80, protocol: HTTP}]}
"""
NAMES = ("cart", "search", "pay", "users")
OTHERS = (*NAMES, "nobody")
MESHES = ("{inject: ambient}", "{inject: ambient, waypoint: near}", "{inject: ambient, waypoint: two/near}")
RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 12)


def service(
    name: str,
    *,
    namespace: str = "one",
    port: int = 80,
    image: str = "1",
    caller: str = "",
    host: str = "",
    mesh: str = "",
    gateway: str = "",
) -> str:
    """A service file. It may let another call it, send a route to another, be in ambient mode, and have a host at a Gateway."""
    text = f"""\
apiVersion: sailwright/v1alpha1
name: {name}
namespace: {namespace}
ports: [{{name: http, port: {port}, appProtocol: http}}]
versions:
  - {{name: v1, image: "example.com/{name}:{image}", weight: 50}}
  - {{name: v2, image: "example.com/{name}:2", weight: 50}}
"""
    if mesh:
        text += f"mesh: {mesh}\n"
    if caller:
        text += f"accessPolicy: {{inbound: [{{service: one/{caller}}}], outbound: [{{service: one/{caller}}}]}}\n"
    if gateway:
        text += f"expose: {{hosts: [{name}.example.com], gateways: [{gateway}]}}\n"
    if host:
        text += (
            f"routes: [{{name: away, match: [{{uri: {{prefix: /x}}}}], to: {{host: {host}.one.svc.cluster.local}}}}]\n"
        )
    return text


services = st.builds(
    service,
    st.sampled_from(NAMES),
    namespace=st.sampled_from(("one", "one", "two")),
    port=st.sampled_from((80, 81)),
    image=st.sampled_from(("1", "2", "3")),
    caller=st.sampled_from(("", *OTHERS)),
    host=st.sampled_from(("", *OTHERS)),
    mesh=st.sampled_from(("", "", *MESHES)),
    gateway=st.sampled_from(("", "", "istio-ingress/gateway")),
)
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), services),
    st.tuples(st.just("write"), st.sampled_from(NAMES), services),
    st.tuples(st.just("write"), st.sampled_from(NAMES), services),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("break"), st.sampled_from(NAMES), st.sampled_from(("name: [", "", "name: x", "# nothing\n"))),
    st.tuples(st.just("output"), st.sampled_from(NAMES), st.sampled_from(("", "changed: true\n"))),
    st.tuples(st.just("project"), st.sampled_from(("1.31.0", "1.30.3")), st.sampled_from(("native", "classic"))),
    st.tuples(st.just("beside"), st.sampled_from(NAMES), st.sampled_from(("include: [more.yaml]\n", "", "{}"))),
    st.tuples(
        st.just("lose"),
        st.just("build*"),
        st.sampled_from(("", " reads", " folders", " facts", " records", " written")),
    ),
)


def more(name: str, value: str) -> str:
    """An object to include. The API server takes no map as a value of a ConfigMap."""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: more-{name}}}\ndata: {{a: {value}}}\n"


def apply(folder: Path, edit: tuple[str, str, str]) -> None:
    """Make one edit."""
    what, name, text = edit
    path = folder / "services" / name / "service.yaml"
    if what == "project":
        (folder / "sailwright.yaml").write_text(PROJECT.replace("1.31.0", name).replace("native", text))
    elif what == "output":
        for output in sorted((folder / "rendered").rglob(f"{name}.yaml")):
            output.write_text(text) if text else output.unlink()
    elif what == "lose":
        for file in (folder.parent / "cache").rglob("*.sqlite"):
            with sqlite3.connect(file) as connection:
                rows = "SELECT max(rowid) FROM entries WHERE kind GLOB ?"
                connection.execute(f"DELETE FROM entries WHERE rowid = ({rows})", (name + text,))
    elif what == "remove":
        shutil.rmtree(path.parent, ignore_errors=True)
    elif what == "beside" and path.exists():
        (path.parent / "more.yaml").write_text(more(name, "{}" if text == "{}" else f"'{len(text)}'"))
        path.write_text(path.read_text() + text.replace("{}", ""))
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def outcome(folder: Path, *arguments: str) -> tuple[int, str, str, dict[str, bytes]]:
    """What a build says and leaves, but for the seconds it took."""
    done = in_process(folder, "build", "-j1", "--allow-removals", "--format", "json", *arguments)
    output = folder / "rendered"
    files = {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}
    said = [line.rpartition(";")[0] for line in done.stderr.splitlines()]
    return done.returncode, done.stdout, "\n".join(said), files


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=5))
@pytest.mark.parametrize("trusting", [False, True], ids=["young files", "old files"])
def test_any_edits_give_what_a_build_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, trusting: bool, steps: list[list[tuple[str, str, str]]]
) -> None:
    top = tmp_path_factory.mktemp("edits")
    kept, fresh = top / "kept", top / "fresh"
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        if trusting:  # every stamp counts, as if the files had been left alone for a while
            patch.setattr("sailwright.source.files.stamps.YOUNG", -(1 << 60))
        kept.mkdir()
        (kept / "sailwright.yaml").write_text(PROJECT)
        for name in NAMES[:3]:
            apply(kept, ("write", name, service(name)))
        assert outcome(kept)[0] == 0
        for step in steps:
            for edit in step:
                apply(kept, edit)
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(kept, fresh)
            for arguments in (("--check",), ()):
                assert outcome(kept, *arguments) == outcome(fresh, "--no-cache", *arguments)
    shutil.rmtree(top)


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was built once."""
    return prepared(tmp_path_factory, monkeypatch, built_project)


def built_project(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    for name in NAMES[:3]:
        apply(folder, ("write", name, service(name, caller="search" if name == "pay" else "")))
    assert outcome(folder)[0] == 0


def rendered_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Build; the service files that were rendered for it."""
    from sailwright.render.rendering import Rendering

    found: set[str] = set()
    render = Rendering.render

    def noting(self, service):  # type: ignore[no-untyped-def]
        found.add(service.file)
        return render(self, service)

    with monkeypatch.context() as patch:
        patch.setattr(Rendering, "render", noting)
        assert outcome(folder)[0] == 0
    return found


def test_only_the_changed_service_is_rendered(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendered_again(kept, monkeypatch) == set()
    apply(kept, ("write", "cart", service("cart", image="7")))
    assert rendered_again(kept, monkeypatch) == {"services/cart/service.yaml"}
    assert rendered_again(kept, monkeypatch) == set()


def test_who_asked_about_it_is_rendered_with_it(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pay` lets `search` call it: its policy names the account that search runs as."""
    apply(kept, ("write", "search", service("search", image="7")))
    assert rendered_again(kept, monkeypatch) == {"services/search/service.yaml"}
    apply(kept, ("write", "search", service("search", port=81)))
    assert rendered_again(kept, monkeypatch) == {"services/search/service.yaml", "services/pay/service.yaml"}


def test_the_same_size_at_the_same_time_is_still_another_text(kept: Path) -> None:
    """What git calls racy: a file that changed within the tick in which it was noted."""
    path = kept / "services/cart/service.yaml"
    status = path.stat()
    path.write_text(service("cart", image="3"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert outcome(kept)[0] == 0
    assert "example.com/cart:3" in (kept / "rendered/prod/one/cart.yaml").read_text()


@pytest.mark.parametrize("module", ["run", "changed_services"], ids=["whole", "part"])
def test_a_file_that_changes_during_a_build_is_built_by_the_next(
    kept: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """What was read is noted as of when reading began, however long the rest takes."""
    target = f"sailwright.commands.build.{module}.write"

    def slow(made: Plan, root: str) -> None:
        apply(kept, ("write", "cart", service("cart", image="9")))
        write(made, root)

    apply(
        kept, ("project", "1.30.3", "native") if module == "run" else ("write", "search", service("search", image="7"))
    )
    with monkeypatch.context() as patch:
        patch.setattr(target, slow)
        assert outcome(kept)[0] == 0
    assert "example.com/cart:9" not in (kept / "rendered/prod/one/cart.yaml").read_text()
    monkeypatch.setattr("sailwright.source.files.stamps.YOUNG", 0)
    assert outcome(kept)[0] == 0
    assert "example.com/cart:9" in (kept / "rendered/prod/one/cart.yaml").read_text()


def test_a_clock_set_back_hides_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000_000)
    path = kept / "services/cart/service.yaml"
    path.write_text(service("cart", image="3"))
    os.utime(path, ns=(0, 0))
    assert outcome(kept)[0] == 0
    path.write_text(service("cart", image="4"))
    os.utime(path, ns=(0, 0))
    assert outcome(kept)[0] == 0
    assert "example.com/cart:4" in (kept / "rendered/prod/one/cart.yaml").read_text()


def checked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Build; the kinds of the documents that were held to their schemas for it."""
    from sailwright.validate import run

    found: list[str] = []
    judge = run.judge

    def noting(values, settings, alike):  # type: ignore[no-untyped-def]
        found.extend(value["kind"] for value in values)
        return judge(values, settings, alike)

    with monkeypatch.context() as patch:
        patch.setattr(run, "judge", noting)
        assert outcome(folder)[0] == 0
    return found


def test_documents_that_are_as_they_were_are_not_checked_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(kept, ("write", "cart", service("cart", image="7")))
    assert checked_again(kept, monkeypatch) == ["Deployment", "Deployment"]  # in two environments
    apply(kept, ("write", "cart", service("cart", port=81, image="7")))
    assert "Service" in checked_again(kept, monkeypatch)
    apply(kept, ("write", "users", service("users")))
    assert len(checked_again(kept, monkeypatch)) > 8


def test_documents_are_checked_again_that_nobody_checked_against_these_schemas(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output stays as it is when the cluster gets another minor version: then it is not known what that takes."""
    (kept / "sailwright.yaml").write_text(PROJECT + "kubernetes: {version: '1.30'}\n")
    assert checked_again(kept, monkeypatch) == []
    apply(kept, ("write", "cart", service("cart", image="7")))
    assert len(checked_again(kept, monkeypatch)) > 8
    apply(kept, ("write", "cart", service("cart", image="8")))
    assert checked_again(kept, monkeypatch) == ["Deployment", "Deployment"]


def test_a_document_that_is_refused_is_refused_after_every_edit(kept: Path) -> None:
    apply(kept, ("beside", "cart", "include: [more.yaml]\n"))
    assert outcome(kept)[0] == 0
    apply(kept, ("beside", "cart", "{}"))
    for image in ("7", "8"):
        path = kept / "services/cart/service.yaml"
        path.write_text(path.read_text().replace("cart:1", f"cart:{image}"))
        done = outcome(kept)
        assert done[0] == 1
        assert "schema-violation" in done[1]


@pytest.mark.parametrize("what", ["services/cart/service.yaml", "services/cart", "services"])
def test_a_link_out_of_the_repository_in_the_place_of_the_same_file_is_refused(kept: Path, what: str) -> None:
    outside = kept.parent / "outside"
    (kept / what).rename(outside)
    (kept / what).symlink_to(outside)
    done = outcome(kept)
    assert done[0] != 0
    assert "leads out of the repository" in done[1] or "no file matches" in done[2] or "no service file" in done[2]
