"""The built-in templates are compiled ahead of time: what is kept in the repository is what Jinja makes of them."""

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import meta
from tools import compile_templates

from sailwright.runtime.errors import Failure
from sailwright.source.templating import templates
from sailwright.source.templating.compiled import ROOTS
from sailwright.source.templating.compiling import environment
from sailwright.source.templating.runtime import Context
from sailwright.source.templating.templates import Templates, digest_of

SOURCES = sorted(compile_templates.TEMPLATES.glob("*/*.j2"))


def test_the_compiled_templates_are_what_jinja_makes_of_the_templates(update: bool) -> None:
    if update:
        compile_templates.COMPILED.write_text(compile_templates.text())
    assert compile_templates.COMPILED.read_text() == compile_templates.text(), "run: make templates"


def test_each_built_in_template_has_its_function() -> None:
    assert set(ROOTS) == {digest_of(path.read_text()) for path in SOURCES}


def test_a_changed_template_is_compiled_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to compile to try a change: the new text is what is rendered."""
    (tmp_path / "1.24").mkdir()
    (tmp_path / "1.24" / "service.yaml.j2").write_text("kind: Changed\nmetadata: {{ metadata }}\n")
    monkeypatch.setattr(templates, "FOLDER", str(tmp_path))
    templates._folders.cache_clear()
    templates._text.cache_clear()
    try:
        assert Templates("1.31").render("service", {"metadata": {"name": "a"}}) == {
            "kind": "Changed",
            "metadata": {"name": "a"},
        }
    finally:
        templates._folders.cache_clear()
        templates._text.cache_clear()


PROJECT = "apiVersion: sailwright/v1alpha1\nistio: {version: 1.31.0, sidecarMode: native}\nenvironments: {prod: {}}\n"
SERVICE = """\
apiVersion: sailwright/v1alpha1
name: cart
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "registry.example.com/cart:1.0.0"}]
"""
_BUILD = """\
import sys
from sailwright.cli import main
status = main(["build", "--no-cache"])
sys.exit(" and ".join(name for name in ("jinja2", "yaml") if name in sys.modules) or status)
"""


@pytest.mark.parametrize("own_template", [False, True])
def test_only_a_projects_own_templates_need_jinja_and_nothing_needs_pyyaml(tmp_path: Path, own_template: bool) -> None:
    """They are a stranger's text: each run compiles them, in the sandbox. Code is never read from a project or a cache."""
    (tmp_path / "sailwright.yaml").write_text(PROJECT)
    (tmp_path / "services" / "cart").mkdir(parents=True)
    (tmp_path / "services" / "cart" / "service.yaml").write_text(SERVICE)
    if own_template:
        (tmp_path / "templates").mkdir()
        built_in = next(path for path in SOURCES if path.name == "service.yaml.j2")
        (tmp_path / "templates" / "service.yaml.j2").write_text(built_in.read_text())
    done = subprocess.run([sys.executable, "-I", "-c", _BUILD], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == (1 if own_template else 0), done.stderr
    assert done.stderr.splitlines()[1:] == (["jinja2"] if own_template else [])
    assert "kind: Service" in (tmp_path / "rendered" / "prod" / "shop" / "cart.yaml").read_text()


RULE = {"name": "a", "match": [{"port": 80}], "settings": [("timeout", "1s")], "destinations": []}
DESTINATIONS = [{"destination": {"host": "a"}, "weight": 1, "headers": {"a": "b"}}, {"destination": {"host": "b"}}]
TEXTS = st.sampled_from(("", "a", "b: c", "# d", "null"))
PAIRS = st.lists(st.tuples(st.sampled_from(("x", "y")), TEXTS), max_size=2, unique_by=lambda pair: pair[0])
VALUES = st.one_of(
    st.none(), st.booleans(), TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2), st.lists(TEXTS, max_size=2)
)
RULES = st.lists(
    st.builds(
        lambda match, settings, route: {
            **RULE,
            "match": match,
            "settings": settings,
            "destinations": DESTINATIONS[:route],
        },
        st.lists(st.just({}), max_size=1),
        PAIRS,
        st.integers(0, 2),
    ),
    max_size=2,
)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
@settings(max_examples=20)
@given(data=st.data())
def test_a_template_compiled_ahead_makes_what_its_text_makes(source: Path, data: st.DataObject) -> None:
    """Whatever way its variables lead through it; where one of them is of the wrong kind, both fail."""
    name, text = source.name.partition(".")[0], source.read_text()
    names = sorted(meta.find_undeclared_variables(environment().parse(text)))
    variables = {}
    for each in names:
        kinds = {"settings": PAIRS, "jobSettings": PAIRS, "http": RULES, "tls": RULES, "tcp": RULES}
        if data.draw(st.integers(0, 9)):
            variables[each] = data.draw(kinds.get(each, VALUES))
    ahead, then = (
        _made(partial(of, root, name, *more), variables)
        for of, root, more in (
            (templates._of_notes, ROOTS[digest_of(text)], ({},)),
            (templates._of_text, templates._compiled(text, name), ()),
        )
    )
    assert ahead == then


def _made(builder: Any, variables: dict[str, Any]) -> str | None:
    """What a builder makes; None where the variables are not what the template needs."""
    context = Context(variables)
    try:
        return repr(builder(context)(context.values))
    except (Failure, TypeError, ValueError):
        return None
