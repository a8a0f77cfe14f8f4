"""`include` and `config.files`: what belongs beside a service, and what does not."""

import pytest
from tests.render.project import ONE, PROJECT, objects, told

from sailwright.render.guarded_kinds import CLUSTER_SCOPED, POWERFUL, RIGHTS


def test_included_objects_get_the_namespace_of_the_service() -> None:
    files = {
        "more.yml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, labels: {a: b}}\n---\napiVersion: v1\nkind: PriorityClass\nmetadata: {name: high}\n".replace(
            "v1\nkind: Pr", "scheduling.k8s.io/v1\nkind: Pr"
        )
    }
    project = PROJECT + "namespaces: {shop: {allow: [PriorityClass]}}\n"
    found = objects(ONE + "include: [more.yml]\n", files=files, project=project)
    assert found["ConfigMap/extra"]["metadata"] == {"name": "extra", "namespace": "shop", "labels": {"a": "b"}}
    assert "namespace" not in found["PriorityClass/high"]["metadata"]


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {k: c2VjcmV0}\n", "a Secret is never rendered"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: kube-system}\n", "this object is for kube-system"),
        ("kind: ConfigMap\nmetadata: {name: c}\n", "no Kubernetes object"),
        ("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret, metadata: {name: s}}]\n", "a Secret is never rendered"),
        ("a: [\n", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_included_is_told_at_its_own_line(manifest: str, said: str) -> None:
    found = told(ONE + "include: [more.yml]\n", files={"more.yml": manifest})
    assert [said in finding.message for finding in found] == [True]
    assert found[0].location.file == "more.yml"
    assert "c2VjcmV0" not in repr(found)


def test_files_that_are_not_there_are_told_at_the_line_that_names_them() -> None:
    found = told(ONE + "include: [more.yml]\nconfig: {files: [app.conf]}\n")
    assert {(finding.location.line, finding.rule) for finding in found} == {(6, "include-missing"), (7, "config-file")}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("{files: [a.conf, b/a.conf]}", "two files would be `a.conf`"),
        ("{files: {'a key': a.conf}}", "cannot be a key of a ConfigMap"),
        ("{files: [a.conf], mountPath: /etc/a}", "is the volume of `config.files`"),
    ],
)
def test_config_files_and_their_volume_have_names_of_their_own(config: str, said: str) -> None:
    text = ONE.replace('"cart:1"', '"cart:1", volumes: [{name: config-files, emptyDir: {}}]') + f"config: {config}\n"
    found = told(text, files={"a.conf": "x", "b/a.conf": "y"})
    assert [said in finding.message for finding in found] == [True]


GUARDED = {
    **dict.fromkeys(sorted(POWERFUL), "example.com/v1"),
    **{kind: f"{groups[0]}/v1".lstrip("/") for kind, groups in (*CLUSTER_SCOPED.items(), *RIGHTS.items())},
}


@pytest.mark.parametrize("kind", GUARDED)
def test_what_a_namespace_does_not_hold_needs_the_projects_word(kind: str) -> None:
    """Its owners list the kind under `namespaces.N.allow`, or under `output.extraKinds` for the whole project."""
    text = ONE + "include: [more.yml]\n"
    files = {"more.yml": f"apiVersion: {GUARDED[kind]}\nkind: {kind}\nmetadata: {{name: c}}\n"}
    [finding] = told(text, files=files)
    assert (finding.rule, finding.location.file, finding.location.line) == ("include-unfit", "more.yml", 2)
    assert f"namespaces: {{shop: {{allow: [{kind}]}}}}" in finding.help
    assert told(text, files=files, project=PROJECT + f"namespaces: {{shop: {{allow: [{kind}]}}}}\n") == []
    assert told(text, files=files, project=PROJECT + f"output: {{extraKinds: [{kind}]}}\n") == []


@pytest.mark.parametrize(
    "manifest",
    [
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy",
        "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster",
        "apiVersion: cert-manager.io/v1\nkind: Issuer",
        "apiVersion: iam.example.com/v1\nkind: Role",
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor",
    ],
)
def test_what_a_namespace_holds_may_be_included(manifest: str) -> None:
    files = {"more.yml": f"{manifest}\nmetadata: {{name: c}}\n"}
    assert told(ONE + "include: [more.yml]\n", files=files) == []


POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n"
LEFT_OUT = {
    "SOPS": ("a: b\nsops: {mac: x, version: 3.8.1}\n", "more.yml: document 1 is no object of the cluster: encrypted with SOPS"),
    "a patch": (POLICY + "---\n$patch: delete\nkind: Role\n", "document 2 is no object of the cluster: a patch of kustomize"),
    "kustomize": ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "kustomize reads it, not the cluster"),
    "a kubeconfig": ("apiVersion: v1\nkind: Config\nclusters: []\n", "a kubeconfig"),
    "an item of a List": ("apiVersion: v1\nkind: List\nitems:\n- {$patch: delete}\n", "a patch of kustomize"),
    "a list": (POLICY + "---\n- a\n", "document 2 is no map"),
    "a scalar": ("text\n", "document 1 is no map"),
    "Ansible Vault": ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "encrypted with Ansible Vault"),
    "a template": ("kind: {{ .Values.kind }}\n{{- if .Values.x }}\na: b\n{{- end }}\n", "template"),
}  # fmt: skip


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_is_no_object_of_the_cluster_is_one_error_at_the_include(what: str) -> None:
    """It would be missing from the output without a word."""
    manifest, said = LEFT_OUT[what]
    (found,) = told(ONE + "include: [more.yml]\n", files={"more.yml": manifest})
    assert (found.rule, found.severity, found.location.line) == ("include-unfit", "error", 6)
    assert said in found.message


def test_empty_documents_and_comments_are_passed_over() -> None:
    assert told(ONE + "include: [more.yml]\n", files={"more.yml": f"# a role\n---\n{POLICY}---\n"}) == []
