"""`weight` and `image`: one line changes, all the rest of the file stays byte for byte."""

import subprocess
from difflib import ndiff
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sailwright.cli.group import sailwright
from sailwright.commands.edit.weights import planned
from sailwright.runtime.errors import Failure

PROJECT = (
    "apiVersion: sailwright/v1alpha1\nenvironments: {staging: {}, prod: {clusters: {eu1: {}, us1: {}}}, demo: {}}\n"
)
REVIEWS = dedent("""\
    # who reads this file: team-books
    apiVersion: sailwright/v1alpha1
    name:   reviews        # odd spacing stays
    namespace: bookinfo
    ports: [{name: http, port: 9080, appProtocol: http}]
    versions:
      - name: v1
        image: reviews:1.0 # {"$imagepolicy": "flux-system:reviews"}
        weight: 80         # the stable one
      - name: v2
        # renovate: datasource=docker
        image: "reviews:2.0"
        weight: 20
    routes:
      - {name: staff, match: [{headers: {x: {exact: y}}}], to: v2}
      - {name: search, match: [{uri: {prefix: /s}}], to: {v1: 95, v2: 5}}
      - name: world
        match: [{uri: {prefix: /w}}]
        to:
          - {version: v1, weight: 90}
          - {host: reviews.eu.example, port: 443, weight: 10}
    environments:
      staging: {defaults: {replicas: 1}}
      prod:
        defaults:
          replicas: 6
    """)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    file = tmp_path / "services" / "reviews" / "service.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(REVIEWS)
    monkeypatch.chdir(tmp_path)
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sailwright, arguments, standalone_mode=False)


def changed(file: Path, old: str = REVIEWS) -> list[str]:
    """The lines that went and came."""
    return [line for line in ndiff(old.splitlines(), file.read_text().splitlines()) if line[:1] in "+-"]


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, Failure), result.output
    return result.exception.message


def test_the_base_changes_and_the_other_version_makes_up_the_sum(project: Path) -> None:
    result = run("weight", "reviews", "v2=50")
    assert result.stdout == "bookinfo/reviews, the base: default route: v1 80 -> 50 %, v2 20 -> 50 %\n"
    assert changed(project) == [
        "-     weight: 80         # the stable one", "+     weight: 50         # the stable one",
        "-     weight: 20", "+     weight: 50",
    ]  # fmt: skip


def test_all_to_one_version_leaves_nothing_to_the_others(project: Path) -> None:
    run("weight", "bookinfo/reviews", "v2=100")
    assert "+     weight: 0         # the stable one" in changed(project)


def test_an_environment_gets_an_overlay_of_all_weights(project: Path) -> None:
    assert run("weight", "reviews", "v2=30", "--env", "prod").exit_code == 0
    assert changed(project) == ["+     versions: [{name: v1, weight: 70}, {name: v2, weight: 30}]"]
    run("weight", "reviews", "v2=40", "--env", "prod")
    assert changed(project) == ["+     versions: [{name: v1, weight: 60}, {name: v2, weight: 40}]"]


def test_an_overlay_in_flow_style_stays_on_its_line(project: Path) -> None:
    run("weight", "reviews", "v2=30", "--env", "staging")
    assert (
        "+   staging: {defaults: {replicas: 1}, versions: [{name: v1, weight: 70}, {name: v2, weight: 30}]}"
        in changed(project)
    )


def test_an_environment_without_overlay_gets_one(project: Path) -> None:
    run("weight", "reviews", "v2=30", "--env", "demo")
    assert changed(project) == ["+   demo: {versions: [{name: v1, weight: 70}, {name: v2, weight: 30}]}"]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("v2=10", "--route", "search"), ["+   - {name: search, match: [{uri: {prefix: /s}}], to: {v1: 90, v2: 10}}"]),
        (("v1=50", "--route", "staff"), ["+   - {name: staff, match: [{headers: {x: {exact: y}}}], to: {v2: 50, v1: 50}}"]),
        (("reviews.eu.example=20", "--route", "world"), ["+       - {version: v1, weight: 80}", "+       - {host: reviews.eu.example, port: 443, weight: 20}"]),
        (("v2=10", "--route", "search", "--env", "prod"), ["+     routes: [{name: search, to: {v1: 90, v2: 10}}]"]),
        (("v1=80", "--route", "world", "--env", "prod"), ["+     routes: [{name: world, to: [{version: v1, weight: 80}, {host: reviews.eu.example, port: 443, weight: 20}]}]"]),
    ],
)  # fmt: skip
def test_a_named_route_changes_in_the_form_it_has(project: Path, arguments: tuple[str, ...], lines: list[str]) -> None:
    result = run("weight", "reviews", *arguments)
    assert result.exception is None
    assert [line for line in changed(project) if line.startswith("+")] == lines


def test_what_is_so_already_is_not_written(project: Path) -> None:
    assert run("weight", "reviews", "v2=20").stdout == "bookinfo/reviews, the base: nothing to change\n"
    assert project.read_text() == REVIEWS


