"""A lint after a change says what a lint without cache says, whatever of the last run it uses.

The services here are full of what rules look at, in their own objects and in those of others, so that an edit has findings come and go.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import in_process, prepared
from tests.lint.test_kept_results import outcome, without_cache

import sailwright_policies
from sailwright.cli import hook
from sailwright.lint.noted_fields import ALL, CONTAINER, Noted, NotedFields
from sailwright.lint.run import Judged, LintRequest, judge
from sailwright.mesh import world
from sailwright.project.service.model import Service
from sailwright.render.rendering import RenderedFile, Rendering

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 6)

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {clusters: {east: {}, west: {}}}}
lint: {preset: strict, ignore: [{rule: container-net-raw, path: services/cart/**, reason: it pings}]}
manifests: [{paths: ["manifests/*.yaml"]}]
"""

GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: one}
spec:
  selector: {app: gateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [cart.example.com]}]
"""

SERVICE = """\
# What {name} is for.
apiVersion: sailwright/v1alpha1
name: {name}
namespace: one
ports: [{{name: http, port: 80, targetPort: 8080, appProtocol: http}}]
defaults:
  replicas: 2
  resources: {{requests: {{cpu: 50m, memory: 64Mi}}, limits: {{memory: 64Mi}}}}
  env:
    - {{name: LEVEL, value: info}}
    - {{name: LEVEL2, value: "0"}}
  readinessProbe: {{httpGet: {{path: /ready, port: http}}, periodSeconds: 5}}
  livenessProbe: {{httpGet: {{path: /live, port: http}}}}
versions:
  - {{name: v1, image: "example.com/{name}:1", weight: 50}}
  - {{name: v2, image: "example.com/{name}:latest", weight: 50}}
accessPolicy: {{inbound: [{{service: one/{caller}}}], outbound: [{{service: one/{callee}}}]}}
trafficPolicy: {{outlierDetection: {{consecutive5xxErrors: 5, interval: 10s}}}}
routes:
  - {{name: away, match: [{{uri: {{prefix: /x}}}}], to: [{{host: {callee}.one.svc.cluster.local}}], timeout: 2s, retries: {{attempts: 2, perTryTimeout: 3s}}}}
  - {{name: rest, to: {{v1: 90, v2: 10}}}}
