"""Attacks on the gate by one setting or file each: what the change says never takes a finding away, and it is always reported.

Each attack is a base that is sound, a change that brings a fault, and what the change does so that the fault is not found.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile.repositories import CART, git, in_process, project

BASE = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
requires: ">=0.1"
kubernetes: {version: "1.34"}
istio: {version: 1.30.3, controlPlanes: {default: 1.30.3}, sidecarMode: native, meshConfig: mesh.yaml}
environments: {staging: {}, prod: {clusters: {eu: {}, us: {}}, kubernetes: {version: "1.34"}}}
manifests: [{paths: ["k8s/**/*.yaml"]}]
namespaces: {shop: {services: ["services/cart/*"], labels: {pod-security.kubernetes.io/enforce: baseline}}}
known: {hosts: [a.example.com], gateways: [istio-ingress/public]}
lint: {locked: [image-tag-latest], rules: {image-tag-latest: error}}
validate: {backend: builtin, schemas: ["crds/*.yaml"]}
"""
MESH = "rootNamespace: mesh-root\n"
CRD = """\
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
GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"
BAD = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bad, namespace: shop}
spec: {hosts: [a.example.com], http: [{route: [{destination: {host: a}, weight: 300}]}]}
"""
THING = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: shop}\nspec: {size: big}\n"
GATED = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: gated, namespace: shop}
spec: {hosts: [a.example.com], gateways: [istio-ingress/other], http: [{route: [{destination: {host: a.example.com}}]}]}
"""
OLD = """\
apiVersion: autoscaling/v2beta2
kind: HorizontalPodAutoscaler
metadata: {name: old, namespace: shop}
spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: old}}
"""
ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\nrules: []\n"
LATEST = CART.replace("cart:1.0.0", "cart:latest")
OTHER = CART.replace("name: cart", "name: other").replace("example.com/cart", "example.com/other")
INTO_ROOT = OTHER.replace("namespace: shop", "namespace: mesh-root")
ROOT = "{istio: {meshConfig: {rootNamespace: a}}}"
JOB = "apiVersion: example.com/v1\nkind: Task\nmetadata: {{ metadata }}\nspec: {}\n"


def repository(top: Path, text: str = BASE) -> Path:
    """A project below the top of a repository, built and committed."""
    project(top, text=text)
    for name, content in {"k8s/a/good.yaml": GOOD, "crds/things.yaml": CRD, "mesh.yaml": MESH}.items():
        write(top, name, content)
    assert in_process(top, "build").returncode == 0
    git(top.parent, "init", "-q")
    git(top.parent, "add", ".")
    git(top.parent, "commit", "-qm", "base")
    return top


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "repository" / "deploy")


def write(top: Path, name: str, content: str) -> None:
    """A file of the project."""
    (top / name).parent.mkdir(parents=True, exist_ok=True)
    (top / name).write_text(content)


def check(top: Path, *more: str) -> tuple[int, str]:
    """The gate, after a build as its author would run it."""
    in_process(top, "build", "--allow-removals")
    done = in_process(top, "check", "--base", "HEAD", *more)
    return done.returncode, done.stdout + done.stderr


Attack = tuple[dict[str, str], tuple[str, str] | None, str, str]
"""The files of the fault, the old and the new text of sailwright.yaml, what the fault is called, and what the gate says."""

SETTINGS: dict[str, Attack] = {
    "what fails": ({"services/cart/service.yaml": LATEST}, ("lint: {", "lint: {failOn: never, "), "[image-tag-latest]", "lint.failOn is"),
    "a rule off": ({"services/cart/service.yaml": LATEST}, ("latest: error", "latest: off"), "error: ", "lint.rules.image-tag-latest is"),
    "a rule lowered": ({"services/cart/service.yaml": LATEST}, ("latest: error", "latest: info"), "error: ", "lint.rules.image-tag-latest is"),
    "a rule unlocked": (
        {"services/cart/service.yaml": LATEST.replace('latest", weight: 80}', 'latest", weight: 80}  # sailwright: ignore[image-tag-latest] no')},
        ("locked: [image-tag-latest], ", ""), "[image-tag-latest]", "lint.locked is",
    ),
    "an ignored path": (
        {"services/cart/service.yaml": LATEST},
        ("lint: {", "lint: {ignore: [{rule: all, path: '**', reason: no}], "), "[image-tag-latest]", "lint.ignore is",
    ),
    "the lint block": ({"services/cart/service.yaml": LATEST}, ("lint: {locked: [image-tag-latest], rules: {image-tag-latest: error}}\n", ""), "error: ", "lint.locked is"),
    "who may render": ({"services/other/service.yaml": OTHER}, ('["services/cart/*"]', '["services/**"]'), "[namespace-not-allowed]", "namespaces.shop is"),
    "a namespace gone": (
        {"services/other/service.yaml": OTHER},
        ('namespaces: {shop: {services: ["services/cart/*"], labels: {pod-security.kubernetes.io/enforce: baseline}}}\n', ""),
        "[namespace-not-allowed]", "namespaces.shop is",
    ),
    "a namespace of Kubernetes": (
        {"services/other/service.yaml": OTHER.replace("shop", "kube-system")},
        ("namespaces: {", "namespaces: {kube-system: {services: ['services/**']}, "), "kube-system", "namespaces.kube-system is",
    ),
    "a kind of the whole cluster": (
        {"services/cart/service.yaml": CART + "include: [role.yaml]\n", "services/cart/role.yaml": ROLE},
        ("shop: {", "shop: {allow: [ClusterRole], "), "[include-unfit]", "namespaces.shop is",
    ),
    "a privilege": (
        {"services/cart/service.yaml": CART + "patches: [{target: {kind: Deployment}, patch: [{op: add, path: /spec/template/spec/hostNetwork, value: true}]}]\n"},
        ("shop: {", "shop: {allow: [hostNetwork], "), "hostNetwork", "namespaces.shop is",
    ),
    "kinds of templates": ({"templates/task.yaml.j2": JOB}, ("manifests:", "output: {extraKinds: [Task]}\nmanifests:"), "[template-fault]", "output.extraKinds is"),
    "what is known": ({"k8s/a/gated.yaml": GATED}, ("[istio-ingress/public]", "[istio-ingress/public, istio-ingress/other]"), "[gateway-unknown]", "known.gateways is"),
    "nothing is known": ({"k8s/a/gated.yaml": GATED}, ("known: {hosts: [a.example.com], gateways: [istio-ingress/public]}\n", ""), "[gateway-unknown]", "known.gateways is"),
    "no schemas": ({"k8s/a/thing.yaml": THING}, (', schemas: ["crds/*.yaml"]', ""), "thing.yaml:4", "validate.schemas is"),
    "a schema's text": ({"k8s/a/thing.yaml": THING, "crds/things.yaml": CRD.replace("integer", "string")}, None, "thing.yaml:4", "this file, which `validate.schemas` names"),
    "the Kubernetes version": (
        {"k8s/a/old.yaml": OLD},
        ('kubernetes: {version: "1.34"}}}\nmanifests', 'kubernetes: {version: "1.25"}}}\nmanifests'), "Kubernetes 1.34 has no HorizontalPodAutoscaler", "environments.prod.kubernetes is",
    ),
    "a file of MeshConfig": (
        {"services/other/service.yaml": INTO_ROOT, "mesh.yaml": "rootNamespace: istio-system\n"}, None,
        "[namespace-not-allowed]", "this file, which a setting of Istio names",
    ),
    "the MeshConfig": (
        {"services/other/service.yaml": INTO_ROOT}, ("meshConfig: mesh.yaml", "meshConfig: {}"), "[namespace-not-allowed]", "istio.meshConfig is",
    ),
    "the MeshConfig of an environment": (
        {"services/other/service.yaml": INTO_ROOT},
        ("environments: {staging: {}, prod: {", "environments: {staging: {istio: {meshConfig: {rootNamespace: a}}}, prod: {istio: {meshConfig: {rootNamespace: a}}, "),
        "[namespace-not-allowed]", "environments.prod.istio is",
    ),
    "the MeshConfig of a cluster": (
        {"services/other/service.yaml": INTO_ROOT},
        ("environments: {staging: {}, prod: {clusters: {eu: {}, us: {}}", f"environments: {{staging: {ROOT}, prod: {{clusters: {{eu: {ROOT}, us: {ROOT}}}"),
        "[namespace-not-allowed]", "environments.prod.clusters.eu.istio is",
    ),
    "manifests dropped": ({"k8s/a/bad.yaml": BAD}, ('manifests: [{paths: ["k8s/**/*.yaml"]}]\n', ""), "bad.yaml:4", "manifests names `k8s/**/*.yaml` in HEAD"),
    "manifests elsewhere": ({"k8s/a/bad.yaml": BAD}, ('["k8s/**/*.yaml"]', '["k9s/**/*.yaml"]'), "bad.yaml:4", "k8s/a/bad.yaml:1:1: error: this file was checked"),
    "manifests of one environment": (
        {"k8s/a/old.yaml": OLD},
        ('{paths: ["k8s/**/*.yaml"]}', '{paths: ["k8s/**/*.yaml"], environments: [test]}'), "Kubernetes 1.34 has no HorizontalPodAutoscaler", "manifests names",
    ),
    "services dropped": (
        {"services/cart/service.yaml": LATEST, "more/other/service.yaml": OTHER.replace("shop", "web")},
        ('services: ["services/*/service.yaml"]', 'services: ["more/*/service.yaml"]'), "[image-tag-latest]", "services/cart/service.yaml:1:1: error: this file was checked",
    ),
    "the output laid over manifests": (
        {"k8s/a/bad.yaml": BAD}, ("manifests:", "output: {path: k8s}\nmanifests:"), "k8s/a/bad.yaml", "output.path is",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SETTINGS)
def test_a_setting_takes_no_finding_away(top: Path, what: str) -> None:
    files, setting, fault, told = SETTINGS[what]
    old, new = setting or ("", "")
    assert old in BASE
    for name, content in files.items():
        write(top, name, content)
    text = BASE.replace(old, new, 1) if setting else BASE
    (top / "sailwright.yaml").write_text(
        text.replace("environments: {staging: {}", "environments: {staging: {}, test: {}")
    )
    status, printed = check(top, "--config-ref", "HEAD")
    assert status == 1, printed
    assert fault in printed, printed
    assert told in printed, printed
    assert "takes effect once" in printed or "error: this file was checked" in printed
    _, printed = check(top)
    assert told.replace("1:1: error", "1:1: warning").split(" in HEAD")[0] in printed, printed
    assert "[gate-changed]" in printed


@pytest.mark.parametrize("value", ["3.0", "true", "'3'"])
def test_a_number_of_another_type_is_another_setting(tmp_path: Path, value: str) -> None:
    """`3.0` is no whole number, so that the rule's default would count; in Python it equals 3."""
    old = "rules: {single-replica: {severity: error, minimum: 3}, "
    top = repository(tmp_path / "repository", BASE.replace("rules: {", old))
    check(top, "--config-ref", "HEAD")
    write(top, "services/cart/service.yaml", CART + "defaults: {replicas: 2}\n")
    write(top, "sailwright.yaml", BASE.replace("rules: {", old.replace("minimum: 3", f"minimum: {value}")))
    for more in ((), ("--no-cache",)):
        status, printed = check(top, "--config-ref", "HEAD", *more)
        assert status == 1, printed
        assert "[single-replica]" in printed
        assert "lint.rules.single-replica is" in printed


