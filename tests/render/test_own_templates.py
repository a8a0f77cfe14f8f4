"""Templates of a project: they override ours or add to them, in a sandbox with an end to everything."""

from typing import Any

import pytest
from tests.render.project import ONE, PROJECT, TWO, objects, told

from sailwright.runtime.errors import Failure
from sailwright.source.templating.data_builder import data_builder
from sailwright.source.templating.runtime import Context
from sailwright.source.templating.sandbox import compile_sandboxed, plain, sandboxed

MONITOR = """\
{% if service.ports is defined %}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{ metadata }}
spec:
  selector:
    matchLabels: {{ selector }}
  endpoints:
{% for port in service.ports %}
    - port: {{ port.name }}
{% endfor %}
{% endif %}
"""


def test_a_template_of_ours_is_overridden_by_name() -> None:
    text = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{ metadata }}\nautomountServiceAccountToken: false\n"
    found = objects(ONE, files={"templates/serviceaccount.yaml.j2": text})
    assert found["ServiceAccount/cart"]["automountServiceAccountToken"] is False
    assert found["ServiceAccount/cart"]["metadata"]["namespace"] == "shop"


def test_any_other_template_adds_an_object_after_the_config_map() -> None:
    files = {"templates/monitor.yaml.j2": MONITOR}
    found = objects(ONE, files=files, project=PROJECT + "output: {extraKinds: [ServiceMonitor]}\n")
    assert list(found)[:3] == ["ServiceAccount/cart", "ServiceMonitor/cart", "Service/cart"]
    assert found["ServiceMonitor/cart"]["spec"] == {
        "selector": {"matchLabels": {"app": "cart"}},
        "endpoints": [{"port": "http"}],
    }
    without = ONE.replace("ports: [{name: http, port: 8080, appProtocol: http}]\n", "")
    assert "ServiceMonitor/cart" not in objects(without, files=files)


def test_a_pod_template_reaches_every_workload() -> None:
    text = "metadata: {labels: {{ labels }}}\nspec:\n  serviceAccountName: x\n  containers:\n    - name: {{ container.name }}\n      image: {{ container.image }}\n"
    found = objects(
        TWO, files={"templates/pod.yaml.j2": text.replace("{labels: {{ labels }}}", "\n  labels: {{ labels }}")}
    )
    assert found["Deployment/cart-v2"]["spec"]["template"]["spec"] == {
        "serviceAccountName": "x",
        "containers": [{"name": "cart", "image": "cart:2"}],
    }


@pytest.mark.parametrize(
    ("name", "text", "said", "line"),
    [
        ("service", "apiVersion: v1\nkind: Secret\nmetadata: {{ metadata }}\n", "never rendered", 1),
        ("service", "apiVersion: v1\nkind: ClusterRole\nmetadata: {{ metadata }}\n", "output.extraKinds", 1),
        ("service", "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: kube-system}\n", "namespace", 1),
        ("service", "a: 1\n", "no Kubernetes object", 1),
        ("service", "a: 1\nb: {% if %}\n", "Expected an expression", 2),
        ("service", "a: 1\n{% include 'x' %}\n", "`include` is not allowed", 2),
        ("service", "a: {{ nothing }}\n", "`nothing` is undefined", 1),
        ("service", "a: x-{{ metadata.name }}\n", "glues an expression to text", 1),
        ("inject-proxy", "a: 1\n", "Istio's", 1),
    ],
)
def test_what_a_template_may_not_do_is_an_error_in_it(name: str, text: str, said: str, line: int) -> None:
    found = told(ONE, files={f"templates/{name}.yaml.j2": text})
    assert [(finding.location.file, finding.location.line) for finding in found] == [
        (f"templates/{name}.yaml.j2", line)
    ]
    assert said in found[0].message


DOUBLING = "{% set l0 = [1, 1] %}" + "".join(f"{{% set l{n + 1} = [l{n}, l{n}] %}}" for n in range(25))
"""Lists of two items each, whose items are the same list: 67 million values in a page of text."""