timeout: 3s
"""
NAMES = ("cart", "search", "pay")

CHANGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r'(?<=v1, image: ")[^"]*', ("example.com/cart:1", "example.com/cart:latest", "example.com/redis:7", "cart")),
    (r'(?<=v2, image: ")[^"]*', ("example.com/cart:2", "example.com/cart")),
    (r"(?<=replicas: )\d+", ("0", "1", "2")),
    (r"(?<=cpu: )\w+", ("50m", "2", "0")),
    (r"(?<=limits: \{memory: )\w+", ("64Mi", "32Mi", "64m")),
    (r"(?<=name: )LEVEL2?(?=, value: \"0\")", ("LEVEL", "LEVEL2", "PASSWORD")),
    (r"(?<=value: )(?:info|debug|hunter2)", ("info", "debug", "hunter2")),
    (r"(?<=targetPort: )\d+", ("8080", "15001", "8081")),
    (r"(?<=port: )8\d(?=,)", ("80", "81")),
    (r"(?<=ready, port: )\w+", ("http", "8080", "9999")),
    (r"(?<=live, port: )\w+", ("http", "15021")),
    (r"(?<=v1, image: )(.*weight: )\d+", (r"\g<1>50", r"\g<1>100")),
    (r"(?<=to: \{v1: )\d+, v2: \d+", ("90, v2: 10", "100, v2: 0")),
    (r"(?<=timeout: )\d+s(?=\n)", ("3s", "1s", "30s")),
    (r"(?<=attempts: )\d+", ("2", "9")),
    (r"(?<=host: )\w+(?=\.one)", ("cart", "search", "nobody")),
    (r"(?<=inbound: \[\{service: one/)\w+", ("cart", "pay", "nobody")),
    (r"(?<=interval: )\w+", ("10s", "0s")),
    (r"\A(?:# .*\n)*", ("", "# One line.\n", "# One line.\n# And another.\n")),
    (r"\A(?:# .*\n)*", ("# sailwright: ignore[container-net-raw] it pings\n", "# sailwright: ignore[no-such-rule]\n")),
    (
        r"(?<=weight: 50\})(?:  #.*)?(?=\n(?!  -))",
        ("", "  # sailwright: ignore[image-tag-latest] it moves", "  # sailwright: ignore[container-runs-as-root]"),
    ),
    (
        r"namespace: one\n(?:annotations: .*\n)?",
        (
            "namespace: one\n",
            "namespace: one\nannotations: {sailwright.dev/ignore: image-tag-latest moves}\n",
            "namespace: one\nannotations: {sailwright.dev/ignore: 'retries-exceed-timeout, no-such-rule: one'}\n",
            "namespace: one\nannotations: {sailwright.dev/ignore: all here}\n",
        ),
    ),
    (
        r"\Z",
        (
            "",
            "tests: []\n",
            "budget: {latency: 1s}\n",
            "# ${NAME}\n",
            "environments: {prod: {defaults: {replicas: 1}}}\n",
        ),
    ),
)
"""What to find in a service file, and what to write there instead."""


def service(name: str) -> str:
    """One of three services that call each other in a round."""
    at = NAMES.index(name)
    return SERVICE.format(name=name, caller=NAMES[at - 1], callee=NAMES[(at + 1) % len(NAMES)])


def project(folder: Path) -> Path:
    """Three services and a Gateway by hand."""
    (folder / "manifests").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    (folder / "manifests/gateway.yaml").write_text(GATEWAY)
    for name in NAMES:
        (folder / "services" / name).mkdir(parents=True)
        (folder / "services" / name / "service.yaml").write_text(service(name))
    return folder


def linted_project(folder: Path) -> None:
    """The same, linted once."""
    outcome(project(folder))


changes = st.sampled_from([(pattern, text) for pattern, texts in CHANGES for text in texts])
edits = st.tuples(st.sampled_from(NAMES), changes)


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=6))
def test_any_change_gives_what_a_lint_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[str, tuple[str, str]]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, linted_project)
        for step in steps:
            for name, (pattern, text) in step:
                substitute(folder, name, pattern, text)
            changed = f"services/{step[0][0]}/service.yaml"
            assert outcome(folder, changed) == without_cache(folder, changed)
            assert outcome(folder) == without_cache(folder)


COMMENT = "  # sailwright: ignore[image-tag-latest] it moves"


@pytest.fixture
def linted(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was linted once."""
    return prepared(tmp_path_factory, monkeypatch, linted_project)


