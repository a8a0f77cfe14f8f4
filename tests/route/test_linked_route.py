"""`route` asks the services that are linked to a request where it is known which these are, and says what the whole mesh says."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import fresh_run, git, in_process, own_store, prepared
from tests.lint.test_after_change import NAMES, service

from sailwright.commands import route
from sailwright.commands.linked import in_portions as linked_in_portions
from sailwright.commands.linked import requests as linked_requests
from sailwright.commands.linked import worlds as linked_worlds
from sailwright.commands.linked.worlds import Linked
from sailwright.source.files.recorded import Recorded
from sailwright.workspace import parallel

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 5)
NAMESPACES = ("one", "two", "three", "four")

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {}}
manifests: [{paths: ["manifests/*.yaml"]}]
"""

BY_HAND = (
    "",
    (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: all, namespace: two}\nspec:\n"
        '  hosts: ["*.one.svc.cluster.local"]\n  http: [{route: [{destination: {host: pay-two.two.svc.cluster.local}}]}]\n'
    ),
    (
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: none, namespace: istio-system}\n"
        'spec: {action: DENY, rules: [{to: [{operation: {paths: ["/x"]}}]}]}\n'
    ),
    (
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: all, namespace: four}\n"
        'spec: {host: "*.two.svc.cluster.local", trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: v1, labels: {version: v1}}]}\n'
    ),
    (
        "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: few, namespace: three}\n"
        'spec: {egress: [{hosts: ["./*", "one/*"]}]}\n'
    ),
    (
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: more, namespace: four}\n"
        "spec: {hosts: [cart-one.one.svc.cluster.local], location: MESH_EXTERNAL, resolution: DNS,\n"
        "  ports: [{number: 80, name: tcp, protocol: TCP}], endpoints: [{address: 192.0.2.1}]}\n"
    ),
)
"""Objects that may decide about services of any namespace."""

CHANGES = (
    (r'(?<=v1, image: ")[^"]*', ("example.com/cart:7", "example.com/cart:8")),
    (r"(?<=prefix: )/\w+", ("/x", "/y")),
    (r"(?<=to: \{v1: )\d+, v2: \d+", ("90, v2: 10", "100, v2: 0")),
    (r"(?<=replicas: )\d+", ("0", "2")),
    (r"(?<=host: )[\w.-]+(?=\.svc)", ("cart-one.one", "search-two.two", "pay-four.four")),
    (r"(?<=inbound: \[\{service: )[\w/-]+", ("one/cart-one", "two/search-two", "three/pay-three")),
    (r"(?<=name: http, port: )\d+", ("80", "81")),
    (r"\Z", ("", "mesh: {inject: none}\n", 'exportTo: ["."]\n', "environments: {prod: {defaults: {replicas: 0}}}\n")),
)
edits = st.tuples(
    st.sampled_from(NAMESPACES),
    st.sampled_from(NAMES),
    st.sampled_from([(pattern, text) for pattern, texts in CHANGES for text in texts]),
)
requests = st.tuples(
    st.sampled_from(NAMESPACES),
    st.sampled_from(["", "app=cart-one", "app=pay-two"]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMESPACES),
    st.sampled_from(["", ":81"]),
    st.sampled_from(["/x", "/"]),
)


def project(folder: Path, by_hand: str = "") -> Path:
    """Three services in each of four namespaces, which call those of their own; and an object by hand."""
    (folder / "manifests").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    if by_hand:
        (folder / "manifests/more.yaml").write_text(by_hand)
    for namespace in NAMESPACES:
        for name in NAMES:
            file = folder / "services" / namespace / name / "service.yaml"
            file.parent.mkdir(parents=True)
            text = re.sub(rf"\b({'|'.join(NAMES)})\b", rf"\1-{namespace}", service(name))
            text = text.replace("namespace: one", f"namespace: {namespace}").replace("one/", f"{namespace}/")
            file.write_text(text.replace(".one.svc", f".{namespace}.svc"))
    git(folder, "init", "-q")
    return folder


def edit(folder: Path, namespace: str, name: str, change: tuple[str, str]) -> None:
    """Change a service file in one place."""
    file = folder / "services" / namespace / name / "service.yaml"
    file.write_text(re.sub(*change, file.read_text(), count=1))


def asked(sender: str, label: str, name: str, namespace: str, port: str, path: str) -> tuple[str, ...]:
    """The command line of a request."""
    url = f"http://{name}-{namespace}.{namespace}.svc.cluster.local{port}{path}"
    return ("route", "--url", url, "--from", sender, *(("--label", label) if label else ()))


