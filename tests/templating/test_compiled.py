"""The built-in templates are compiled ahead of time: what is kept in the repository is what Jinja makes of them."""

import subprocess
import sys
from pathlib import Path

import pytest
from tools import compile_templates

from sailwright.source.templating import templates
from sailwright.source.templating.compiled import ROOTS
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
