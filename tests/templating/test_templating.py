"""Templates yield data: no value can alter the structure, and glued expressions are refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.runtime.errors import Failure
from sailwright.source.templating.compiling import compile_template
from sailwright.source.templating.data_builder import data_builder
from sailwright.source.templating.runtime import RUNTIME, Context


def render(source: str, **variables: Any) -> Any:
    """The data a template text yields."""
    scope = dict(RUNTIME)
    exec(compile_template(source, "t"), scope)
    context = Context(variables)
    return data_builder("".join(scope["root"](context)), "t")(context.values)


SERVICE = """\
kind: Service
metadata:
  name: {{ name }}
  labels: {{ labels }}
spec:
  ports:
{% for port in ports %}
    - name: {{ port.name }}
      port: {{ port.items }}
{% if loop.last and extra is defined %}
      extra: {{ extra | default(1) }}
{% endif %}
{% endfor %}
"""


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_no_value_alters_the_structure(name: str, labels: dict[str, str]) -> None:
    data = render(SERVICE, name=name, labels=labels, ports=[{"name": name, "items": 80}])
    assert data == {
        "kind": "Service",
        "metadata": {"name": name, "labels": labels},
        "spec": {"ports": [{"name": name, "port": 80}]},
    }


def test_macros_and_set_blocks_are_text_of_the_template_and_not_quoted_twice() -> None:
    source = "{% macro entry(v) %}a: {{ v }}{% endmacro %}{% set c %}[{{ y }}]{% endset %}\nb:\n  {{ entry(x) }}\nc: {{ c }}\n"
    assert render(source, x="p: q", y="- z") == {"b": {"a": "p: q"}, "c": ["- z"]}


@pytest.mark.parametrize("source", ["a: {{ x }}-{{ y }}", "a: pre-{{ x }}", 'a: "{{ x }} "', "{{ x }}y: 1"])
def test_glued_expressions_are_refused(source: str) -> None:
    with pytest.raises(Failure, match="glues an expression"):
        render(source, x=1, y=2)


def test_a_missing_name_is_an_error() -> None:
    with pytest.raises(Failure, match="`x` is undefined"):
        render("a: {{ x }}")
    with pytest.raises(Failure, match="`y` is undefined"):
        render("a: {{ x.y }}", x={})


def test_keys_may_come_from_values() -> None:
    assert render("{{ k }}: 1\n{{ j }}: 2", k="a: b", j="on") == {"a: b": 1, "on": 2}


def test_what_no_value_is_in_is_made_once() -> None:
    source = "a: {{ x }}\nb: {c: [1, {d: two}]}\ne:\n  - f: {{ x }}\n    g: {h: i}\n  - {j: k}\n"
    one, two = render(source, x=1), render(source, x=2)
    assert one == {"a": 1, "b": {"c": [1, {"d": "two"}]}, "e": [{"f": 1, "g": {"h": "i"}}, {"j": "k"}]}
    assert two == {**one, "a": 2, "e": [{"f": 2, "g": {"h": "i"}}, {"j": "k"}]}
    assert one["b"] is two["b"]
    assert one["e"][0]["g"] is two["e"][0]["g"]
    assert one["e"][1] is two["e"][1]
    one["e"] = []
    assert render(source, x=2) == two