# -- files


def moved(old: str, new: str) -> Callable[[Path], None]:
    """A file that is renamed."""

    def attack(top: Path) -> None:
        (top / new).parent.mkdir(parents=True, exist_ok=True)
        os.rename(top / old, top / new)

    return attack


def added(files: dict[str, str]) -> Callable[[Path], None]:
    """New files."""

    def attack(top: Path) -> None:
        for name, content in files.items():
            write(top, name, content)

    return attack


def linked(link: str, target: str, *more: Callable[[Path], None]) -> Callable[[Path], None]:
    """A link in the place of what was there."""

    def attack(top: Path) -> None:
        for each in more:
            each(top)
        (top / link).parent.mkdir(parents=True, exist_ok=True)
        (top / link).symlink_to(target)

    return attack


def edited_output(old: str, new: str) -> Callable[[Path], None]:
    """An edit of what was rendered before, which no build writes any more."""

    def attack(top: Path) -> None:
        (top / "sailwright.yaml").write_text(BASE.replace(old, new, 1))
        in_process(top, "build", "--allow-removals")
        git(top, "checkout", "-q", "HEAD", "--", "rendered/prod")
        path = top / "rendered" / "prod" / "eu" / "shop" / "cart.yaml"
        path.write_text(path.read_text().partition("\n")[2].replace("cart:1.0.0", "evil:1.0.0"))

    return attack


