"""A lint that uses what the last one found says what a lint without cache says, after whatever edits."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.build.test_changed_services import NAMES, PROJECT, apply, edits, service
from tests.hostile.repositories import fresh_run, in_process, prepared

from sailwright.lint.run import Judged, LintRequest

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 4)
LISTED = PROJECT + 'manifests: [{paths: ["manifests/*.yaml"]}]\n'
ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: away, namespace: one}
spec:
  hosts: [search.one.svc.cluster.local]
  http: [{route: [{destination: {host: cart.one.svc.cluster.local, subset: gone}}]}]
"""


def outcome(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """What a lint says."""
    done = in_process(folder, "lint", "-j1", "--format", "json", *arguments)
    return done.returncode, done.stdout, done.stderr


def without_cache(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """What a lint without cache says."""
    done = fresh_run(folder, "lint", "-j1", "--format", "json", *arguments)
    return done.returncode, done.stdout, done.stderr


def project(folder: Path) -> Path:
    """Three services and routes by hand, to a subset that is not there."""
    (folder / "manifests").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(LISTED)
    (folder / "manifests/routes.yaml").write_text(ROUTES)
    for name in NAMES[:3]:
        apply(folder, ("write", name, service(name)))
    return folder


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=3))
def test_any_edits_give_what_a_lint_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[str, str, str]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, project)
        for step in [[], *steps]:
            for edit in step:
                apply(folder, edit)
            paths = [str(each.relative_to(folder)) for each in sorted(folder.glob("services/*/service.yaml"))]
            for arguments in ((), tuple(paths[:1]), ("manifests/routes.yaml", *paths[1:])):
                fresh = without_cache(folder, *arguments)
                assert outcome(folder, *arguments) == fresh
                assert outcome(folder, *arguments) == fresh


def linted_project(folder: Path) -> None:
    assert "destination-subset-unknown" in outcome(project(folder))[1]


