"""Overlays: project defaults < service < environment < its cluster, then `defaults` under each version."""

from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.diagnostics.finding import Finding
from sailwright.project.service.overlay import Traced, overlay, settled, underlay
from sailwright.project.service.reading import Reading, read_service
from sailwright.project.service.resolve import Target
from sailwright.project.service.trace import Trace
from sailwright.source.source import Document, parse

HEAD = "apiVersion: sailwright/v1alpha1\nname: reviews\nnamespace: bookinfo\n"
BODY = dedent("""\
    ports: [{name: http, port: 80, appProtocol: http}]
    versions:
      - {name: v1, image: a, weight: 80}
      - {name: v2, image: b, weight: 20}
    """)


def document(text: str, path: str = "service.yaml") -> Document:
    return parse(path, text.encode(), "service").documents[0]


def laid(base: str, over: str) -> tuple[Any, list[tuple[str, str]]]:
    """One map upon another, and what was reported on the way."""
    reports: list[tuple[str, str]] = []
    below, above = (Traced(d.value, Trace(d)) for d in (document(base), document(over)))
    merged = overlay(below, above, lambda blame, _spot, word: reports.append((blame, word)))
    return settled(merged).value, reports


def served(text: str, *targets: Target, defaults: str = "") -> Reading:
    below = document(defaults, "sailwright.yaml") if defaults else None
    traced = Traced(below.value["defaults"], Trace(below, ("defaults",))) if below else None
    known = {"staging": (), "prod": ("eu1", "us1")}
    return read_service(document(HEAD + text), targets or (Target("staging"),), traced, known)


def told(findings: tuple[Finding, ...]) -> list[tuple[int, str]]:
    return [(finding.location.line, finding.rule) for finding in findings]


def test_maps_merge_and_null_removes_a_key() -> None:
    assert laid("{a: {b: 1, c: 2}, d: 3}", "{a: {c: 4, e: 5}, d: null}")[0] == {"a": {"b": 1, "c": 4, "e": 5}}


def test_named_lists_merge_by_name_in_base_order_and_new_items_come_last() -> None:
    base = "x: [{name: a, v: 1}, {name: b, v: 2}]"
    assert laid(base, "x: [{name: c, v: 3}, {name: b, w: 4}]")[0] == {
        "x": [{"name": "a", "v": 1}, {"name": "b", "v": 2, "w": 4}, {"name": "c", "v": 3}]
    }


def test_a_new_item_may_say_before_which_it_stands() -> None:
    assert [item["name"] for item in laid("x: [{name: a}, {name: b}]", "x: [{name: c, before: b}]")[0]["x"]] == [
        "a",
        "c",
        "b",
    ]


def test_before_is_never_part_of_the_result() -> None:
    assert laid("x: [{name: a}]", "x: [{name: c, before: a}]")[0] == {"x": [{"name": "c"}, {"name": "a"}]}


def test_patch_delete_removes_an_item() -> None:
    assert laid("x: [{name: a}, {name: b}]", "x: [{name: a, $patch: delete}]")[0] == {"x": [{"name": "b"}]}


@pytest.mark.parametrize("over", ["[1]", "[{v: 1}]", "[{name: a}, {v: 1}]", "[{name: a}, {name: a}]", "[]"])
def test_other_lists_are_replaced(over: str) -> None:
    """Also a list in which two items have one name, such as two mounts of one volume: there is no telling which is meant."""
    assert laid("x: [{name: a, v: 1}, {name: b}]", f"x: {over}")[0] == document(f"x: {over}").value


def test_a_scalar_replaces_a_map_and_a_map_a_scalar() -> None:
    assert laid("{a: {b: 1}, c: 1}", "{a: 2, c: {d: 1}}")[0] == {"a": 2, "c": {"d": 1}}


def test_a_merge_patch_keeps_its_nulls() -> None:
    """Under `patches` a null belongs to the patch (RFC 7386): it removes a field of the rendered object."""
    patch = "patches: [{target: {kind: Deployment}, patch: {spec: {paused: null}}}]"
    assert laid("a: 1", patch)[0]["patches"][0]["patch"] == {"spec": {"paused": None}}


@pytest.mark.parametrize(
    "over", ["a: 1", "c: null", "m: {}", "m: {x: 1}", "x: [{name: p}]", "x: [{name: q, $patch: delete}]"]
)
def test_an_overlay_key_that_changes_nothing_is_reported(over: str) -> None:
    assert [blame for blame, _ in laid("{a: 1, m: {x: 1}, x: [{name: p, v: 1}]}", over)[1]] == ["no-effect"]


