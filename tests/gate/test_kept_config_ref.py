"""`--config-ref`: what is kept of earlier runs, and portions, are used while the trusted commit has the settings at hand; never otherwise.

Whatever a change does to its own gate, the results are those of a run without cache over the whole mesh.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_kept_base import committed, same
from tests.gate.test_kept_check import edits, with_tests
from tests.gate.test_merge_in_portions import FORMATS, large, whole
from tests.gate.test_shards import ran, shards
from tests.hostile import test_gate_settings as attacks
from tests.hostile.repositories import fresh_run, git, in_process, own_store, prepared
from tests.lint.test_after_change import GATEWAY, edit, substitute
from tests.lint.test_lint_in_portions import small

from sailwright.workspace import load as loading
from sailwright.workspace.selection import Selection, Workspace

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 2)

CHECK = ("check", "--base", "HEAD", "--config-ref", "HEAD")
LINT = ("lint", "--config-ref", "HEAD")
KNOWN = "known.json"


def repository(folder: Path) -> Path:
    """A committed project with tests, a schema, a template and a baseline, checked once."""
    with_tests(folder)
    text = (folder / "sailwright.yaml").read_text()
    (folder / "sailwright.yaml").write_text(text + 'validate: {backend: builtin, schemas: ["crds/*.yaml"]}\n')
    for name, content in {"crds/things.yaml": attacks.CRD, "templates/more.yaml.j2": TEMPLATE}.items():
        attacks.write(folder, name, content)
    in_process(folder, "build")
    in_process(folder, "lint", "--baseline", KNOWN, "--update-baseline")
    committed(folder)
    in_process(folder, *CHECK)
    return folder


TEMPLATE = """\
{%- set name = service.name ~ "-more" %}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ name }}, namespace: {{ service.namespace }}}
data: {a: b}
"""


def checked_repository(folder: Path) -> None:
    repository(folder)


@pytest.fixture
def top(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The committed project, checked once."""
    return prepared(tmp_path_factory, monkeypatch, checked_repository)


