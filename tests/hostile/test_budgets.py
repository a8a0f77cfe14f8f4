"""What a stranger's templates and CEL rules may take: their work is counted, never timed, and each bomb is one sentence.

The limits are a hundredth of the real ones here, so that each bomb ends soon: what a run does has to follow the limit, whatever
the bomb's size.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.hostile.repositories import PROJECT, in_process, project

from sailwright.runtime.errors import Failure
from sailwright.source.templating import meter, sandbox
from sailwright.source.templating.data_builder import data_builder
from sailwright.source.templating.runtime import Context
from sailwright.validate.cel.budget import Budget
from sailwright.validate.cel.evaluate import evaluate
from sailwright.validate.cel.expression import CelError, TooCostly
from sailwright.validate.cel.parse import parse, syntax_fault

ITEMS, STEPS, CHARACTERS = 10_000, 1_000, 1 << 14
CALLS = 40
"""Calls of functions, Python's own included, for each item or step of the limits."""
BYTES = 8 << 20


def chained(first: str, step: str, last: str) -> Callable[[int], str]:
    """A template that makes each variable out of the one before."""
    return lambda n: (
        f"{{% set v0 = {first} %}}\n"
        + "".join("{% set v" + str(k + 1) + " = " + step.replace("V", f"v{k}") + " %}\n" for k in range(n))
        + last.replace("V", f"v{n}")
    )


TEMPLATES: dict[str, Callable[[int], str]] = {
    "doubling lists": chained("[1, 1]", "[V, V]", "a: {{ V }}"),
    "comparing doubled lists": chained("[1, 1]", "[V, V]", "a: {{ 1 if V == V else 0 }}"),
    "ordering doubled lists": chained("[1, 1]", "[V, V]", "a: {{ 1 if V < V else 0 }}"),
    "looking in doubled lists": chained("[1, 1]", "[V, V]", "a: {{ 1 if x in V else 0 }}"),
    "joining doubled lists": chained("[1, 1]", "V + V", "a: {{ V | join(',') }}"),
    "sorting doubled lists": chained("[1, 1]", "V + V", "a: {{ V | sort | first }}"),
    "doubling maps": chained("{'a': 1}", "{'a': V, 'b': V}", "a: {{ V }}"),
    "doubling texts": chained("'xxxxxxxx'", "V ~ V", "a: {{ V }}"),
    "doubling blocks": lambda n: (
        "{% set v0 %}xxxxxxxx{% endset %}"
        + "".join(f"{{% set v{k + 1} %}}{{{{ v{k} }}}}{{{{ v{k} }}}}{{% endset %}}" for k in range(n))
        + f"a: {{{{ v{n} }}}}"
    ),
    "multiplied texts": lambda n: f"a: {{{{ 'a' * {10 ** min(n, 12)} }}}}",
    "multiplied lists": lambda n: f"a: {{{{ [1] * {10 ** min(n, 12)} }}}}",
    "squared numbers": chained("3", "V * V", "a: {{ V }}"),
    "powers": chained("3", "V ** 3", "a: {{ V }}"),
    "long numbers": lambda n: f"a: {'{{'} {'9' * 300 * n} {'}}'}",
    "format widths": lambda n: f"a: {{{{ '%{10 ** min(n, 9)}d' % 1 }}}}",
    "format precision": lambda n: f"a: {{{{ '%.{10 ** min(n, 9)}f' | format(1.5) }}}}",
    "center": lambda n: f"a: {{{{ 'a' | center({10 ** min(n, 12)}) }}}}",
    "indent": lambda n: f"a: {{{{ x | indent({10 ** min(n, 12)}) }}}}",
    "batch": lambda n: f"a: {{{{ l | batch({10 ** min(n, 12)}, 0) | list }}}}",
    "slice": lambda n: f"a: {{{{ l | slice({10 ** min(n, 12)}) | list }}}}",
    "wordwrap": lambda _: "a: {{ x | wordwrap(1) }}",
    "replace": lambda _: "a: {{ x | replace('a', x) }}",
    "ranges": lambda n: f"{{% for a in range({10 ** min(n, 12)}) %}}{{% endfor %}}a: 1",
    "joining by a long text": lambda n: f"a: {{{{ '{'a' * 500 * n}' | join('{'b' * 500 * n}') }}}}",
    "joining lists by a long text": lambda n: f"a: {{{{ (l + l) | join('{'b' * 500 * n}') }}}}",
    "nested loops": lambda n: "{% for a in l %}" * min(n, 15) + "x" + "{% endfor %}" * min(n, 15),
    "deeply nested loops": lambda n: "{% for a in x %}" * n + "{% endfor %}" * n + "a: 1",
    "recursive macros": lambda n: "{% macro f(k) %}" + "{{ f(k) }}" * n + "{% endmacro %}a:\n  {{ f(1) }}",
    "macros that call macros": lambda n: (
        "{% macro m0() %}x: 1\n{% endmacro %}"
        + "".join(f"{{% macro m{k + 1}() %}}{{{{ m{k}() }}}}\n{{{{ m{k}() }}}}\n{{% endmacro %}}" for k in range(n))
        + f"a:\n  {{{{ m{n}() }}}}"
    ),
    "macros made in loops": lambda _: "{% for a in l %}{% for b in l %}{% macro f() %}{% endmacro %}{{ f() }}{% endfor %}{% endfor %}a: 1",
}  # fmt: skip