def test_one_is_not_true() -> None:
    assert laid("a: 1", "a: true") == ({"a": True}, [])


def test_order_project_service_environment_cluster() -> None:
    text = BODY + dedent("""\
        owner: service
        environments:
          staging: {}
          prod: {owner: environment, clusters: {eu1: {owner: cluster}}}
        """)
    reading = served(
        text, Target("staging"), Target("prod", "us1"), Target("prod", "eu1"), defaults="defaults: {owner: project}"
    )
    assert [service.owner for service in reading.services] == ["service", "environment", "cluster"]
    without = text.replace("owner: service\n", "")
    assert served(without, defaults="defaults: {owner: project}").services[0].owner == "project"


def test_a_value_of_the_project_is_traced_to_its_file() -> None:
    service = served(BODY, defaults="defaults: {mesh: {mtls: STRICT}}").services[0]
    assert service.written(("mesh", "mtls")).location().file == "sailwright.yaml"
    assert service.written(("name",)).location().file == "service.yaml"


def test_what_nobody_wrote_is_looked_for_in_the_service_file() -> None:
    reading = served("owner: x\n", defaults="defaults: {mesh: {mtls: STRICT}}")
    assert [finding.location.file for finding in reading.findings] == ["service.yaml"]


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abc"), st.integers(4, 7)),
)
def test_under_a_map_lies_what_it_lacks(defaults: dict[str, int], own: dict[str, int]) -> None:
    whole = document("{}")
    result = underlay(Traced(defaults, Trace(whole, ("defaults",))), Traced(own, Trace(whole, ("own",))))
    assert result.value == {**defaults, **own}
    for key in result.value:
        assert result.trace.find((key,)).path == ("own" if key in own else "defaults", key)


def test_defaults_go_under_each_version_after_all_overlays() -> None:
    text = (
        BODY
        + "defaults: {replicas: 2}\nenvironments: {staging: {defaults: {replicas: 1}, versions: [{name: v2, replicas: 5}]}}\n"
    )
    assert [version.settings["replicas"] for version in served(text).services[0].versions] == [1, 5]


def test_null_in_a_version_removes_a_default() -> None:
    text = BODY.replace("weight: 20", "weight: 20, replicas: null") + "defaults: {replicas: 2}\n"
    assert ["replicas" in version.settings for version in served(text).services[0].versions] == [True, False]


def test_null_in_a_version_of_an_overlay_removes_a_default() -> None:
    text = BODY + "defaults: {replicas: 2}\nenvironments: {staging: {versions: [{name: v2, replicas: null}]}}\n"
    reading = served(text)
    assert ["replicas" in version.settings for version in reading.services[0].versions] == [True, False]
    assert reading.findings == ()


def test_enabled_false_keeps_a_service_out() -> None:
    text = BODY + "environments: {prod: {clusters: {eu1: {enabled: false}}}}\n"
    reading = served(text, Target("staging"), Target("prod", "eu1"), Target("prod", "us1"))
    assert [service.cluster for service in reading.services] == [None, "us1"]


def test_an_overlay_that_sets_any_weight_sets_all() -> None:
    text = BODY + "environments:\n  staging:\n    versions:\n      - {name: v2, weight: 100}\n"
    reading = served(text)
    assert (11, "weights-overlay") in told(reading.findings)
    assert reading.findings[0].help == "write the weight of `v1` here too"


def test_a_version_without_weight_need_not_be_set() -> None:
    text = BODY.replace("weight: 80", "weight: 100").replace(", weight: 20", "")
    assert served(text + "environments: {staging: {versions: [{name: v1, weight: 100}]}}\n").services


def test_an_overlay_of_a_routes_weights_sets_all() -> None:
    text = (
        BODY
        + "routes: [{name: r, to: {v1: 95, v2: 5}}]\nenvironments:\n  staging:\n    routes: [{name: r, to: {v2: 5}}]\n"
    )
    assert "weights-overlay" in [rule for _, rule in told(served(text).findings)]


@pytest.mark.parametrize("key", ["name: x", "apiVersion: sailwright/v1alpha1"])
def test_name_and_api_version_cannot_be_overlaid(key: str) -> None:
    reading = served(BODY + f"environments:\n  staging:\n    {key}\n")
    assert [(f.location.line, f.message) for f in reading.findings] == [
        (10, f"`{key.split(':')[0]}` cannot be overlaid")
    ]