def run(source: str, **variables: Any) -> Any:
    context = Context(variables)
    text = "".join(sandboxed(compile_sandboxed(source, "t"))(context))
    return plain(data_builder(text, "t")(context.values))


@pytest.mark.parametrize(
    "source",
    [
        "a: {{ x.__class__ }}",
        "a: {{ ''.__class__.__mro__ }}",
        "a: {{ x.upper() }}",
        "a: {{ '{0.__class__}'.format(x) }}",
        "a: {{ range(3) }}",
        "a: {{ self }}",
        "a: {{ x | safe }}",
        "a: {{ 'a' * 1000000000 }}",
        "a: {{ 10 ** 10 ** 10 }}",
        "a: {{ x | center(1000000000) }}",
        "a: {{ 1 / 0 }}",
        "a: {{ x < 1 }}",
        "{% macro f() %}{{ f() }}{% endmacro %}a: {{ f() }}",
        "{% macro f() %}b{% endmacro %}a: {{ f() ~ x }}",
        "{% macro f() %}b{% endmacro %}a: {{ f }}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a ~ a ~ a %}" * 200 + "a: {{ a }}",
        "{% for a in l %}{% for b in l %}{% for c in l %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in l %}" * 30 + "{% endfor %}" * 30,
        "a: {{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{% autoescape false %}a: {{ x }}{% endautoescape %}",
        "{% filter upper %}a{% endfilter %}",
        f"{DOUBLING}a: {{{{ 1 if l25 == l25 else 0 }}}}",
        f"{DOUBLING}a: {{{{ l25 is equalto(m) }}}}",
        f"{DOUBLING}a: {{{{ x in l25 }}}}",
        f"{DOUBLING}a: {{{{ l25 | string }}}}",
        f"{DOUBLING}a: {{{{ l25 | sort }}}}",
        f"{DOUBLING}a: {{{{ l25 }}}}",
        "{% set d0 = {'a': 1} %}"
        + "".join(f"{{% set d{n + 1} = {{'a': d{n}, 'b': d{n}}} %}}" for n in range(25))
        + "a: {{ d25 }}",
        "{% set t0 = (1, 1) %}"
        + "".join(f"{{% set t{n + 1} = (t{n}, t{n}) %}}" for n in range(25))
        + "a: {{ t25 < t25 }}",
        "{% set l0 = l %}" + "".join(f"{{% set l{n + 1} = l{n} + l{n} %}}" for n in range(25)) + "a: 1",
        "{% for a in l %}{% for b in l %}{% for c in l[0:9] or l %}{{ l == l }}{% endfor %}{% endfor %}{% endfor %}",
        "{% set n0 = [1] %}" + "".join(f"{{% set n{n + 1} = [n{n}] %}}" for n in range(200)) + "a: {{ n200 }}",
        "a: {{ " + "9" * 50_000 + " }}",
        "a: {{ ('9' ~ x) | int }}",
    ],
)
def test_the_sandbox_holds(source: str) -> None:
    """No attributes of Python, no calls, nothing large out of something small, no endless loops: each is one Failure."""
    with pytest.raises(Failure):
        run(source, x="a: b", l=list(range(100)))


def test_what_a_sandboxed_template_can_do() -> None:
    source = """\
{% macro entry(v) %}b: {{ v }}{% endmacro %}
a:
  {{ entry(x) }}
c: {{ l | length + 1 }}
d: {{ x ~ "!" }}
e:
{% for key, value in m | dictsort %}
  - {{ key }}: {{ value }}
{% endfor %}
"""
    assert run(source, x="p: q\nkind: Pod", l=[1], m={"k": "v", "items": 1}) == {
        "a": {"b": "p: q\nkind: Pod"},
        "c": 2,
        "d": "p: q\nkind: Pod!",
        "e": [{"items": 1}, {"k": "v"}],
    }
