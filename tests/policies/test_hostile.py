"""No input makes a rule crash: values of any shape in any place of the rules' own examples."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sailwright.diagnostics.finding import Path
from sailwright.lint.deduplicate import resolve
from sailwright.lint.rule import examples
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Document, parse
from sailwright_policies import RULES

EXAMPLES = [(example.facts, manifests(parse("example.yaml", example.text.encode())))
            for rule in RULES for given in (rule.BAD, rule.GOOD) for example in examples(given)]  # fmt: skip
CHOSEN = tuple(EnabledRule(rule) for rule in RULES)

shapes: list[Any] = [None, [], {}, [None], [[]], [{}], {"": None}, {"a": {"b": [1]}}, {"matchLabels": []}]
scalars = [
    "",
    "x",
    0,
    -1,
    1.5,
    True,
    2**70,
    float("nan"),
    float("inf"),
    "*",
    "a.b",
    "a/b/c",
    "${",
    "[::1",
    "%",
    "9" * 400,
]
odd_values = st.sampled_from([*shapes, *scalars])


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of everything below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


@st.composite
def spoilt(draw: st.DrawFn, manifest: Manifest) -> Manifest:
    """An object with odd values in some of its places."""
    value = deepcopy(manifest.value)
    for _ in range(draw(st.integers(1, 3))):
        paths = list(places(value))
        if not paths:
            break
        *way, last = draw(st.sampled_from(paths))
        here: Any = value
        for key in way:
            here = here[key]
        here[last] = deepcopy(draw(odd_values))
    return Manifest(value, Document(manifest.document.source, manifest.document.index, value), manifest.base)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=3), st.data())
def test_no_rule_crashes(chosen: list[Any], data: st.DataObject) -> None:
    """A rule goes on with what there is; whether its shape is right is for validation to say."""
    facts, _ = chosen[0]
    objects = tuple(data.draw(spoilt(manifest)) for _, found in chosen for manifest in found)
    beside = World(objects, facts)
    rule_run = run_rules([World(objects, facts, base=beside, siblings=(beside,))], CHOSEN)
    assert rule_run.crashes == ()
    for found in rule_run.found:
        assert resolve(found).location.line >= 1