def test_an_unknown_environment_or_cluster_is_an_error_with_a_near_name() -> None:
    reading = served(BODY + "environments:\n  stagin: {}\n  prod:\n    clusters:\n      eu2: {}\n")
    assert [(f.location.line, f.rule, f.help) for f in reading.findings] == [
        (9, "environment-unknown", "did you mean `staging`?"),
        (12, "cluster-unknown", "did you mean `eu1`?"),
    ]


def test_an_overlay_key_that_changes_nothing_is_a_warning_naming_its_environments() -> None:
    reading = served(BODY + "owner: a\nenvironments:\n  staging: {owner: a}\n")
    (finding,) = reading.findings
    assert (finding.location.line, finding.rule, finding.severity, finding.environments) == (
        10, "overlay-no-effect", "warning", ("staging",),
    )  # fmt: skip


def test_a_stray_before_is_an_error_at_its_line() -> None:
    text = (
        BODY
        + "routes: [{name: a, to: v1}]\nenvironments:\n  staging:\n    routes:\n      - {name: b, to: v2, before: c}\n      - {name: a, before: b}\n"
    )
    assert told(served(text).findings) == [(12, "overlay-before"), (13, "overlay-before")]


def test_a_fault_below_an_overlay_names_the_environments_it_shows_in() -> None:
    text = BODY + "environments:\n  staging: {versions: [{name: v1, weight: 50}, {name: v2, weight: 60}]}\n"
    reading = served(text, Target("staging"), Target("prod", "eu1"))
    assert [(f.rule, f.environments, f.location.line) for f in reading.findings] == [("weights-sum", ("staging",), 9)]


names = st.sampled_from(["a", "b", "c"])


def named_lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Lists whose items all have a name of their own."""
    entries = st.dictionaries(names, values, max_size=3)
    return entries.map(lambda found: [{"name": name, "v": value} for name, value in found.items()])


scalars = st.one_of(st.booleans(), st.integers(0, 3), st.text("xy", max_size=2))
trees = st.recursive(
    scalars, lambda inner: st.one_of(st.dictionaries(names, inner, max_size=3), named_lists(inner)), max_leaves=12
)
maps = st.dictionaries(names, trees, max_size=4)


def merged(base: Any, over: Any) -> Traced:
    whole = document("{}")
    return overlay(Traced(base, Trace(whole)), Traced(over, Trace(whole, ("over",))), lambda *_: None)


@given(maps, maps)
def test_laying_an_overlay_twice_changes_nothing(base: Any, over: Any) -> None:
    once = merged(base, over).value
    assert merged(once, over).value == once


@given(maps)
def test_an_empty_overlay_changes_nothing(base: Any) -> None:
    assert merged(base, {}).value == base


@given(maps, maps)
def test_every_value_of_the_result_is_traced_to_an_equal_value(base: Any, over: Any) -> None:
    """The trace never lies: what it points at is the value that stands in the result."""
    result = merged(base, over)

    def at(tree: Any, path: tuple[Any, ...]) -> Any:
        for key in path:
            tree = tree[key]
        return tree

    def leaves(value: Any, path: tuple[Any, ...]) -> None:
        if isinstance(value, dict):
            for key, entry in value.items():
                leaves(entry, (*path, key))
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                leaves(entry, (*path, index))
        else:
            spot = result.trace.find(path)
            whole = {**base, "over": over} if spot.path[:1] == ("over",) else base
            assert at(whole, spot.path) == value

    leaves(result.value, ())


def test_words_of_overlays_need_a_list_below_them() -> None:
    """Where there is none, a `before` and a deletion would be lost without a word; a version may delete what `defaults` has."""
    over = "  staging:\n    routes:\n      - {name: a, to: v1, before: b}\n      - {name: c, $patch: delete}\n"
    assert told(served(BODY + "environments:\n" + over).findings) == [(11, "overlay-before"), (12, "overlay-no-effect")]
    own = "routes:\n  - {name: a, to: v1, before: b}\n"
    assert told(served(BODY + own).findings) == [(9, "overlay-before")]
    assert served(BODY + own, defaults="defaults: {routes: [{name: b, to: v2}]}\n").findings == ()
    env = "defaults: {env: [{name: A, value: x}]}\n"
    versions = "[{name: v1, weight: 50, env: [{name: A, $patch: delete}]}, {name: v2, weight: 50}]"
    assert served(BODY + env + f"environments: {{staging: {{versions: {versions}}}}}\n").findings == ()