def same(folder: Path, *command: str) -> str:
    """What a command says, which is what it says without cache."""
    kept, fresh = in_process(folder, *command), fresh_run(folder, *command)
    assert (kept.returncode, kept.stdout, kept.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    return kept.stdout


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=st.lists(st.tuples(st.lists(edits, max_size=2), requests), min_size=2, max_size=5),
    large=st.booleans(),
)
def test_any_change_gives_what_the_whole_mesh_says(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[tuple[list[tuple[str, str, tuple[str, str]]], tuple[str, str, str, str, str, str]]],
    large: bool,
) -> None:
    """Of a large project links are found row by row, by the first who asks."""
    top = tmp_path_factory.mktemp("routes")
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        folder = project(top / "kept", by_hand)
        if large:
            patch.setattr(parallel, "MANY", 1)
        else:
            in_process(folder, "lint")
            in_process(folder, *asked("one", "", "cart", "one", "", "/"))
        for changes, request in steps:
            for namespace, name, change in changes:
                edit(folder, namespace, name, change)
            same(folder, *asked(*request))
            same(folder, *asked(*request), "--format", "json")
    shutil.rmtree(top)


def test_of_a_large_project_no_mesh_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor in the first run, nor without cache; who is linked to whom is known to the next one."""
    own_store(monkeypatch, tmp_path)
    monkeypatch.setattr(parallel, "MANY", 1)
    folder = project(tmp_path / "project")
    with monkeypatch.context() as patch:
        patch.setattr(route, "load", lambda _: 1 / 0)
        uncached = in_process(folder, *asked("one", "", "cart", "two", "", "/x"), "--no-cache")
        first = in_process(folder, *asked("one", "", "cart", "two", "", "/x"))
    assert first.returncode == 0
    assert uncached.stdout == first.stdout
    monkeypatch.setattr(linked_in_portions, "_links", lambda *_: 1 / 0)
    assert same(folder, *asked("one", "", "cart", "two", "", "/x")) == first.stdout


def asked_project(folder: Path) -> None:
    in_process(project(folder), "lint")
    in_process(folder, *asked("one", "", "cart", "one", "", "/"))


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was linted, and asked once."""
    return prepared(tmp_path_factory, monkeypatch, asked_project)


def services_asked(folder: Path, monkeypatch: pytest.MonkeyPatch, *command: str) -> set[str]:
    """The services that are in the worlds which are asked, by their files; all where the whole mesh is."""
    seen: list[Linked] = []
    linked = linked_worlds.linked_worlds

    def noting(*arguments: object) -> Linked:
        seen.append(linked(*arguments))  # type: ignore[arg-type]
        return seen[-1]

    with monkeypatch.context() as patch:
        patch.setattr(linked_requests, "linked_worlds", noting)
        same(folder, *command)
    found = seen[0].worlds
    if found is None:
        return {"all"}
    assert isinstance(found.project.checkout, Recorded)
    files = (file for group in found.rendered.files.values() for file in group)
    return {file.source for file in files if file.source.startswith("services/")}


def test_services_of_other_namespaces_have_no_part(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked("one", "", "cart", "two", "", "/x")
    both = {f"services/{namespace}/{name}/service.yaml" for namespace in ("one", "two") for name in NAMES}
    assert services_asked(folder, monkeypatch, *request) == both
    edit(folder, "two", "cart", (r"(?<=prefix: )/\w+", "/y"))
    assert services_asked(folder, monkeypatch, *request) == both


@pytest.mark.parametrize(
    "change",
    [
        (r"(?<=name: http, port: )\d+", "81"),
        (r"(?<=host: )[\w.-]+(?=\.svc)", "pay-four.four"),
        (r"\Z", "owner: shop\n"),
    ],
)
def test_a_change_of_what_links_services_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str]
) -> None:
    edit(folder, "two", "cart", change)
    services_asked(folder, monkeypatch, *asked("one", "", "cart", "two", "", "/x"))


@pytest.mark.parametrize(
    "request_line",
    [
        asked("one", "", "nobody", "two", "", "/x"),
        asked("nowhere", "", "cart", "two", "", "/x"),
        asked("one", "app=nobody", "cart", "two", ":9999", "/x"),
        ("route", "--url", "http://www.example.com/", "--from", "one"),
        ("route", "--url", "http://cart-two.two/", "--from", "one"),
        ("route", "--url", "http://cart-one/", "--from", "one"),
    ],
)
def test_names_as_callers_write_them(folder: Path, request_line: tuple[str, ...]) -> None:
    same(folder, *request_line)


@pytest.mark.parametrize("file", ["sailwright.yaml", "manifests/more.yaml"])
def test_where_another_file_is_not_the_same_the_whole_mesh_is_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    path = folder / file
    path.write_text(path.read_text() + "# more\n" if path.exists() else BY_HAND[1])
    assert services_asked(folder, monkeypatch, *asked("one", "", "cart", "two", "", "/x")) == {"all"}
