"""The gate cannot be switched off by what it guards."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.hostile.repositories import CART, PROJECT, git, in_process, project

BAD = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bad, namespace: shop}
spec: {hosts: [a.example.com], http: [{route: [{destination: {host: a}, weight: 300}]}]}
"""
TEXT = (
    PROJECT
    + """\
manifests: [{paths: ["k8s/**/*.yaml"]}]
lint: {locked: [image-tag-latest], rules: {image-tag-latest: error}}
namespaces: {shop: {services: ["services/cart/*"]}}
known: {hosts: [a.example.com]}
validate: {backend: builtin}
"""
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project below the top of a repository, with a hand-written manifest."""
    top = project(tmp_path / "repository" / "deploy", text=TEXT)
    (top / "k8s" / "a").mkdir(parents=True)
    (top / "k8s" / "a" / "good.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"
    )
    assert in_process(top, "build").returncode == 0
    git(top.parent, "init", "-q")
    git(top.parent, "add", ".")
    git(top.parent, "commit", "-qm", "base")
    return top


def check(top: Path, *more: str) -> tuple[int, str]:
    assert in_process(top, "build").returncode in (0, 1)
    done = in_process(top, "check", "--base", "HEAD", *more)
    return done.returncode, done.stdout + done.stderr


def test_an_unchanged_gate_is_silent(repository: Path) -> None:
    assert "gate-changed" not in check(repository, "--config-ref", "HEAD")[1]
    assert "gate-changed" not in check(repository)[1]


def test_what_fails_is_said_by_the_trusted_commit(repository: Path) -> None:
    text = TEXT.replace("lint: {", "lint: {failOn: never, ")
    project(repository, CART.replace("cart:1.0.0", "cart:latest"), text)
    status, told = check(repository, "--config-ref", "HEAD")
    assert status == 1, told
    assert "lint.failOn is `never` here and absent in HEAD" in told
    assert "gate-changed" in check(repository)[1]


CHANGES = {
    "a namespace more": ('namespaces: {shop: {services: ["services/cart/*"]}}', "namespaces: {shop: {services: ['services/cart/*']}, x: {}}", "namespaces.x"),
    "a namespace wider": ('["services/cart/*"]', "['services/**']", "namespaces.shop"),
    "a host that is known": ("hosts: [a.example.com]", "hosts: [a.example.com, b.example.com]", "known.hosts"),
    "another backend": ("backend: builtin", "backend: auto", "validate.backend"),
    "no validation settings": ("validate: {backend: builtin}\n", "", "validate.backend"),
    "a release": ("version: 1.30.3", "version: 1.29.0", "istio.version"),
    "kinds": ("manifests:", "output: {extraKinds: [apps/v1/DaemonSet]}\nmanifests:", "output.extraKinds"),
    "a rule off": ("image-tag-latest: error", "image-tag-latest: off", "lint.rules.image-tag-latest"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_each_setting_that_decides_is_reported(repository: Path, what: str) -> None:
    old, new, path = CHANGES[what]
    assert old in TEXT
    project(repository, CART, TEXT.replace(old, new))
    for more in ((), ("--config-ref", "HEAD")):
        _, told = check(repository, *more)
        assert f"{path} is " in told, told
        assert "[gate-changed]" in told


def test_settings_that_decide_nothing_are_silent(repository: Path) -> None:
    """A service, an environment, a pattern more: what is checked only grows."""
    more = TEXT.replace("prod: {}", "prod: {}, test: {}").replace(
        '["services/*/service.yaml"]', '["services/*/service.yaml", "more/*.yaml"]'
    )
    project(repository, CART, more)
    (repository / "k8s" / "a" / "good.yaml").unlink()
    assert "gate-changed" not in check(repository)[1]


def dropped(top: Path) -> None:
    project(top, CART, TEXT.replace('manifests: [{paths: ["k8s/**/*.yaml"]}]\n', ""))


def narrowed(top: Path) -> None:
    project(top, CART, TEXT.replace("k8s/**/*.yaml", "k8s/a/g*.yaml"))


def another_project(top: Path) -> None:
    (top / "k8s" / "a" / "sailwright.yaml").write_text("")


@pytest.mark.parametrize("hide", [dropped, narrowed, another_project])
def test_a_bad_manifest_is_not_hidden(repository: Path, hide: object) -> None:
    (repository / "k8s" / "a" / "bad.yaml").write_text(BAD)
    assert check(repository, "--config-ref", "HEAD")[0] == 1
    assert callable(hide)
    hide(repository)
    status, told = check(repository, "--config-ref", "HEAD")
    assert status == 1, told
    assert (
        "k8s/a/bad.yaml:1:1: error: this file was checked in HEAD, and nothing checks it any more [gate-changed]"
        in told
    )
    assert "this file was checked in" in check(repository)[1]
    assert in_process(repository, "lint", "--config-ref", "HEAD").returncode == 1


def test_schemas_of_the_trusted_commit_count(repository: Path) -> None:
    """A change cannot take the schema away that its resource fails by."""
    crd = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
"""
    strict = TEXT.replace("{backend: builtin}", '{backend: builtin, schemas: ["crds/*.yaml"]}')
    project(repository, CART, strict)
    (repository / "crds").mkdir()
    (repository / "crds" / "things.yaml").write_text(crd)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "schema")
    (repository / "k8s" / "a" / "thing.yaml").write_text(
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: shop}\nspec: {size: big}\n"
    )
    assert "thing.yaml:4" in check(repository, "--config-ref", "HEAD")[1]
    (repository / "crds" / "things.yaml").write_text(crd.replace("integer", "string"))
    project(repository, CART, strict.replace(', schemas: ["crds/*.yaml"]', ""))
    status, told = check(repository, "--config-ref", "HEAD")
    assert status == 1
    assert "thing.yaml:4" in told


def test_a_project_file_in_the_folder_that_a_pattern_names_hides_nothing(repository: Path) -> None:
    """Only folders that a wildcard would have to enter are another project's."""
    (repository / "k8s" / "a" / "bad.yaml").write_text(BAD)
    (repository / "k8s" / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\n")
    status, told = check(repository, "--config-ref", "HEAD")
    assert status == 1
    assert "k8s/a/bad.yaml:4" in told
