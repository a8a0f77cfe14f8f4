"""`patches`: what they change, and what they may not."""

import pytest
from tests.render.project import ONE, PROJECT, TWO, objects, told


def patches(text: str) -> str:
    return ONE + "patches:\n  - target: {kind: Deployment}\n    patch: " + text + "\n"


def test_a_json_patch_and_a_merge_patch_say_the_same() -> None:
    by_operation = patches("[{op: add, path: /spec/minReadySeconds, value: 10}]")
    by_merge = patches("{spec: {minReadySeconds: 10}}")
    assert objects(by_operation)["Deployment/cart-v1"]["spec"]["minReadySeconds"] == 10
    assert objects(by_operation) == objects(by_merge)


def test_a_patch_without_a_name_reaches_all_of_its_kind() -> None:
    text = (
        TWO
        + "patches: [{target: {kind: Deployment}, patch: {spec: {paused: true}}}, {target: {kind: Deployment, name: cart-v2}, patch: {spec: {paused: null}}}]\n"
    )
    found = objects(text)
    assert found["Deployment/cart-v1"]["spec"]["paused"] is True
    assert "paused" not in found["Deployment/cart-v2"]["spec"]


def test_patches_come_before_injection() -> None:
    text = patches("[{op: add, path: /spec/template/metadata/annotations, value: {sidecar.istio.io/proxyCPU: 9m}}]")
    template = objects(text, injecting=True)["Deployment/cart-v1"]["spec"]["template"]
    sidecar = next(item for item in template["spec"]["initContainers"] if item["name"] == "istio-proxy")
    assert sidecar["resources"] == {"requests": {"cpu": "9m"}}


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ("{apiVersion: v2}", "may not change /apiVersion"),
        ("{kind: Job}", "may not change /kind"),
        ("{metadata: {name: other}}", "may not change /metadata/name"),
        ("{metadata: {namespace: other}}", "may not change /metadata/namespace"),
        ("{spec: {selector: {matchLabels: {app: x}}}}", "may not change /spec/selector"),
        ("[{op: remove, path: /spec/selector/matchLabels/version}]", "may not change /spec/selector"),
        ('[{op: replace, path: "", value: []}]', "nothing would be left"),
        ("{spec: {template: {spec: {hostNetwork: true}}}}", "may not grant hostNetwork"),
        ("{spec: {template: {spec: {volumes: [{name: v, hostPath: {path: /}}]}}}}", "hostPath volume `v`"),
        ("[{op: add, path: /spec/template/spec/containers/0/securityContext, value: {privileged: true}}]", "`privileged`"),
        ("[{op: add, path: /spec/template/spec/containers/0/securityContext, value: {capabilities: {add: [SYS_ADMIN]}}}]", "SYS_ADMIN"),
        ("[{op: add, path: /spec/template/spec/containers/0/ports/0/hostPort, value: 80}]", "hostPort 80"),
        ("{spec: {template: {spec: {securityContext: {seccompProfile: {type: Unconfined}}}}}}", "no seccomp profile"),
        ("{spec: {template: {spec: {securityContext: {sysctls: [{name: kernel.msgmax, value: a}]}}}}}", "kernel.msgmax"),
        ("{spec: {template: {spec: {serviceAccountName: admin}}}}", "the ServiceAccount `admin`"),
        ("{spec: {template: {spec: {ephemeralContainers: [{name: e, securityContext: {privileged: true}}]}}}}", "`e`"),
        ("{spec: {template: {metadata: {annotations: {sidecar.istio.io/proxyImage: example.com/p:1}}}}}", "sidecar image"),
        ("{spec: {template: {metadata: {annotations: {sidecar.istio.io/userVolume: '[{\"name\":\"h\",\"hostPath\":{}}]'}}}}}", "hostPath volume `h`"),
        ("[{op: replace, path: /spec/nothing, value: 1}]", "there is nothing at /spec/nothing"),
        ("[{op: test, path: /spec/template/spec/containers/0/name, value: other}]", "the value at"),
    ],
)  # fmt: skip
def test_what_a_patch_may_not_do_is_an_error_at_its_line(patch: str, said: str) -> None:
    found = told(patches(patch))
    assert [said in finding.message for finding in found] == [True]
    assert (found[0].severity, found[0].location.line) == ("error", 8)


def test_a_privilege_in_the_services_own_words_is_no_matter_of_patches() -> None:
    """It is measured at its own line."""
    text = ONE.replace('"cart:1"', '"cart:1", securityContext: {privileged: true}')
    text += "patches: [{target: {kind: Deployment}, patch: {spec: {paused: true}}}]\n"
    assert [(finding.rule, finding.location.line) for finding in told(text)] == [("privilege-not-allowed", 5)]


def test_another_value_is_another_privilege() -> None:
    """A volume of the node that is there already may not be moved, and an equal one is no news."""
    mounted = ONE.replace('"cart:1"', '"cart:1", volumes: [{name: l, hostPath: {path: /var/log}}]')
    moved = "patches: [{target: {kind: Deployment}, patch: [{op: replace, path: /spec/template/spec/volumes/0/hostPath/path, value: %s}]}]\n"

    def of_patches(text: str) -> list[bool]:
        return ["the hostPath volume `l`" in found.message for found in told(text) if found.rule == "patch-privilege"]

    assert of_patches(mounted + moved % "/") == [True]
    assert of_patches(mounted + moved % "/var/log") == []


def test_the_project_can_allow_a_privilege_in_a_namespace() -> None:
    """Its owners review sailwright.yaml."""
    text = patches("{spec: {template: {spec: {hostNetwork: true}}}}")
    allowed = PROJECT + "namespaces: {shop: {allow: [hostNetwork]}}\n"
    assert told(text, project=allowed) == []
    assert len(told(text, project=allowed.replace("hostNetwork", "hostPID"))) == 1


@pytest.mark.parametrize(
    ("kind", "patch", "words"),
    [
        ("AuthorizationPolicy", "{spec: {rules: [{}]}}", "access for everybody"),
        ("VirtualService", "{spec: {hosts: [pay.bank.svc.cluster.local]}}", "of namespace bank"),
    ],
)
def test_a_patch_may_not_open_what_is_not_its_own(kind: str, patch: str, words: str) -> None:
    """Access for everybody, and the routes of another namespace."""
    text = TWO + "accessPolicy: {inbound: [{namespace: web}]}\nroutes: [{name: all, to: [{version: v1}]}]\n"
    text += f"patches: [{{target: {{kind: {kind}}}, patch: {patch}}}]\n"
    assert [words in finding.message for finding in told(text) if finding.rule == "patch-privilege"] == [True]


def test_an_included_object_can_be_patched_too() -> None:
    text = ONE + "include: [role.yml]\npatches: [{target: {kind: Role}, patch: {rules: []}}]\n"
    files = {
        "role.yml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: cart}\nrules: [{verbs: [get]}]\n"
    }
    project = PROJECT + "namespaces: {shop: {allow: [Role]}}\n"
    assert objects(text, files=files, project=project)["Role/cart"]["rules"] == []