def test_a_change_that_an_overlay_hides_is_refused(project: Path) -> None:
    run("weight", "reviews", "v2=30", "--env", "prod")
    text = project.read_text()
    said = refused("weight", "reviews", "v2=50")
    assert said.endswith(
        "the overlay of environment prod sets these weights itself and would hide the change; --env prod changes it there"
    )
    assert said.startswith("services/reviews/service.yaml:27: ")
    assert project.read_text() == text


def test_a_version_that_only_an_environment_has_hides_nothing(project: Path) -> None:
    project.write_text(REVIEWS + "    versions: [{name: v3, image: reviews:3}]\n")
    assert run("weight", "reviews", "v2=50").exception is None


def test_a_change_that_a_cluster_hides_is_refused(project: Path) -> None:
    project.write_text(REVIEWS + "    clusters: {eu1: {versions: [{name: v1, weight: 10}, {name: v2, weight: 90}]}}\n")
    assert "the overlay of cluster eu1 in prod" in refused("weight", "reviews", "v2=50", "--env", "prod")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reviws", "v2=1"), "reviws: the project has no such service; did you mean `reviews`?"),
        (("reviews", "v3=1"), "v3: reviews has no such version; its versions are `v1` and `v2`"),
        (("reviews", "v1=70", "v2=70"), "the weights given sum to 140, which is above 100"),
        (("reviews", "v1=30", "v2=30"), "the weights given sum to 60, and 40 are missing: name the weight of each"),
        (("reviews", "v2=30", "--route", "serach"), "--route serach: reviews has no such route; did you mean `search`?"),
        (("reviews", "v2=30", "--env", "prd"), "--env prd: sailwright.yaml knows no such name; did you mean `prod`?"),
        (("reviews", "v2=50", "--step", "10"), "v1 would move by 30, from 80 to 50, and --step allows 10 a commit: go there in several commits"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_and_writes_nothing(project: Path, arguments: tuple[str, ...], said: str) -> None:
    assert refused("weight", *arguments) == said
    assert project.read_text() == REVIEWS


def test_a_version_on_its_way_out_gets_no_weight(project: Path) -> None:
    text = (
        REVIEWS.replace("weight: 80 ", "weight: 100")
        .replace("weight: 20", "weight: 0\n    retire: true")
        .replace("to: v2", "to: v1")
        .replace("v1: 95, v2: 5", "v1: 100")
    )
    project.write_text(text)
    assert "on its way out" in refused("weight", "reviews", "v2=10")
    assert project.read_text() == text


def test_a_file_at_fault_is_not_edited(project: Path) -> None:
    project.write_text(REVIEWS.replace("namespace:", "namespce:"))
    assert refused("weight", "reviews", "v2=50").endswith("correct this first")


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(("git", *identity, *arguments), check=True, capture_output=True)


def test_step_counts_from_the_last_commit(project: Path) -> None:
    """Two commands before one commit go no further than one."""
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    assert run("weight", "reviews", "v2=30", "--step", "10").exception is None
    assert "from 80 to 60" in refused("weight", "reviews", "v2=40", "--step", "10")
    git("commit", "-qam", "second")
    assert run("weight", "reviews", "v2=40", "--step", "10").exception is None


def test_an_image_changes_and_its_marker_stays(project: Path) -> None:
    result = run("image", "reviews", "v1=reviews:1.1", "v2=reviews:2.1")
    assert (
        result.stdout == "bookinfo/reviews, the base: v1: reviews:1.0 -> reviews:1.1, v2: reviews:2.0 -> reviews:2.1\n"
    )
    assert '+     image: "reviews:2.1"' in changed(project)
    assert '+     image: reviews:1.1 # {"$imagepolicy": "flux-system:reviews"}' in changed(project)


def test_an_image_of_an_environment_is_an_overlay(project: Path) -> None:
    run("image", "reviews", "v2=reviews:2.1", "--env", "prod")
    assert changed(project) == ["+     versions: [{name: v2, image: reviews:2.1}]"]
    assert "the overlay of environment prod sets this image itself" in refused("image", "reviews", "v2=reviews:3")


def test_an_image_of_defaults_is_overridden_in_the_version(project: Path) -> None:
    project.write_text(REVIEWS.replace('    image: "reviews:2.0"\n', "") + "defaults: {image: reviews:0}\n")
    run("image", "reviews", "v2=reviews:2.1")
    assert "    weight: 20\n    image: reviews:2.1\n" in project.read_text()


@pytest.mark.parametrize(
    "arguments", [("weight", "reviews", "v2"), ("weight", "reviews", "v2=101"), ("image", "reviews", "v2=a b")]
)
def test_arguments_of_another_form_are_usage_errors(project: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert "such as" in str(result.exception)


splits = st.integers(0, 100).flatmap(
    lambda first: st.integers(0, 100 - first).map(lambda second: {"a": first, "b": second, "c": 100 - first - second})
)


@given(splits, st.dictionaries(st.sampled_from("abc"), st.integers(0, 100), min_size=1))
def test_a_plan_sums_to_100_and_keeps_what_was_given(current: dict[str, int], given: dict[str, int]) -> None:
    try:
        result = planned(current, given)
    except Failure:
        return
    assert sum(result.values()) == 100
    assert given.items() <= result.items()