def settings(text: str) -> Callable[[Path], None]:
    """Another sailwright.yaml."""
    return added({"sailwright.yaml": text})


HIDDEN = "this file was checked in HEAD, and nothing checks it any more"
FILES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a project file beside it": (added({"k8s/a/bad.yaml": BAD, "k8s/a/sailwright.yaml": ""}), "k8s/a/bad.yaml:4", HIDDEN),
    "a project file in a new folder": (added({"k8s/b/bad.yaml": BAD, "k8s/b/sailwright.yaml": ""}), "k8s/b/bad.yaml:4", HIDDEN),
    "a link called like a project file": (linked("k8s/a/sailwright.yaml", "../../mesh.yaml", added({"k8s/a/bad.yaml": BAD})), "k8s/a/bad.yaml:4", HIDDEN),
    "a project file above services": (
        added({"services/cart/service.yaml": LATEST, "services/cart/sailwright.yaml": "", "services/web/service.yaml": OTHER.replace("shop", "web")}),
        "error: the image", HIDDEN,
    ),
    "a folder with a dot": (added({"k8s/.a/bad.yaml": BAD}), "k8s/.a/bad.yaml:4", HIDDEN),
    "a file with a dot": (added({"k8s/a/.bad.yaml": BAD}), "k8s/a/.bad.yaml:4", HIDDEN),
    "a move below a dot": (moved("k8s/a/good.yaml", "k8s/.a/good.yaml"), "k8s/.a/good.yaml:1:1: error", HIDDEN),
    "a move to elsewhere": (moved("k8s/a/good.yaml", "other/good.yaml"), "other/good.yaml:1:1: error", HIDDEN),
    "another ending": (moved("k8s/a/good.yaml", "k8s/a/good.txt"), "k8s/a/good.txt:1:1: error", HIDDEN),
    "a link to a folder": (linked("k8s/b", "../other", added({"other/bad.yaml": BAD})), "k8s/b/bad.yaml:4", HIDDEN),
    "the folder is a link": (linked("k8s/a", "../other", moved("k8s/a", "other"), added({"other/bad.yaml": BAD})), "k8s/a/bad.yaml:4", HIDDEN),
    "a link to a bad file": (linked("k8s/a/bad.yaml", "../../other/bad.txt", added({"other/bad.txt": BAD})), "k8s/a/bad.yaml:4", ""),
    "an environment is gone": (
        edited_output(', prod: {clusters: {eu: {}, us: {}}, kubernetes: {version: "1.34"}}', ""),
        "rendered/prod/eu/shop/cart.yaml:1:1: error", "environments.prod is not declared here",
    ),
    "a cluster is gone": (edited_output("eu: {}, ", ""), "rendered/prod/eu/shop/cart.yaml:1:1: error", "environments.prod.clusters.eu is"),
    "the output is elsewhere": (
        edited_output("manifests:", "output: {path: out}\nmanifests:"), "rendered/prod/eu/shop/cart.yaml:1:1: error", "output.path is",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_no_file_is_hidden(top: Path, what: str) -> None:
    attack, fault, told = FILES[what]
    attack(top)
    status, printed = check(top, "--config-ref", "HEAD")
    assert status == 1, printed
    assert fault in printed, printed
    assert told in printed, printed
    assert told in check(top)[1].replace(git(top, "rev-parse", "HEAD")[:12], "HEAD")


REPORTED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a template": (added({"templates/deployment.yaml.j2": "x: 1\n"}), "templates/deployment.yaml.j2:1:1: warning: this template is not as in"),
    "a further template": (added({"templates/more.yaml.j2": "{# nothing #}\n"}), "templates/more.yaml.j2:1:1: warning: this template is not as in"),
    "a MeshConfig": (added({"mesh.yaml": "outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n"}), "mesh.yaml:1:1: warning: this file, which a setting of Istio names,"),
    "a schema more": (added({"crds/more.yaml": CRD.replace("things", "others").replace("Thing", "Other")}), "crds/more.yaml:1:1: warning: this file, which `validate.schemas` names,"),
    "a comment": (added({"services/cart/service.yaml": CART.replace("team-shop", "team-shop # sailwright: ignore[all] no")}), "service.yaml:4:18: info: all is suppressed here, and was not in"),
    "an annotation": (
        added({"k8s/a/good.yaml": GOOD.replace("name: a", "name: a, annotations: {sailwright.dev/ignore: all no}")}),
        "info: all is suppressed here, and was not in",
    ),
    "required versions": (settings(BASE.replace('requires: ">=0.1"\n', "")), "requires is not as in"),
    "control planes": (settings(BASE.replace("default: 1.30.3", "default: 1.29.0")), "istio.controlPlanes is not as in"),
    "the mode of sidecars": (settings(BASE.replace("sidecarMode: native", "sidecarMode: classic")), "istio.sidecarMode is not as in"),
}  # fmt: skip