@pytest.fixture
def linted(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was linted once."""
    return prepared(tmp_path_factory, monkeypatch, linted_project)


def judged(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bool:
    """Whether a lint runs any rule."""
    from sailwright.lint.run import judge

    ran: list[LintRequest] = []

    def noting(request: LintRequest) -> Judged:
        ran.append(request)
        return judge(request)

    with monkeypatch.context() as patch:
        patch.setattr("sailwright.commands.lint.run.judge", noting)
        outcome(folder, *arguments)
    return bool(ran)


def test_no_rule_runs_again_while_nothing_changes(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not judged(linted, monkeypatch)
    assert not judged(linted, monkeypatch, "services/cart/service.yaml")
    assert not judged(linted, monkeypatch, "services", "manifests")
    assert judged(linted, monkeypatch, "--no-cache")
    assert judged(linted, monkeypatch, "--select", "all")
    assert not judged(linted, monkeypatch, "--select", "all")


@pytest.mark.parametrize("file", ["sailwright.yaml", "manifests/routes.yaml", "manifests/new.yaml"])
def test_all_rules_run_again_when_a_file_changes_that_is_no_service(
    linted: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    path = linted / file
    path.write_text((path.read_text() if path.exists() else ROUTES) + "# changed\n")
    assert judged(linted, monkeypatch)


def test_no_rule_runs_again_where_there_is_nothing_to_fix(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not judged(linted, monkeypatch, "--fix")
    old = linted / "manifests/old.yaml"
    text = ROUTES.replace("hosts: [", "gateways: [public.edge.svc.cluster.local]\n  hosts: [", 1)
    old.write_text(text)
    assert '"fix": "write edge/public"' in outcome(linted)[1]
    assert judged(linted, monkeypatch, "--fix")
    assert old.read_text() == text.replace("public.edge.svc.cluster.local", "edge/public")
    outcome(linted)
    assert not judged(linted, monkeypatch, "--fix")


def test_a_baseline_is_written_of_what_is_kept(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = '{"version": 1, "findings": [{"fingerprint": "0", "rule": "destination-subset-unknown", "file": "gone.yaml", "object": ""}]}'
    for name in ("known.json", "fresh.json"):
        (linted / name).write_text(stale)
    assert not judged(linted, monkeypatch, "--baseline", "known.json", "--update-baseline")
    assert judged(linted, monkeypatch, "--baseline", "fresh.json", "--update-baseline", "--no-cache")
    assert (linted / "known.json").read_bytes() == (linted / "fresh.json").read_bytes()
    assert "destination-subset-unknown" in (linted / "known.json").read_text()
    assert "gone.yaml" not in (linted / "known.json").read_text()


def test_a_baseline_is_read_anew(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(linted, "--baseline", "known.json", "--update-baseline")[0] == 0
    assert not judged(linted, monkeypatch, "--baseline", "known.json")
    known = outcome(linted, "--baseline", "known.json")
    assert known == outcome(linted, "--no-cache", "--baseline", "known.json")
    (linted / "known.json").write_text('{"version": 1, "findings": []}')
    assert outcome(linted, "--baseline", "known.json")[1] == outcome(linted)[1] != known[1]


SUPPRESSED = {
    "manifests/routes.yaml": ("gone}}]}]", "gone}}]}]  # sailwright: ignore[destination-subset-unknown] soon"),
    "sailwright.yaml": (
        LISTED,
        LISTED + "lint: {ignore: [{rule: destination-subset-unknown, path: 'manifests/**', reason: soon}]}\n",
    ),
    "annotation": (
        "namespace: one}",
        "namespace: one, annotations: {sailwright.dev/ignore: destination-subset-unknown soon}}",
    ),
    "of no use": ("http: [", "http:  # sailwright: ignore[destination-subset-unknown]\n    ["),
}


@pytest.mark.parametrize("how", SUPPRESSED)
def test_what_is_suppressed_is_kept_too(linted: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    path = linted / (how if "/" in how or "." in how else "manifests/routes.yaml")
    path.write_text(path.read_text().replace(*SUPPRESSED[how]))
    assert judged(linted, monkeypatch)
    assert not judged(linted, monkeypatch)
    assert not judged(linted, monkeypatch, "manifests")
    for paths in ((), ("manifests",), ("services",)):
        assert outcome(linted, *paths) == outcome(linted, "--no-cache", *paths)


def test_what_is_suppressed_until_a_day_is_reported_after_it(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "{rule: destination-subset-unknown, path: 'manifests/**', reason: soon, until: 2027-03-31}"
    (linted / "sailwright.yaml").write_text(LISTED + f"lint: {{ignore: [{entry}]}}\n")
    for day, again in (((2027, 3, 31), True), ((2027, 3, 31), False), ((2027, 4, 1), True), ((2027, 4, 2), False)):
        monkeypatch.setattr("sailwright.lint.config.today", lambda day=day: date(*day))
        assert judged(linted, monkeypatch) == again
        assert outcome(linted) == outcome(linted, "--no-cache")
        assert ("suppression-expired" in outcome(linted)[1]) == (day[1] == 4)


def rendered_kustomization(folder: Path) -> Path:
    return next(iter(sorted((folder / "rendered").rglob("kustomization.yaml"))))


def test_the_whole_folder_is_the_project_and_what_it_renders(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`lint .`, as hooks run it: rendered files are counted, and no rule runs again for them."""
    assert in_process(linted, "build").returncode == 0
    fresh = outcome(linted, ".", "--no-cache")
    assert outcome(linted, ".") == fresh
    assert not judged(linted, monkeypatch, ".")
    rendered = linted / "rendered"
    one = next(each for each in sorted(rendered.rglob("*.yaml")) if each.name != "kustomization.yaml")
    one.write_text(one.read_text() + "# another build\n")
    assert not judged(linted, monkeypatch, "."), "what is only counted is not read"
    assert "rendered files: checked where they come from" in fresh[1] + fresh[2]


@pytest.mark.parametrize("more", ["patches: [{path: one.yaml}]\n", "configurations: [names.yaml]\n"])
def test_a_kustomization_among_what_is_rendered_may_name_more(linted: Path, more: str) -> None:
    """Somebody's patch there is none of the rendered files that are only counted."""
    assert in_process(linted, "build").returncode == 0
    list_of_all = rendered_kustomization(linted)
    list_of_all.write_text(list_of_all.read_text() + more)
    outcome(linted, ".")
    assert outcome(linted, ".") == outcome(linted, ".", "--no-cache")


def test_all_files_of_the_project_by_name_are_no_file_beside_them(linted: Path) -> None:
    """A service file that `services` does not name is skipped by a lint of the project, and is nothing to one of all other files."""
    (linted / "services/cart/servce.yaml").write_text(service("cart"))
    outcome(linted)
    listed = [f"services/{name}/service.yaml" for name in sorted(NAMES[:3])]
    for arguments in ((), ("sailwright.yaml", "manifests/routes.yaml", *listed)):
        assert outcome(linted, *arguments) == outcome(linted, *arguments, "--no-cache")


def test_a_name_that_no_file_can_have_is_reported_again(linted: Path) -> None:
    """Nothing is kept of it, for nothing on the disk can become it."""
    apply(linted, ("write", "cart", service("cart") + 'config: {files: ["a\\0b.txt"]}\ninclude: ["c\\0d.yaml"]\n'))
    fresh = without_cache(linted)
    assert "config-file" in fresh[1]
    assert outcome(linted) == outcome(linted) == fresh


def test_another_release_for_two_clusters_of_an_environment(linted: Path) -> None:
    """Each is seen beside the other as that release sees both."""
    path = linted / "sailwright.yaml"
    path.write_text(
        path.read_text().replace("environments: {", "environments: {more: {clusters: {east: {}, west: {}}}, ")
    )
    for _ in range(2):
        release = ("--istio-version", "1.30.0")
        assert outcome(linted, *release) == without_cache(linted, *release)


def test_the_line_of_a_setting_is_shown_with_what_is_wrong_with_it(linted: Path) -> None:
    path = linted / "sailwright.yaml"
    path.write_text(path.read_text() + "lint: {ignore: [{rule: no-such-thing, path: x.yaml, reason: known}]}\n")
    for _ in range(2):
        kept, fresh = in_process(linted, "lint"), fresh_run(linted, "lint")
        assert "lint: {ignore: [" in fresh.stdout
        assert kept.stdout == fresh.stdout
