"""What holds for every workload and every installation."""

import copy
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.injection.random_workloads import ANNOTATIONS, TEXT, installations, workloads
from tests.injection.workloads import container, deployment, errors, plain, template

from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import InjectionSettings
from sailwright.runtime.records import replace
from sailwright.source.emit import emit

UNTIMED = settings(deadline=None, max_examples=60)

FREE_TEXT = sorted(
    {
        name
        for name in ANNOTATIONS
        if name.startswith(("sidecar.", "traffic.", "status.", "readiness.", "proxy.", "istio."))
    }
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@UNTIMED
@given(workloads(), installations())
def test_injecting_twice_changes_nothing(workload: dict[str, Any], chosen: InjectionSettings) -> None:
    """With and without --compat, to the byte: the order of keys included."""
    once = inject(workload, chosen)
    assert not errors(once)
    assert emit(inject(once.value, chosen).value) == emit(once.value)


@UNTIMED
@given(workloads(), installations(compat=False), installations(compat=False))
def test_another_release_replaces_the_old_sidecar(
    workload: dict[str, Any], old: InjectionSettings, new: InjectionSettings
) -> None:
    """What was injected leaves no trace beside marks that a user could have set as well."""
    fresh = inject(workload, new).value
    again = inject(inject(workload, old).value, new)
    assert not errors(again)
    assert names(again.value) == names(fresh)
    for name in ("istio-proxy", "istio-init", "istio-validation"):
        images = [c["image"] for c in every(template(again.value)) if c["name"] == name]
        assert images == [c["image"] for c in every(template(fresh)) if c["name"] == name]


def every(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """All containers of a pod."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def names(workload: dict[str, Any]) -> dict[str, list[str]]:
    """The names in each list that injection adds to, in order."""
    spec = template(workload)["spec"]
    fields = ("initContainers", "containers", "volumes", "imagePullSecrets")
    return {field: [item["name"] for item in spec[field]] for field in fields if spec.get(field)}


@UNTIMED
@given(st.lists(workloads(), min_size=2, max_size=6), installations())
def test_what_pods_share_is_what_each_would_get_alone(many: list[dict[str, Any]], chosen: InjectionSettings) -> None:
    """The sidecar of pods with the same annotations is rendered once, and no pod changes what the next one gets."""
    together = [inject(workload, chosen) for workload in (*many, *many)]
    for workload, result in zip((*many, *many), together, strict=True):
        assert emit(result.value) == emit(inject(workload, replace(chosen, alike={})).value)


@UNTIMED
@given(workloads(), installations())
def test_the_input_is_not_changed(workload: dict[str, Any], chosen: InjectionSettings) -> None:
    before = copy.deepcopy(workload)
    inject(workload, chosen)
    assert workload == before


@UNTIMED
@given(workloads(), installations(compat=False))
def test_the_users_own_fields_survive(workload: dict[str, Any], chosen: InjectionSettings) -> None:
    """Everything but probes and hooks, which ask the agent; and the marks of earlier scraping."""
    was, now = template(workload), template(inject(workload, chosen).value)
    for own in every(was):
        if own["name"] != "istio-proxy":
            new = container(now, own["name"])
            for field in own.keys() - {"readinessProbe", "livenessProbe", "startupProbe", "lifecycle", "ports"}:
                assert new[field] == own[field]
            for index, port in enumerate(own.get("ports", [])):
                assert port.items() <= new["ports"][index].items()
            for probe in own.keys() & {"readinessProbe", "livenessProbe", "startupProbe"}:
                kept = own[probe].keys() - {"httpGet", "tcpSocket", "grpc", "timeoutSeconds"}
                assert {key: own[probe][key] for key in kept}.items() <= new[probe].items()
    for field in was["spec"].keys() - {"containers", "initContainers"}:
        items = was["spec"][field]
        if isinstance(items, list):
            assert all(item in now["spec"][field] for item in items)
        else:
            assert now["spec"][field] == items
    assert was["metadata"].get("labels", {}).items() <= now["metadata"]["labels"].items()
    completed = ("prometheus.io/", "k8s.v1.cni.cncf.io/", "traffic.sidecar.istio.io/")  # scraping, and what CNI reads
    kept = {
        name: value for name, value in was["metadata"].get("annotations", {}).items() if not name.startswith(completed)
    }
    assert kept.items() <= now["metadata"]["annotations"].items()


@UNTIMED
@given(workloads(), installations(compat=False))
def test_keys_keep_their_places(workload: dict[str, Any], chosen: InjectionSettings) -> None:
    """Keys that were there come in the order the user gave them; new ones follow.

    An init container of the user's with the name of the proxy is the proxy: where that is no init container, none may be left.
    """
    now = inject(workload, chosen).value
    for was, new in (
        (workload, now),
        (template(workload), template(now)),
        (template(workload)["spec"], template(now)["spec"]),
    ):
        there = [key for key in was if key in new or key != "initContainers"]
        assert list(new)[: len(there)] == there


@UNTIMED
@given(st.sampled_from(FREE_TEXT), TEXT, st.sampled_from(("1.24.6", "1.29.0", "1.31.0")))
def test_no_annotation_changes_the_structure_around_it(name: str, value: str, release: str) -> None:
    """Whatever a value holds: it is refused, or it is one value in its place, and the text says so to any reader."""
    result = inject(deployment({name: value}), plain(release))
    if errors(result):
        return
    assert yaml.safe_load(emit(result.value)) == result.value
    proxy = container(template(result.value))
    assert set(proxy) <= {
        "name", "image", "imagePullPolicy", "restartPolicy", "ports", "args", "lifecycle", "env", "startupProbe",
        "readinessProbe", "securityContext", "resources", "volumeMounts",
    }  # fmt: skip
    assert all(isinstance(item, str) for item in proxy["args"])
    assert len(proxy["args"]) == 7
    assert proxy["securityContext"]["privileged"] is False
    ours = {"istio-init", "istio-proxy", "app"}
    assert {c["name"] for c in every(template(result.value))} <= ours


@UNTIMED
@given(
    TREES, st.sampled_from(("spec", "template", "metadata", "containers", "annotations", "probe", "ports", "status"))
)
def test_hostile_shapes_are_problems_and_never_crashes(tree: Any, place: str) -> None:
    """Anything at all may stand anywhere."""
    workload = deployment({})
    pod = template(workload)
    if place == "spec":
        workload["spec"] = tree
    elif place == "template":
        workload["spec"]["template"] = tree
    elif place == "metadata":
        pod["metadata"] = tree
    elif place == "containers":
        pod["spec"]["containers"] = tree
    elif place == "annotations":
        pod["metadata"]["annotations"] = tree
    elif place == "probe":
        pod["spec"]["containers"][0]["readinessProbe"] = tree
    elif place == "ports":
        pod["spec"]["containers"][0]["ports"] = [tree]
    else:
        pod["metadata"]["annotations"] = {"sidecar.istio.io/status": emit(tree), "proxy.istio.io/overrides": emit(tree)}
    for compat in (False, True):
        result = inject(workload, plain("1.31.0", compat=compat))
        assert result.changed or result.problems


@UNTIMED
@given(st.sampled_from(sorted(ANNOTATIONS)), TEXT)
def test_any_annotation_text_is_taken_or_refused(name: str, value: str) -> None:
    result = inject(deployment({name: value}), plain("1.31.0", "native", compat=False))
    assert result.changed != bool(errors(result))