@pytest.mark.parametrize("what", REPORTED)
def test_what_shapes_the_gate_is_reported(top: Path, what: str) -> None:
    attack, told = REPORTED[what]
    attack(top)
    for more in ((), ("--config-ref", "HEAD")):
        printed = check(top, *more)[1]
        assert told in printed, printed
        assert "[gate-changed]" in printed


# -- the list of projects itself


def test_a_project_file_nearer_to_where_the_gate_runs_takes_nothing_over(top: Path) -> None:
    """The gate that runs in a folder of the project finds the nearest sailwright.yaml."""
    inner = top / "services" / "cart"
    (inner / "sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nlint: {failOn: never}\nservices: [service.yaml]\n"
    )
    (inner / "service.yaml").write_text(LATEST)
    status, printed = check(inner, "--config-ref", "HEAD")
    assert status == 1
    assert (
        "files here are checked by deploy/sailwright.yaml in HEAD, and this file takes them over [gate-changed]"
        in printed
    )


def test_a_project_that_went_leaves_its_files_to_nobody(top: Path) -> None:
    """The gate that runs in the folder of an inner project would find the outer one, which checks other files."""
    outer = top.parent
    project(outer, text="apiVersion: sailwright/v1alpha1\nistio: {version: 1.30.3, sidecarMode: native}\n")
    assert in_process(outer, "build").returncode == 0
    git(outer, "add", ".")
    git(outer, "commit", "-qm", "outer")
    (top / "sailwright.yaml").unlink()
    write(top, "services/cart/service.yaml", LATEST)
    status, printed = check(top, "--config-ref", "HEAD")
    assert status == 1
    assert "this project is gone, and nothing checks deploy/" in printed
    for name in ("services", "k8s", "rendered", "crds"):
        shutil.rmtree(top / name)
    assert check(top, "--config-ref", "HEAD")[0] == 0


