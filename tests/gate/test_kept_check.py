"""A check that uses what earlier runs found says what a check without cache says, whatever has changed since."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_kept_base import committed, same
from tests.hostile.repositories import fresh_run, git, in_process, own_store, prepared
from tests.lint import test_linked_changes as linked_changes
from tests.lint import test_long_chains as long_chains
from tests.lint.test_after_change import CHANGES, NAMES, edit, project, substitute
from tests.lint.test_lint_in_portions import kept

import sailwright_policies
from sailwright.commands.check.checked import Options
from sailwright.lint.kinds import FORMER_VIRTUAL_SERVICE
from sailwright.lint.noted_fields import (
    ALL,
    CONTAINER,
    POD,
    SERVICE_FILE,
    Noted,
    same_but_for_unread,
    same_file_but_for_unread,
)
from sailwright.lint.read_parts import read_part, read_part_of_file
from sailwright.lint.rule import compares
from sailwright_policies.rules import RULES

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 2)

TESTS = """\
tests:
  - {{name: away, request: {{path: /x}}, expect: {{host: {callee}}}}}
  - {{name: most, request: {{path: /}}, expect: {{weights: {{v1: 90, v2: 10}}}}}}
  - {{name: called, from: {{service: one/{caller}}}, expect: {{route: rest}}}}
"""

MORE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?<=weights: \{v1: )\d+, v2: \d+", ("90, v2: 10", "80, v2: 20")),
    (r"(?<=expect: \{route: )\w+", ("rest", "away")),
    (r"\ntests:(?:\n  - .*)*", ("", "\ntests: []")),
    (r"(?<=cpu: )\w+", ("fifty",)),
    (r"(?<=prefix: )/\w*", ("/x", "/", "/y")),
    (r"(?<=name: )v2(?=, image)", ("v2", "v3")),
    (r"(?<=- \{name: )v2(, image.*weight: )\d+", (r"v2\g<1>0", r"v2\g<1>50")),
)
"""What to find in a service file besides, and what to write there instead: some of it is wrong."""


def with_tests(folder: Path) -> Path:
    """The project, with tests in two of its services."""
    project(folder)
    for at, name in enumerate(NAMES[:2]):
        path = folder / "services" / name / "service.yaml"
        path.write_text(path.read_text() + TESTS.format(callee=NAMES[at + 1], caller=NAMES[at - 1]))
    git(folder, "init", "-q")
    in_process(folder, "build")
    return committed(folder)


def checked_project(folder: Path) -> None:
    checked(with_tests(folder))


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project that was checked once."""
    return prepared(tmp_path_factory, monkeypatch, checked_project)


def checked(folder: Path) -> str:
    """What a check says, which is what it says without cache."""
    return same(folder, "check", "--base", "HEAD", "--format", "json")


changes = st.sampled_from([(pattern, text) for pattern, texts in (*CHANGES, *MORE, *MORE) for text in texts])
edits = st.tuples(st.sampled_from(NAMES), changes)
steps = st.tuples(st.lists(edits, min_size=1, max_size=2), st.sampled_from(("", "commit", "lint", "validate", "test")))


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(steps, min_size=1, max_size=5))
def test_any_change_gives_what_a_check_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[list[tuple[str, tuple[str, str]]], str]]
) -> None:
    """With commits in between, so that the base is another one, and other commands, which keep results as well."""
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, checked_project)
        for step, then in steps:
            for name, (pattern, text) in step:
                substitute(folder, name, pattern, text)
            in_process(folder, "build")
            checked(folder)
            if then == "commit":
                committed(folder)
                checked(folder)
            elif then:
                same(folder, then, "--format", "json")