def whole_meshes(folder: Path, monkeypatch: pytest.MonkeyPatch, *command: str) -> int:
    """How often a command loads the whole mesh; it says what one without cache says."""
    loaded: list[Selection] = []
    load = loading.load

    def noting(selection: Selection) -> Workspace:
        loaded.append(selection)
        return load(selection)

    with monkeypatch.context() as patch:
        patch.setattr(loading, "load", noting)
        patch.setattr("sailwright.commands.lint.run.load", noting)
        kept = in_process(folder, *command)
    fresh = fresh_run(folder, *command)
    assert (kept.returncode, kept.stdout, kept.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    return len(loaded)


# -- a change of services alone


COMMANDS = [CHECK, LINT, (*LINT, "--baseline", KNOWN), (*LINT, "services/cart/service.yaml")]
KINDS = {
    "image": ('example.com/cart:1"', 'example.com/cart:latest"'),
    "route": ("prefix: /x", "prefix: /y"),
    "suppressed by a comment": (
        "weight: 50}\nacc",
        "weight: 50}  # sailwright: ignore[image-tag-latest] it moves\nacc",
    ),
    "suppressed by an annotation": (
        "namespace: one\n",
        "namespace: one\nannotations: {sailwright.dev/ignore: image-tag-latest moves}\n",
    ),
}


@pytest.mark.parametrize(("kind", "first"), [*zip(KINDS, (0, 1, 1, 0), strict=True)])
def test_one_changed_service_costs_one_service(
    top: Path, monkeypatch: pytest.MonkeyPatch, kind: str, first: int
) -> None:
    """In `check` and `lint`, with a baseline and with PATHS, once what may suppress anything is known; half of them with each kind."""
    commands = COMMANDS[first::2]
    for command in commands:
        assert not whole_meshes(top, monkeypatch, *command), command
    old, new = KINDS[kind]
    edit(top, "cart", old, new)
    in_process(top, "build")
    for command in commands:
        whole_meshes(top, monkeypatch, *command)
    edit(top, "pay", "cpu: 50m", "cpu: 60m")
    in_process(top, "build")
    for command in commands:
        assert not whole_meshes(top, monkeypatch, *command), command


def test_a_run_by_a_trusted_commit_is_one_that_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one, too: without the option nothing is computed again then, nor the other way round."""
    own_store(monkeypatch, tmp_path)
    folder = with_tests(tmp_path / "project")
    assert whole_meshes(folder, monkeypatch, *CHECK)
    assert not whole_meshes(folder, monkeypatch, *CHECK)
    assert not whole_meshes(folder, monkeypatch, "check", "--base", "HEAD")
    assert not whole_meshes(folder, monkeypatch, *LINT)
    own_store(monkeypatch, tmp_path / "other")
    assert whole_meshes(folder, monkeypatch, *LINT)
    assert not whole_meshes(folder, monkeypatch, "lint")


@pytest.mark.parametrize("more", [(), ("--no-cache",)], ids=["kept", "no cache"])
@pytest.mark.parametrize("command", COMMANDS[:3], ids=["check", "lint", "baseline"])
def test_the_first_run_in_a_large_project_goes_in_portions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], more: tuple[str, ...]
) -> None:
    folder = committed_with_baseline(tmp_path, monkeypatch)
    small(monkeypatch)
    assert not whole_meshes(folder, monkeypatch, *command, *more)


def committed_with_baseline(top: Path, patch: pytest.MonkeyPatch) -> Path:
    """A committed project of which one service has changed, and nothing is kept."""
    own_store(patch, top / "before")
    folder = with_tests(top / "project")
    in_process(folder, "lint", "--baseline", KNOWN, "--update-baseline")
    committed(folder)
    edit(folder, "cart", "prefix: /x", "prefix: /y")
    in_process(folder, "build")
    own_store(patch, top / "first")
    return folder


def test_shards_are_merged_in_portions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(committed_with_baseline(tmp_path, monkeypatch))
    once = whole(capsys, *CHECK[1:])
    files = shards(2)
    large(monkeypatch, always=True)
    assert ran(capsys, "merge", *files, *CHECK[1:]) == once


def test_every_format_is_the_same(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(top, "cart", "prefix: /x", "prefix: /y")
    edit(top, "cart", "weight: 50}\n", "weight: 50}  # sailwright: ignore[image-tag-latest] it moves\n")
    in_process(top, "build")
    whole_meshes(top, monkeypatch, *CHECK)
    for shape in FORMATS:
        for command in (CHECK, LINT):
            assert not whole_meshes(top, monkeypatch, *command, "--format", shape)


# -- a change of what decides


def test_a_commit_with_other_settings_is_no_matter_of_what_is_kept(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results by the settings at hand are kept meanwhile, and do not get into those by the commit's."""
    path = top / "sailwright.yaml"
    text = path.read_text()
    path.write_text(text.replace("preset: strict", "preset: recommended"))
    same(top, "check", "--base", "HEAD")
    for command in (CHECK, LINT):
        assert whole_meshes(top, monkeypatch, *command), command
    path.write_text(text)
    same(top, "check", "--base", "HEAD")
    for command in (CHECK, LINT):
        assert not whole_meshes(top, monkeypatch, *command), command


@pytest.mark.parametrize(
    "more", ["# A comment.\n", "defaults: {owner: team-one}\n", "environments: {test: {}, staging: {}, "]
)
def test_what_decides_nothing_may_be_others(top: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    """What is said of the settings is said of the lines on disk."""
    path = top / "sailwright.yaml"
    text = path.read_text().replace("path: services/cart/**", "path: services/none/**")
    path.write_text(text)
    committed(top)
    path.write_text(text.replace("environments: {staging: {}, ", more) if more.startswith("env") else more + text)
    in_process(top, "build")
    for command in COMMANDS[:3]:
        whole_meshes(top, monkeypatch, *command)
        assert not whole_meshes(top, monkeypatch, *command)
    number = next(at for at, line in enumerate(path.read_text().splitlines(), 1) if line.startswith("lint:"))
    assert f"sailwright.yaml:{number}:" in in_process(top, *LINT).stdout


def test_what_is_wrong_with_the_settings_is_reported(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As without the option, where the lines are the same."""
    path = top / "sailwright.yaml"
    path.write_text(path.read_text().replace("preset: strict", "preset: strict, rules: {no-such: error}"))
    committed(top)
    for command in (CHECK, LINT):
        whole_meshes(top, monkeypatch, *command)
        assert not whole_meshes(top, monkeypatch, *command)
        assert "there is no rule no-such" in in_process(top, *command).stdout


def attack(what: str) -> Callable[[Path], object]:
    """What a change does to the gate that checks it."""
    if what in attacks.FILES:
        return attacks.FILES[what][0]
    if what in attacks.REPORTED:
        return attacks.REPORTED[what][0]
    files, change, *_ = attacks.SETTINGS[what]
    old, new = change or ("", "")
    return attacks.added({**files, "sailwright.yaml": attacks.BASE.replace(old, new, 1)} if change else files)


def attacked_repository(folder: Path) -> None:
    attacks.repository(folder / "deploy")
    in_process(folder / "deploy", *CHECK)


ATTACKS = [(what, at % 2, False) for at, what in enumerate((*attacks.SETTINGS, *attacks.FILES, *attacks.REPORTED))]
IN_PORTIONS = ["a schema's text", "a file of MeshConfig", "a file with a dot", "the folder is a link", "a comment", "an annotation"]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "by", "large"), [*ATTACKS, *((what, at % 2, True) for at, what in enumerate(IN_PORTIONS))]
)
def test_no_attack_gains_anything_by_what_is_kept(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, what: str, by: int, *, large: bool
) -> None:
    """A setting, a file or a suppression of the change, after a check of the commit; and a second time, with what was kept of it then.

    By `check` and `lint` in turn: SAILWRIGHT_FUZZ_RUNS has both of each.
    """
    folder = prepared(tmp_path_factory, monkeypatch, attacked_repository) / "deploy"
    if large:
        small(monkeypatch)
    attack(what)(folder)
    in_process(folder, "build", "--allow-removals")
    command = (CHECK, LINT)[by]
    for each in (CHECK, LINT, CHECK) if os.environ.get("SAILWRIGHT_FUZZ_RUNS") else (command, command):
        same(folder, *each)


# -- random edits


def setting(pattern: str, text: str) -> Callable[[Path], None]:
    """An edit of sailwright.yaml."""

    def change(folder: Path) -> None:
        path = folder / "sailwright.yaml"
        path.write_text(re.sub(pattern, text, path.read_text(), count=1))

    return change


def file(name: str, content: str | None) -> Callable[[Path], None]:
    """A file that comes, or goes."""

    def change(folder: Path) -> None:
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            attacks.write(folder, name, content)

    return change


def moved(old: str, new: str) -> Callable[[Path], None]:
    """A file that is renamed, where it is there."""

    def change(folder: Path) -> None:
        if (folder / old).exists():
            os.replace(folder / old, folder / new)

    return change


def linked(name: str) -> Callable[[Path], None]:
    """A file that is a link to another one now, with what it said."""

    def change(folder: Path) -> None:
        if (folder / name).is_file() and not (folder / name).is_symlink():
            os.replace(folder / name, folder / "said.txt")
            (folder / name).symlink_to(os.path.relpath(folder / "said.txt", (folder / name).parent))

    return change


def baseline(folder: Path) -> None:
    """The baseline, written anew."""
    in_process(folder, "lint", "--baseline", KNOWN, "--update-baseline")


def edited_output(folder: Path) -> None:
    """A rendered file, edited by hand."""
    path = min((folder / "rendered").rglob("cart.yaml"))
    path.write_text(path.read_text().partition("\n")[2].replace("cart:1", "cart:7"))


ANNOTATED = GATEWAY.replace(
    "namespace: one}", "namespace: one, annotations: {sailwright.dev/ignore: all by the change}}"
)
GATE: tuple[Callable[[Path], object], ...] = (
    setting(r"\A(# .*\n)?", "# A comment.\n"),
    setting("preset: strict", "preset: recommended"),
    setting("preset: recommended", "preset: strict"),
    setting(r"lint: \{", "lint: {failOn: never, "),
    setting(r"lint: \{", "lint: {rules: {image-tag-latest: off}, "),
    setting(r"lint: \{", "lint: {rules: {no-such: off}, "),
    setting(r"path: services/\w+/\*\*", "path: services/**"),
    setting("reason: it pings", "until: 2026-01-31, reason: it pings"),
    setting(r"services/\*/service", "services/c*/service"),
    setting(r"manifests/\*\.yaml", "manifests/n*.yaml"),
    setting(r"version: [\d.]+", "version: 1.30.3"),
    setting(r"\Z", 'namespaces: {one: {services: ["services/cart/*"]}}\n'),
    setting(r"\Z", "known: {hosts: [cart.example.com]}\n"),
    setting(r"\Z", "output: {path: out}\n"),
    setting(r"(?s)\A.*\Z", "apiVersion: sailwright/v1alpha1\nservces: []\n"),
    file("crds/things.yaml", attacks.CRD.replace("integer", "string")),
    file("crds/more.yaml", attacks.CRD.replace("things", "others").replace("Thing", "Other")),
    file("manifests/thing.yaml", attacks.THING.replace("shop", "one")),
    file("manifests/gateway.yaml", "# sailwright: ignore[all] no\n" + GATEWAY),
    file("manifests/gateway.yaml", ANNOTATED),
    file("manifests/sailwright.yaml", ""),
    file("manifests/bad.yaml", attacks.BAD),
    file("templates/more.yaml.j2", TEMPLATE.replace("a: b", "a: c")),
    file("templates/more.yaml.j2", None),
    file(KNOWN, '{"version": 1, "findings": []}'),
    file(KNOWN, None),
    moved("manifests/gateway.yaml", "manifests/.gateway.yaml"),
    moved("services/cart/service.yaml", "services/cart/other.yaml"),
    file(".gitignore", "*\n"),
    file("rendered/sailwright.yaml", ""),
    linked("sailwright.yaml"),
    linked("manifests/gateway.yaml"),
    linked("crds/things.yaml"),
    linked(KNOWN),
    baseline,
    edited_output,
)
"""What a change may do to its own gate."""

gate_edits = st.sampled_from(GATE).map(lambda each: (each,))
service_edits = st.lists(edits, min_size=1, max_size=2)
steps = st.tuples(
    st.one_of(service_edits, service_edits, gate_edits),
    st.sampled_from(("", "", "commit", "check", "restore", "trust")),
    st.sampled_from(("HEAD", "trusted")),
)


def tagged_repository(folder: Path) -> None:
    git(repository(folder), "tag", "trusted")


def after(folder: Path, step: Any) -> None:
    """Change files as a step says."""
    for each in step:
        if callable(each):
            each(folder)
        elif (folder / "services" / each[0] / "service.yaml").exists():
            substitute(folder, each[0], *each[1])


@settings(
    max_examples=RUNS,
    deadline=None,
    derandomize=not os.environ.get("SAILWRIGHT_FUZZ_RUNS"),
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(steps, min_size=1, max_size=5 if RUNS > 2 else 2), large=st.booleans())
def test_any_change_gives_what_a_check_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any], *, large: bool
) -> None:
    """Of services, settings, suppressions, the baseline, files beside; by HEAD and by a commit that stays behind."""
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, tagged_repository)
        if large:
            small(patch)
        for step, then, ref in steps:
            after(folder, step)
            in_process(folder, "build", "--allow-removals")
            same(folder, "check", "--base", "HEAD", "--config-ref", ref, "--format", "json")
            same(folder, "lint", "--baseline", KNOWN, "--config-ref", ref, "--format", "json")
            if then == "commit":
                committed(folder)
            elif then == "restore":
                git(folder, "checkout", "-q", "HEAD", "--", ".")
            elif then == "trust":
                git(folder, "tag", "-f", "trusted", "HEAD")
            elif then:
                same(folder, then, "--base", "HEAD", "--format", "json")
