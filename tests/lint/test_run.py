"""A run over worlds: every rule once per world, everything in order, a crash told and survived."""

from __future__ import annotations

from dataclasses import replace

from tests.lint.sample import CRASHING, ODD, run, source, told

from sailwright.lint.run import LintRequest, LintResult, lint
from sailwright.lint.run_rules import EnabledRule
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests

SHARED = source("spec: {port: 1}\n", "shared.yaml")
ENGINE_FINDINGS = source("spec: {port: 3}\n", "prod.yaml")


def in_worlds(staging: tuple[World, ...]) -> LintResult:
    """Lint given worlds; all files are reported."""
    return lint(LintRequest(staging, (SHARED, ENGINE_FINDINGS), (ODD,), (EnabledRule(ODD),)))


def test_finding_equal_in_several_worlds_is_one_that_names_them() -> None:
    """The reader sees one fault once, and where it holds."""
    staging = World(manifests(SHARED), environment="staging")
    prod = World((*manifests(SHARED), *manifests(ENGINE_FINDINGS)), environment="prod")
    findings = in_worlds((staging, prod)).findings
    assert [(finding.location.file, finding.environments) for finding in findings] == [
        ("prod.yaml", ("prod",)),
        ("shared.yaml", ("staging", "prod")),
    ]


def test_two_clusters_of_one_environment_name_it_once() -> None:
    """`environments` holds environments, not clusters."""
    clusters = tuple(World(manifests(SHARED), environment="prod", cluster=name) for name in ("eu1", "us1"))
    assert [finding.environments for finding in in_worlds(clusters).findings] == [("prod",)]


def test_what_one_world_reports_twice_stays_twice() -> None:
    """Two messages are two findings, as istioctl counts them."""
    world = World((*manifests(SHARED), *manifests(SHARED)))
    assert len(in_worlds((world,)).findings) == 2


def test_severity_and_parameters_of_the_project() -> None:
    """They replace the rule's own."""
    text = source("spec: {port: 1}\n---\nspec: {port: 9}\n")
    world = World(manifests(text))
    answer = lint(LintRequest((world,), (text,), (ODD,), (EnabledRule(ODD, "error", {"least": 5}),)))
    assert [(finding.location.line, finding.severity) for finding in answer.findings] == [(3, "error")]


def test_crash_is_a_finding_and_the_others_run() -> None:
    """A run that judged less than it should says so, and is no pass."""
    answer = run(SHARED, rules=(CRASHING, ODD))
    assert answer.crashed
    assert {finding.rule for finding in answer.findings} == {"rule-crashed", "port-odd"}
    crash = next(finding for finding in answer.findings if finding.rule == "rule-crashed")
    assert "rule-with-bug" in crash.message
    assert crash.severity == "error"


def test_only_asked_files_are_reported() -> None:
    """The world is the context; the sources are what is asked about."""
    world = World((*manifests(SHARED), *manifests(ENGINE_FINDINGS)))
    answer = lint(LintRequest((world,), (ENGINE_FINDINGS,), (ODD,), (EnabledRule(ODD),)))
    assert [finding.location.file for finding in answer.findings] == ["prod.yaml"]


def test_problems_of_reading_are_reported() -> None:
    """What cannot be read is not passed over."""
    assert told(run(source("a: 1\na: 2\n"))) == [(2, "yaml-duplicate-key")]


def test_order_is_by_place() -> None:
    """The same report on every machine."""
    answer = run(ENGINE_FINDINGS, SHARED)
    assert [finding.location.file for finding in answer.findings] == ["prod.yaml", "shared.yaml"]
    assert answer.findings == run(SHARED, ENGINE_FINDINGS).findings


def test_fingerprint_survives_moved_lines_and_holds_no_environment() -> None:
    """It changes with the object, the path or the value; not with where or in which world that is seen."""

    def name(text: str, environment: str | None = None) -> str:
        file = source(text)
        world = World(manifests(file), environment=environment)
        return lint(LintRequest((world,), (file,), (ODD,), (EnabledRule(ODD),))).findings[0].fingerprint

    first = name("kind: A\nmetadata: {name: x}\nspec: {port: 1}\n")
    assert name("# moved\n\nkind: A\nmetadata: {name: x}\nspec:\n  port: 1\n", "prod") == first
    assert name("kind: A\nmetadata: {name: y}\nspec: {port: 1}\n") != first
    assert name("kind: A\nmetadata: {name: x}\nspec: {port: 3}\n") != first


def test_seconds_name_every_rule() -> None:
    """For `--profile`."""
    assert set(run(SHARED, rules=(CRASHING, ODD)).seconds) == {"port-odd", "rule-with-bug"}


def test_severity_of_a_problem_gives_way_to_the_project() -> None:
    """Rule, then problem, then project."""
    found = run(SHARED).found[0]
    assert found.severity == "warning"
    assert replace(found, problem=replace(found.problem, severity="info")).severity == "info"
    assert replace(found, chosen=EnabledRule(ODD, "error")).severity == "error"