@pytest.mark.parametrize("make", [with_tests, linked_changes.project])
def test_a_check_keeps_of_a_lint_what_a_lint_keeps(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the tests and the comparison with the base have asked before is noted again for the rules."""
    found = []
    for command in (("lint",), ("check", "--base", "HEAD")):
        top = tmp_path / command[0]
        own_store(monkeypatch, top)
        folder = make(top / "project")
        git(folder, "init", "-q")
        in_process(committed(folder), *command)
        found.append(kept(folder))
    for name in found[0]:
        assert found[1][name] == found[0][name], name


BORN: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?=trafficPolicy: )", ('  - {name: v3, image: "example.com/new:3", weight: 0}\n',)),
    (r"(?<=to: \{v1: )\d+, v\d: \d+", ("90, v2: 10", "50, v3: 50", "99, v3: 1")),
    (r"(?<=to: \{v1: )\d+, v\d: \d+", ("100, v2: 0", "0, v3: 100")),
    (r"  - \{name: v2.*\n", ("",)),
)
"""Versions that come and go, and the traffic they get."""


def linked_project(folder: Path) -> None:
    """Services in groups, committed and checked once."""
    git(linked_changes.project(folder), "init", "-q")
    checked(committed(folder))


linked = st.sampled_from([(pattern, text) for pattern, texts in BORN for text in texts])
linked_edits = st.one_of(linked_changes.edits, st.tuples(st.sampled_from(linked_changes.NAMES), linked))


@settings(max_examples=RUNS // 4 or 1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(st.tuples(st.lists(linked_edits, min_size=1, max_size=2), st.booleans()), min_size=1, max_size=6),
    part=st.sampled_from((1, 4)),
)
def test_any_change_of_linked_services_as_well(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[list[tuple[str, tuple[str, str]]], bool]], part: int
) -> None:
    """Services in groups, hand-written files around them, and changes that others may see."""
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, linked_project)
        patch.setattr("sailwright.commands.lint.linked_services._PART", part)
        patch.setattr("sailwright.commands.check.either_links._PART", part)
        for step, commits in steps:
            for name, (pattern, text) in step:
                linked_changes.change(folder, name, pattern, text)
            checked(folder)
            if commits:
                committed(folder)
                checked(folder)


def test_a_version_that_is_new_is_compared_with_its_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is there, the traffic that it gets is a matter of its own service and of those linked to it."""
    own_store(monkeypatch, tmp_path)
    folder = linked_changes.project(tmp_path / "kept")
    git(folder, "init", "-q")
    committed(folder)
    edit(folder, "e1", "trafficPolicy: ", '  - {name: v3, image: "example.com/new:3", weight: 0}\ntrafficPolicy: ')
    checked(folder)
    for old, new, born in (("90, v2: 10", "50, v3: 50", True), ("50, v3: 50", "100, v3: 0", False)):
        edit(folder, "e1", old, new)
        assert not runs_whole(folder, monkeypatch)
        assert ("version-born-with-weight" in checked(folder)) is born


def ring_project(folder: Path) -> None:
    """Services that call each other in a ring, committed and checked once."""
    long_chains.ring(folder)
    git(folder, "init", "-q")
    checked(committed(folder))


ring_edits = st.tuples(
    st.sampled_from(long_chains.NAMES), st.one_of(long_chains.changes, linked, st.just(("remove", "")))
)


@settings(max_examples=RUNS // 4 or 1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(ring_edits, st.booleans()), min_size=1, max_size=6))
def test_any_change_of_services_that_are_all_linked_as_well(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[tuple[str, tuple[str, str]], bool]]
) -> None:
    """What is near the change is compared again."""
    with pytest.MonkeyPatch.context() as patch:
        folder = prepared(tmp_path_factory, patch, ring_project)
        patch.setattr("sailwright.commands.check.either_links._PART", 2)
        for (name, (pattern, text)), commits in steps:
            linked_changes.change(folder, name, pattern, text)
            checked(folder)
            if commits:
                committed(folder)
                checked(folder)


def test_where_all_are_linked_what_is_near_is_compared(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that gets traffic as it is born, in a service that all others are linked to, over others."""
    folder = prepared(tmp_path_factory, monkeypatch, ring_project)
    monkeypatch.setattr("sailwright.commands.check.either_links._PART", 2)
    edit(folder, "s03", "trafficPolicy: ", '  - {name: v3, image: "example.com/new:3", weight: 0}\ntrafficPolicy: ')
    checked(folder)
    for old, new, born in (("90, v2: 10", "50, v3: 50", True), ("50, v3: 50", "100, v3: 0", False)):
        edit(folder, "s03", old, new)
        assert not runs_whole(folder, monkeypatch)
        assert ("version-born-with-weight" in checked(folder)) is born


@contextmanager
def whole_checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The checks that run as a whole meanwhile."""
    from sailwright.commands.check import whole as check_all

    found: list[str] = []
    whole = check_all.check_workspace

    def noting(options: Options, *arguments: object, **more: object) -> object:
        found.append(options.root)
        return whole(options, *arguments, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(check_all, "check_workspace", noting)
        yield found


def runs_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a check runs as a whole; it says what one without cache says."""
    with whole_checks(monkeypatch) as found:
        kept = in_process(folder, "check", "--base", "HEAD", "--format", "json")
    fresh = fresh_run(folder, "check", "--base", "HEAD", "--format", "json")
    assert (kept.returncode, kept.stdout, kept.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    return bool(found)


@pytest.mark.parametrize("built", [True, False], ids=["built", "not built"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('example.com/cart:1"', 'example.com/cart:2"'),
        ('example.com/cart:1"', 'example.com/cart:latest"'),
        ("cpu: 50m", "cpu: 60m"),
        ('value: "0"', "value: debug"),
        ("# What cart is for.\n", "# What cart is for.\n# And who asks for it.\n"),
    ],
    ids=["image", "worse image", "resources", "variable", "lines move"],
)
def test_what_concerns_one_service_alone_is_checked_by_itself(
    repository: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, built: bool
) -> None:
    assert not runs_whole(repository, monkeypatch)
    edit(repository, "cart", old, new)
    if built:
        in_process(repository, "build")
    assert not runs_whole(repository, monkeypatch)
    assert not runs_whole(repository, monkeypatch)


def test_what_somebody_else_has_built_is_compared_by_itself(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in CI, with what was kept of the main branch: the change comes with its rendered files."""
    edit(repository, "cart", "cpu: 50m", "cpu: 60m")
    in_process(repository, "build", "--no-cache")
    whole: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr("sailwright.commands.build.run.render_all", lambda *_: whole.append(None))
        done = in_process(repository, "check", "--base", "HEAD")
    assert done.stderr.endswith("build --check: fine; validate: fine\n")
    assert not whole
    (output,) = (repository / "rendered").rglob("east/**/search.yaml")
    output.write_text(output.read_text().replace("cpu: 50m", "cpu: 70m"))
    edit(repository, "cart", "cpu: 60m", "cpu: 70m")
    kept, fresh = (in_process(repository, "build", "--check", *more).stdout for more in ((), ("--no-cache",)))
    assert kept == fresh
    assert "output-stale" in kept
    assert "output-hand-edited" in kept


def test_a_test_that_fails_is_run_again(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(repository, "cart", "expect: {route: rest}", "expect: {route: away}")
    assert "traffic-test-failed" in checked(repository)
    assert not runs_whole(repository, monkeypatch)
    edit(repository, "search", "cpu: 50m", "cpu: 60m")
    assert not runs_whole(repository, monkeypatch)
    edit(repository, "cart", "# What cart is for.\n", "# What cart is for.\n# And who asks for it.\n")
    assert "traffic-test-failed" in checked(repository)


def test_another_base_is_compared_with(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subset that goes while routes send to it is a finding against one base, and none against the next."""
    edit(repository, "cart", "- {name: rest, to: {v1: 90, v2: 10}}", "- {name: rest, to: {v1: 100}}")
    text = (repository / "services/cart/service.yaml").read_text()
    text = re.sub(r"  - \{name: v2.*\n", "", text.replace("weight: 50", "weight: 100", 1))
    (repository / "services/cart/service.yaml").write_text(text)
    in_process(repository, "build")
    assert "subset-removed-while-routed" in checked(repository)
    assert not runs_whole(repository, monkeypatch)
    committed(repository)
    assert "subset-removed-while-routed" not in checked(repository)
    edit(repository, "pay", "cpu: 50m", "cpu: 60m")
    assert not runs_whole(repository, monkeypatch)


@pytest.mark.parametrize("other", ["sailwright.yaml", "manifests/gateway.yaml"])
def test_what_is_around_all_services_is_checked_as_a_whole(
    repository: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    (repository / other).write_text((repository / other).read_text() + "# And this.\n")
    assert runs_whole(repository, monkeypatch)
    committed(repository)
    checked(repository)
    assert not runs_whole(repository, monkeypatch)


def test_rules_that_ask_for_the_base_say_so() -> None:
    """What the others find is kept as what a lint finds, which has no base."""
    package = Path(sailwright_policies.__file__ or "").parent
    asking = {
        path.stem
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "base" and ast.unparse(node.value) in ("mesh", "world")
    }
    saying = {rule.ID.replace("-", "_") for rule in RULES if compares(rule)}
    former = {rule.ID.replace("-", "_") for rule in RULES if rule.KIND is FORMER_VIRTUAL_SERVICE}
    assert asking | former == saying
    assert saying


values = st.recursive(st.sampled_from((None, True, 1, "a", "b")), lambda below: st.lists(below, max_size=2))
keys = st.sampled_from(("name", "image", "env"))
containers = st.dictionaries(keys, values, max_size=3)
pods = st.fixed_dictionaries({"containers": st.lists(containers, max_size=2), "volumes": values, "x": values})
fields = st.frozensets(
    st.tuples(
        st.sampled_from((POD, CONTAINER, SERVICE_FILE, f"{SERVICE_FILE}/env")),
        st.sampled_from(("name", "image", "env", "volumes", ALL)),
    )
)


def deployment(pod: object) -> dict[str, object]:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": pod}}}


@settings(deadline=None, derandomize=True)
@given(one=pods, other=pods, noted=fields)
def test_what_was_read_of_an_object_is_the_same_where_nothing_that_was_read_differs(
    one: object, other: object, noted: frozenset[tuple[str, str]]
) -> None:
    fields: Noted = set(noted)
    parts = [json.dumps(read_part(deployment(pod), fields)) for pod in (one, other)]
    if parts[0] == parts[1]:
        assert same_but_for_unread(deployment(one), deployment(other), fields)


@settings(deadline=None, derandomize=True)
@given(
    one=st.dictionaries(keys, st.one_of(values, st.dictionaries(keys, values)), max_size=3),
    other=st.dictionaries(keys, st.one_of(values, st.dictionaries(keys, values)), max_size=3),
    noted=fields,
)
def test_what_was_read_of_a_service_file_as_well(
    one: dict[str, object], other: dict[str, object], noted: frozenset[tuple[str, str]]
) -> None:
    fields: Noted = set(noted)
    parts = [repr(read_part_of_file(value, fields)) for value in (one, other)]
    if parts[0] == parts[1]:
        assert same_file_but_for_unread(one, other, fields)