def test_a_submodule_in_the_place_of_manifests_is_reported(top: Path) -> None:
    """Its files are not in the checkout, and are in what is deployed."""
    commit = git(top, "rev-parse", "HEAD")
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{commit},deploy/k8s/more")
    (top / "k8s" / "more").mkdir()
    status, printed = check(top, "--config-ref", "HEAD")
    assert status == 1
    assert "k8s/more:1:1: error: this submodule is not in HEAD, and nothing checks its files" in printed


def test_a_project_file_that_went_is_missed(top: Path) -> None:
    (top / "k8s" / "a" / "bad.yaml").write_text(BAD)
    (top / "sailwright.yaml").unlink()
    assert check(top, "--config-ref", "HEAD")[0] == 2
    done = in_process(top, "lint", "k8s", "--config-ref", "HEAD")
    assert done.returncode == 1
    assert HIDDEN in done.stdout


def test_a_project_file_that_became_a_link_is_the_same(top: Path) -> None:
    (top / "sailwright.yaml").rename(top / "real.yaml")
    (top / "sailwright.yaml").symlink_to("real.yaml")
    write(top, "services/cart/service.yaml", LATEST)
    status, printed = check(top, "--config-ref", "HEAD")
    assert status == 1
    assert "gate-changed" not in printed
    git(top, "add", ".")
    git(top, "commit", "-qm", "link")
    (top / "real.yaml").write_text(BASE.replace("image-tag-latest: error", "image-tag-latest: off"))
    status, printed = check(top, "--config-ref", "HEAD")
    assert status == 1
    assert "lint.rules.image-tag-latest is `off` here" in printed


def test_a_trusted_commit_that_cannot_be_read_trusts_nobody(top: Path) -> None:
    (top / "sailwright.yaml").write_text(BASE.replace("services:", "servces:"))
    git(top, "commit", "-qam", "broken")
    (top / "sailwright.yaml").write_text(BASE.replace("lint: {", "lint: {failOn: never, "))
    status, printed = check(top, "--config-ref", "HEAD")
    assert status == 2
    assert "HEAD: nothing can be checked by the settings of this commit: sailwright.yaml:2" in printed


