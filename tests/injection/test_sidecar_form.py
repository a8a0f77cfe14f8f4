"""What differs between pods is filled into a form: the same as if the templates were rendered for each pod."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.injection.random_workloads import installations
from tests.injection.workloads import LINES, plain

from sailwright.render.injection.context import annotation_context, pod_context
from sailwright.render.injection.pod import Pod
from sailwright.render.injection.pod_templates import Owner
from sailwright.render.injection.settings import InjectionSettings
from sailwright.render.injection.sidecar_form import form_key, sidecar_form

NAMES = st.sampled_from(("", "web", "istio-proxy", "a\nb", "-", "é", "null", "{{ x }}"))
LABELS = st.dictionaries(
    st.sampled_from(("app", "version", "security.istio.io/tlsMode", "service.istio.io/canonical-name")), NAMES
)


@st.composite
def pods(draw: st.DrawFn) -> tuple[Pod, Owner]:
    """A pod of one container, with the annotations that say whether kubectl has a default, and its owner."""
    marks = st.sampled_from(("kubectl.kubernetes.io/default-container", "resource.opentelemetry.io/service.version"))
    port = {"name": draw(NAMES), "containerPort": draw(st.integers(1, 3)), "protocol": "TCP"}
    spec = {"containers": [{"name": draw(NAMES), "image": draw(NAMES), "ports": [port]}]}
    owner = Owner(draw(st.sampled_from(("apps/v1", ""))), "Deployment", draw(NAMES), draw(NAMES))
    return Pod(draw(LABELS), draw(st.dictionaries(marks, NAMES)), spec), owner


@given(installations(), st.lists(pods(), min_size=1, max_size=6))
def test_each_pod_gets_what_the_templates_write_for_it(
    settings: InjectionSettings, given_pods: list[tuple[Pod, Owner]]
) -> None:
    render, forms = settings.templates.render, dict[tuple[Any, ...], Any]()
    shared = annotation_context(settings, Pod({}, {}, {}))
    for pod, owner in given_pods:
        variables = pod_context(settings, pod, owner)
        key = form_key(variables)
        if key not in forms:
            forms[key] = sidecar_form(render, shared, variables)
        form, whole = forms[key], {**shared, **variables}
        assert form.filled_env(variables) == render("inject-env", whole)
        assert form.filled_metadata(variables) == render("inject-metadata", whole)


@pytest.mark.parametrize("release", LINES)
def test_the_templates_of_each_release_have_a_form(release: str) -> None:
    settings = plain(release)
    pod = Pod({"app": "web"}, {}, {"containers": [{"name": "web", "image": "web"}]})
    variables = pod_context(settings, pod, Owner("apps/v1", "Deployment", "web", "shop"))
    form = sidecar_form(settings.templates.render, annotation_context(settings, pod), variables)
    assert form is not None
    assert {form.env[place]["name"] for place in form.open} >= {"ISTIO_META_WORKLOAD_NAME", "ISTIO_META_OWNER"}


@pytest.mark.parametrize(
    "asked",
    [str, list, len, hash, repr, bool, lambda text: text == "a", lambda text: "a" in text, lambda text: text + "b"],
)
def test_a_template_that_asks_for_more_than_whether_there_is_a_text_has_no_form(asked: Any) -> None:
    def render(_name: str, variables: Any) -> Any:
        asked(variables["text"])
        return []

    assert (sidecar_form(render, {}, {"text": "x"}) is None) == (asked not in (bool, repr))