def counted(work: Callable[[], Any]) -> tuple[int, int, str]:
    """The calls of some work, Python's own included, the most bytes it held, and why it was refused."""
    count, refused = 0, ""

    def count_call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    tracemalloc.start()
    sys.setprofile(count_call)
    try:
        work()
    except (Failure, TooCostly, CelError) as error:
        refused = str(error)
    finally:
        sys.setprofile(before)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return count, most, refused


def rendered(source: str) -> Any:
    context = Context({"x": "a" * 50, "l": list(range(50))})
    text = "".join(sandbox.sandboxed(sandbox.compile_sandboxed(source, "t"))(context))
    return sandbox.plain(data_builder(text, "t")(context.values))


@pytest.fixture
def hundredths(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of each limit of a rendering."""
    monkeypatch.setattr(meter, "ITEMS", ITEMS)
    monkeypatch.setattr(sandbox, "STEPS", STEPS)
    monkeypatch.setattr(sandbox, "CHARACTERS", CHARACTERS)
    rendered("a: {{ 1 }}")  # what is imported at its first use is no work of a template's


@pytest.mark.usefixtures("hundredths")
@pytest.mark.parametrize("what", TEMPLATES)
def test_a_template_has_a_budget(what: str) -> None:
    count, most, refused = counted(lambda: rendered(TEMPLATES[what](32)))
    assert refused
    assert "\n" not in refused
    assert count < CALLS * (ITEMS + STEPS), refused
    assert most < BYTES, refused


@pytest.mark.parametrize("source", ["{{ l | join('-') }}", "{{ l | sort | last }}", "{{ ['b', 'a'] | sort | first }}"])
def test_small_work_is_done(source: str) -> None:
    """The same filters, by which the bombs are built, within the limits."""
    results = {
        "{{ l | join('-') }}": "-".join(map(str, range(50))),
        "{{ l | sort | last }}": 49,
        "{{ ['b', 'a'] | sort | first }}": "a",
    }
    assert rendered(f"a: {source}") == {"a": results[source]}


@pytest.mark.parametrize(
    "what", ["doubling texts", "multiplied texts", "ranges", "recursive macros", "format precision"]
)
def test_a_refusal_names_the_file_and_the_line(tmp_path: Path, what: str) -> None:
    top = project(tmp_path, text=PROJECT)
    (top / "templates").mkdir()
    (top / "templates/service.yaml.j2").write_text("{% set x = 'a' * 1 %}\n" + TEMPLATES[what](32) + "\n")
    done = in_process(top, "build", "-j1")
    assert done.returncode == 1, done
    errors = [line for line in done.stdout.splitlines() if " error: " in line]
    assert errors, done
    assert all(line.startswith("templates/service.yaml.j2:") for line in errors), errors
    assert not (top / "rendered").exists()


SELF = list(range(40))


def nested(macro: str, body: str) -> Callable[[int], str]:
    return lambda n: "".join(f"self.{macro}(a{k}, " for k in range(n)) + body + ")" * n


def doubled(n: int) -> str:
    """A list of lists, each of which holds the one before twice."""
    return "[self]" + ".map(a, [a, a])" * n


EXPRESSIONS: dict[str, Callable[[int], str]] = {
    "nested all": nested("all", "true"),
    "nested exists": nested("exists", "false"),
    "nested exists_one": nested("exists_one", "true"),
    "nested map": nested("map", "1"),
    "nested filter": lambda n: "".join(f"self.filter(a{k}, self.all(b{k}, " for k in range(n)) + "true" + "))" * n,
    "nested ors": nested("all", "a0 < 0 || true"),
    "concatenated lists": lambda n: "self.map(a, self.map(b, " + " + ".join(["self"] * n) + ")).size() > 0",
    "concatenated texts": lambda n: "self.all(a, (" + " + ".join(["'" + "x" * 1_000 + "'"] * n) + ").size() > 0)",
    "matches": lambda n: "self.all(a, ('" + "a" * 1_000 * n + "').matches('(a*)*b') == false)",
    "long patterns": lambda n: "'" + "a" * 100 * n + "'.matches('" + "a?" * 100 * n + "')",
    "contains": lambda n: "self.all(a, ('" + "a" * 1_000 * n + "').contains('aaab') == false)",
    "replace": lambda n: "'" + "a" * 300 * n + "'.replace('a', '" + "b" * 300 * n + "').size() > 0",
    "join": lambda n: "self.map(a, 'a').join('" + "b" * 300 * n + "').size() > 0",
    "thousands of terms": lambda n: " && ".join(["self.size() > 0"] * (120 * n)),
    "a sum of thousands of terms": lambda n: " + ".join(["1"] * (120 * n)) + " > 0",
    "equal lists": lambda n: "self.all(a, self.all(b, " + " && ".join(["self == self"] * n) + "))",
    "equal doubled lists": lambda n: f"{doubled(n)} == {doubled(n)}",
    "doubled lists in a list": lambda n: f"{doubled(n)} in [{doubled(n)}]",
    "membership": lambda n: "self.all(a, self.all(b, " + " && ".join(["!(99 in self)"] * n) + "))",
    "brackets": lambda n: "(" * 100 * n + "true" + ")" * 100 * n,
    "digits": lambda n: "9" * 300 * n + " > 0",
}  # fmt: skip


@pytest.mark.parametrize("what", EXPRESSIONS)
def test_a_rule_has_a_budget(what: str) -> None:
    """It is passed over, having done no more than its budget: the API server would not finish it either."""
    text = EXPRESSIONS[what](32)
    count, most, refused = counted(lambda: evaluate(parse(text), {"self": SELF}, Budget(ITEMS)))
    assert refused
    assert "\n" not in refused
    assert count < CALLS * ITEMS + 10 * len(text), refused
    assert most < BYTES, refused


def test_the_length_of_a_list_is_paid_for() -> None:
    """A turn of a macro costs something, though its body costs nothing."""

    def calls(size: int) -> int:
        rule = parse("self.all(a, self.all(b, true))")
        return counted(lambda: evaluate(rule, {"self": [0] * size}, Budget(ITEMS)))[0]

    assert calls(20_000) < 1.5 * calls(200)


@pytest.mark.parametrize(
    "text", ["self.all(a, self.all(b, a >= 0 && b < 40))", "self.map(a, 'a').join(', ').size() == 118", "self == self",
             "'a.example.com'.matches('^[a-z.]+$')", "[[1], [2]] == [[1], [2]] && [1] in [[1], [2]]"],
)  # fmt: skip
def test_small_rules_are_decided(text: str) -> None:
    assert evaluate(parse(text), {"self": SELF}) is True


def test_a_number_of_thousands_of_digits_is_no_number() -> None:
    assert syntax_fault("9" * 5_000) == "a number has too many digits"