def test_the_output_is_what_the_change_says(top: Path) -> None:
    """A change of what renders is compared as it is written: only the verdict is the trusted commit's."""
    project(top, text=BASE.replace("version: 1.30.3", "version: 1.29.0").replace("shop: {", "shop: {render: true, "))
    status, printed = check(top, "--config-ref", "HEAD")
    assert "build --check: fine" in printed, printed
    assert "istio.version is not as in HEAD" in printed
    assert status == 0, printed


def test_a_new_project_is_one_finding_and_grants_itself_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "empty")
    for name, content in {"mesh.yaml": MESH, "crds/things.yaml": CRD, "services/cart/role.yaml": ROLE}.items():
        write(tmp_path, name, content)
    project(tmp_path, CART, BASE.replace("lint: {locked: [image-tag-latest], rules: {image-tag-latest: error}}\n", ""))
    status, printed = check(tmp_path, "--config-ref", "HEAD")
    assert status == 0, printed
    assert printed.count("[gate-changed]") == 1
    assert "sailwright.yaml:1:1: warning: this project is new: there is no sailwright.yaml in HEAD" in printed
    project(tmp_path, CART + "include: [role.yaml]\n", BASE.replace("shop: {", "shop: {allow: [ClusterRole], "))
    status, printed = check(tmp_path, "--config-ref", "HEAD")
    assert status == 1
    assert "[include-unfit]" in printed


# -- sound changes


def bump(top: Path) -> None:
    write(top, "services/cart/service.yaml", CART.replace("80", "70").replace("weight: 20", "weight: 30"))


def service_more(top: Path) -> None:
    write(top, "services/cart/service.yaml", CART + "---\n" + OTHER)


def manifest_more(top: Path) -> None:
    write(top, "k8s/b/more.yaml", GOOD.replace("name: a", "name: b"))


def hidden_of_another_program(top: Path) -> None:
    write(top, "k8s/.github/workflows/ci.yaml", "on: push\njobs: {}\n")
    write(top, ".vscode/settings.json", "{}\n")


def removed(top: Path) -> None:
    (top / "k8s" / "a" / "good.yaml").unlink()


def comments_only(top: Path) -> None:
    (top / "sailwright.yaml").write_text("# the shop\n" + BASE)


def formatted(top: Path) -> None:
    (top / "sailwright.yaml").write_text(BASE.replace("[a.example.com]", '["a.example.com"]'))


def environment_more(top: Path) -> None:
    (top / "sailwright.yaml").write_text(BASE.replace("staging: {}", "staging: {}, test: {}"))


def patterns_more(top: Path) -> None:
    (top / "sailwright.yaml").write_text(
        BASE.replace('["services/*/service.yaml"]', '["services/*/service.yaml", "more/*.yaml"]').replace(
            '{paths: ["k8s/**/*.yaml"]}', '{paths: ["k8s/**/*.yaml", "k9s/*.yaml"]}, {paths: ["k7s/*"]}'
        )
    )


def defaults(top: Path) -> None:
    (top / "sailwright.yaml").write_text(BASE + "defaults: {owner: team-shop}\n")


def another_project(top: Path) -> None:
    write(top.parent, "other/sailwright.yaml", "apiVersion: sailwright/v1alpha1\n")


def moved_within(top: Path) -> None:
    moved("k8s/a/good.yaml", "k8s/c/good.yaml")(top)


def moved_comment(top: Path) -> None:
    write(top, "k8s/a/good.yaml", GOOD.replace("kind: ConfigMap", "kind: ConfigMap # sailwright: ignore[all] known"))
    git(top, "commit", "-qam", "comment")
    moved("k8s/a/good.yaml", "k8s/c/good.yaml")(top)


SOUND = [
    bump, service_more, manifest_more, hidden_of_another_program, removed, comments_only, formatted, environment_more,
    patterns_more, defaults, another_project, moved_within, moved_comment,
]  # fmt: skip


@pytest.mark.parametrize("change", SOUND)
def test_a_sound_change_gives_no_finding_of_the_gate(top: Path, change: Callable[[Path], None]) -> None:
    change(top)
    for more in ((), ("--config-ref", "HEAD")):
        status, printed = check(top, *more)
        assert "gate-changed" not in printed
        assert status == 0, printed