def substitute(folder: Path, name: str, pattern: str, text: str) -> None:
    """Change what a service file has of a pattern first, where it has any."""
    path = folder / "services" / name / "service.yaml"
    path.write_text(re.sub(pattern, text, path.read_text(), count=1))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change a service file in one place."""
    path = folder / "services" / name / "service.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def whole_mesh_judged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a lint runs rules for the whole mesh; it says what one without cache says."""
    seen: list[LintRequest] = []

    def noting(request: LintRequest) -> Judged:
        seen.append(request)
        return judge(request)

    with monkeypatch.context() as patch:
        patch.setattr("sailwright.commands.lint.run.judge", noting)
        kept = outcome(folder)
    assert kept == without_cache(folder)
    return bool(seen)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('example.com/cart:1"', 'example.com/cart:2"'),
        ('example.com/cart:1"', 'example.com/cart:latest"'),
        ("cpu: 50m", "cpu: 60m"),
        ('value: "0"', "value: debug"),
        ("LEVEL2", "LEVEL"),
        ("# What cart is for.\n", "# What cart is for.\n# And who asks for it.\n"),
    ],
    ids=["image", "worse image", "resources", "variable", "variable twice", "lines move"],
)
def test_what_no_rule_about_the_mesh_reads_is_linted_by_itself(
    linted: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    edit(linted, "cart", old, new)
    assert not whole_mesh_judged(linted, monkeypatch)
    edit(linted, "cart", new, old)
    assert not whole_mesh_judged(linted, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("port: 80,", "port: 81,"),
        ("name: v1", "name: v3"),
        ("prefix: /x", "prefix: /y"),
        ("service: one/pay", "service: one/search"),
        ("/ready, port: http", "/ready, port: 9999"),
        ("inbound:", "# ${CALLERS}\n  inbound:"),
    ],
    ids=["port", "version", "match", "caller", "probe", "placeholder"],
)
def test_what_may_concern_others_is_not(linted: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    text = (linted / "services/cart/service.yaml").read_text()
    (linted / "services/cart/service.yaml").write_text(
        text.replace("accessPolicy: {inbound: ", "accessPolicy:\n  inbound: ")
        .replace("], outbound: ", "]\n  outbound: ")
        .replace("]}\ntraffic", "]\ntraffic")
    )
    outcome(linted)
    edit(linted, "cart", old, new)
    assert whole_mesh_judged(linted, monkeypatch)


def test_a_comment_that_suppresses_concerns_its_service_alone(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come, move, be of use or not, and go."""
    line = 'latest", weight: 50}'
    edit(linted, "cart", line, line + COMMENT)
    assert not whole_mesh_judged(linted, monkeypatch)
    assert outcome(linted)[1].count('"rule": "image-tag-latest"') == 2
    edit(linted, "cart", "cart:latest", "cart:2")
    assert not whole_mesh_judged(linted, monkeypatch)
    assert "unused suppression" in outcome(linted)[1]
    edit(linted, "cart", "# What cart is for.\n", "# What cart is for.\n# And who asks for it.\n")
    assert not whole_mesh_judged(linted, monkeypatch)
    edit(linted, "cart", COMMENT, "")
    assert not whole_mesh_judged(linted, monkeypatch)


def test_an_annotation_suppresses_what_a_change_brings(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it comes or goes is for all rules to see; after that it is part of the service."""
    edit(linted, "pay", "one\nports", "one\nannotations: {sailwright.dev/ignore: image-tag-latest moves}\nports")
    assert whole_mesh_judged(linted, monkeypatch)
    said = outcome(linted)[1]
    edit(linted, "pay", "pay:1", "pay:latest")
    assert not whole_mesh_judged(linted, monkeypatch)
    more = outcome(linted)[1]
    assert more.count('"rule": "image-tag-latest"') == said.count('"rule": "image-tag-latest"') == 2
    assert more.count("unused suppression") == said.count("unused suppression") - 1
    edit(linted, "pay", "pay:latest", "pay:1")
    assert not whole_mesh_judged(linted, monkeypatch)
    assert outcome(linted)[1] == said


def test_the_other_services_come_from_the_store(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that others may see: all rules run, but nothing else is rendered."""
    rendered: set[str] = set()
    render = Rendering.render

    def noting(self: Rendering, service: Service) -> RenderedFile:
        rendered.add(service.name)
        return render(self, service)

    edit(linted, "cart", "prefix: /x", "prefix: /y")
    with monkeypatch.context() as patch:
        patch.setattr(Rendering, "render", noting)
        kept = outcome(linted)
    assert rendered == {"cart"}
    assert kept == outcome(linted, "--no-cache")


@pytest.mark.parametrize(
    "kind",
    [
        *("services", "rendering", "lint", "* reads", "* folders", "* globs"),
        *("rendering * records", "rendering * facts", "rendering * places", "rendering * digests"),
        *("lint * files", "lint * services", "lint * places"),
    ],
)
@pytest.mark.parametrize("spoiled", ["gone", "changed"])
def test_a_store_that_lacks_some_of_what_it_had_changes_nothing(
    linted: Path, monkeypatch: pytest.MonkeyPatch, kind: str, spoiled: str
) -> None:
    """As where another program let go of it, or a disk spoiled it."""
    (file,) = (linted.parent / "cache").rglob("*.sqlite")
    with sqlite3.connect(file) as connection:
        if spoiled == "gone":
            connection.execute("DELETE FROM entries WHERE kind GLOB ?", (kind,))
        else:
            connection.execute("UPDATE entries SET data = CAST(data || 'x' AS BLOB) WHERE kind GLOB ?", (kind,))
        assert connection.execute("SELECT changes()").fetchone()[0]
    for old, new in (("prefix: /x", "prefix: /y"), ('example.com/cart:1"', 'example.com/cart:latest"')):
        edit(linted, "cart", old, new)
        assert outcome(linted) == without_cache(linted)
    edit(linted, "search", "cpu: 50m", "cpu: 60m")
    assert not whole_mesh_judged(linted, monkeypatch)


def test_a_file_that_changes_while_it_is_linted_is_linted_again(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is noted as of when reading began, however long the rest takes."""

    def slow(request: LintRequest) -> Judged:
        edit(linted, "cart", 'example.com/cart:1"', 'example.com/cart:latest"')
        return judge(request)

    edit(linted, "search", "prefix: /x", "prefix: /y")
    with monkeypatch.context() as patch:
        patch.setattr("sailwright.commands.lint.run.judge", slow)
        before = outcome(linted)
    monkeypatch.setattr("sailwright.source.files.stamps.YOUNG", 0)
    assert outcome(linted) != before
    assert outcome(linted) == outcome(linted, "--no-cache")


def test_what_is_asked_of_a_mapping_in_any_way_is_noted() -> None:
    ways: tuple[tuple[Callable[[dict[str, Any]], object], str], ...] = (
        (lambda each: each["a"], "a"),
        (lambda each: each.get("b"), "b"),
        (lambda each: "c" in each, "c"),
        (lambda each: list(each), ALL),
        (lambda each: dict(each), ALL),
        (lambda each: {**each}, ALL),
        (lambda each: each | {}, ALL),
        (lambda each: {} | each, ALL),
        (lambda each: dict[str, Any]().update(each), ALL),
        (lambda each: len(each), ALL),
        (lambda each: bool(each), ALL),
        (lambda each: each == {}, ALL),
        (lambda each: each != {}, ALL),
        (lambda each: each == {}, ALL),
        (lambda each: list(each.items()), ALL),
        (lambda each: list(each.keys()), ALL),
        (lambda each: list(each.values()), ALL),
        (lambda each: each.copy(), ALL),
        (lambda each: copy(each), ALL),
        (lambda each: deepcopy(each), ALL),
        (lambda each: sorted(each), ALL),
        (lambda each: set(each), ALL),
        (lambda each: repr(each), ALL),
        (lambda each: str(each), ALL),
        (lambda each: json.dumps(each), ALL),
        (lambda each: "{a}".format_map(each), "a"),
        (lambda each: (lambda **keys: keys)(**each), ALL),
        (lambda each: [each] == [{}], ALL),
    )
    for number, (way, key) in enumerate(ways):
        noted: Noted = set()
        way(NotedFields({"a": 1}, CONTAINER, noted))
        assert (CONTAINER, key) in noted or (CONTAINER, ALL) in noted, number


def test_only_known_rules_read_more_of_a_file_than_what_it_says() -> None:
    """The text of a service file is not noted: who reads it is known, and a change that matters to them runs all rules.

    Of the two one looks for `${`, and the other asks for the name of the file.
    """
    package = Path(sailwright_policies.__file__ or "").parent
    mesh = Path(world.__file__).parent
    read = re.compile(r"\.source\.(data|text|lines|content|problems)\b|\.locate\(")
    readers = {path.name for top in (package, mesh) for path in top.rglob("*.py") if read.search(path.read_text())}
    assert readers == {"flux_substitution.py", "object_defined_twice.py"}


def hooked(folder: Path, *arguments: str) -> tuple[int, str]:
    """What the hook that builds and lints says on standard output."""
    out, here = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            status = hook.run(["--lint", "--format", "json", *arguments])
    finally:
        os.chdir(here)
    out.flush()
    return status, out.buffer.getvalue().decode()


def hooked_project(folder: Path) -> None:
    """The project, built and linted once by the hook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sailwright.cli.hook._staged", lambda _root, _output: 0)
        hooked(project(folder))


@settings(max_examples=max(RUNS // 3, 3), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=4))
def test_the_hook_says_what_a_build_and_a_lint_without_cache_say(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[str, tuple[str, str]]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, hooked_project)
        fresh = folder.parent / "fresh"
        patch.setattr("sailwright.cli.hook._staged", lambda _root, _output: 0)
        for step in steps:
            for name, (pattern, text) in step:
                substitute(folder, name, pattern, text)
            changed = [f"services/{name}/service.yaml" for name, _ in step]
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(folder, fresh)
            built = in_process(fresh, "build", "-j1", "--no-cache", "--format", "json")
            linted = (built.returncode, "") if built.returncode else outcome(fresh, "--no-cache", *changed)
            assert hooked(folder, *changed) == (linted[0], built.stdout + linted[1])
            rendered = [
                {path.relative_to(each): path.read_bytes() for path in (each / "rendered").rglob("*.yaml")}
                for each in (folder, fresh)
            ]
            assert rendered[0] == rendered[1]


def test_the_hook_renders_a_changed_service_once(linted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And of the files that it is given, it leaves those in the output folder out: they are what the build has just made."""
    monkeypatch.setattr("sailwright.cli.hook._staged", lambda _root, _output: 0)
    hooked(linted)
    edit(linted, "cart", 'example.com/cart:1"', 'example.com/cart:latest"')
    rendered: list[tuple[str, str | None, str | None]] = []
    render = Rendering.render

    def noting(self: Rendering, service: Service) -> RenderedFile:
        rendered.append((service.name, self.target.environment, self.target.cluster))
        return render(self, service)

    with monkeypatch.context() as patch:
        patch.setattr(Rendering, "render", noting)
        patch.setattr("sailwright.commands.lint.run.judge", None)
        status, text = hooked(linted, "services/cart/service.yaml", "rendered/prod/east/one/cart.yaml")
    assert sorted(rendered, key=str) == [("cart", "prod", "east"), ("cart", "prod", "west"), ("cart", "staging", None)]
    lint = outcome(linted, "--no-cache", "services/cart/service.yaml")
    assert (status, text[-len(lint[1]) :]) == lint[:2]
    assert "image-tag-latest" in text


@pytest.mark.parametrize(
    "command",
    [
        ("validate",),
        ("validate", "services/cart/service.yaml"),
        ("validate", "sailwright.yaml", "manifests/gateway.yaml"),
        ("route", "--from", "one", "--url", "http://cart/x"),
    ],
    ids=" ".join,
)
def test_other_commands_take_what_is_rendered_from_the_store(
    linted: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """They say what they say without it, right after a lint, after a change, and after one of their own."""
    for old, new in (
        ("1s", "1s"),
        ("prefix: /x", "prefix: /y"),
        ("cpu: 50m", "cpu: fifty"),
        ("attempts: 2", "attempts: 3"),
    ):
        path = linted / "services/cart/service.yaml"
        path.write_text(path.read_text().replace(old, new))
        kept, fresh = (in_process(linted, *command, *more) for more in ((), ("--no-cache",)))
        assert (kept.returncode, kept.stdout, kept.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
