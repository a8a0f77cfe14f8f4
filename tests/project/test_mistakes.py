"""Typical mistakes in service.yaml and sailwright.yaml: each is one finding at its line, with the line to write."""

from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from sailwright.cli.group import sailwright
from sailwright.diagnostics.finding import Finding
from sailwright.project.reading import read_project
from sailwright.project.services import read_services
from sailwright.source.files.checkout import Disk

PROJECT = dedent("""\
    apiVersion: sailwright/v1alpha1
    services: ["services/*/service.yaml"]
    istio: {version: 1.31.0, controlPlanes: {default: 1.31.0}, sidecarMode: native}
    kubernetes: {version: "1.34"}
    """)
SERVICE = dedent("""\
    apiVersion: sailwright/v1alpha1
    name: shop
    namespace: demo
    ports:
      - {name: http, port: 80, targetPort: 8080, appProtocol: http}
    defaults:
      replicas: 2
    versions:
      - name: v1
        image: registry.example.com/shop:1.8.2
        weight: 80
      - name: v2
        image: registry.example.com/shop:1.9.0
        weight: 20
    routes:
      - name: staff
        match: [{headers: {x-user: {exact: staff}}}]
        to: v2
    """)
MATCH = "{headers: {x-user: {exact: staff}}}"
OVERLAID = PROJECT + "environments: {staging: {}}\n"
PORT = "{name: http, port: 80, targetPort: 8080, appProtocol: http}"
VERSIONS = SERVICE[SERVICE.index("versions:") : SERVICE.index("routes:")]
EXPOSE = "write `expose: {hosts:"


def findings(root: Path, service: str, project: str = PROJECT) -> tuple[Finding, ...]:
    (root / "sailwright.yaml").write_text(project)
    (root / "services" / "shop").mkdir(parents=True)
    (root / "services" / "shop" / "service.yaml").write_text(service)
    reading = read_project(Disk(str(root)))
    if reading.project is None:
        return reading.findings
    return (*reading.findings, *read_services(reading.project, reading.project.targets).findings)


def told(found: tuple[Finding, ...]) -> list[tuple[int, str]]:
    return [(finding.location.line, f"{finding.message}; {finding.help}") for finding in found]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "remedy"),
    [
        (MATCH, "{uri: /api}", 17, "write `uri: {prefix: /api}`, or `{exact: /api}` for this path alone"),
        (MATCH, "{headers: {x-user: staff}}", 17, "write `x-user: {exact: staff}`"),
        (MATCH, "{queryParams: {page: 2}}", 17, "write `page: {exact: 2}`"),
        (MATCH, "{method: GET}", 17, "write `method: {exact: GET}`"),
        (MATCH, "{path: {prefix: /api}}", 17, "unknown key `path`; write `uri: {prefix: /api}`"),
        (MATCH, "{prefix: /api}", 17, "unknown key `prefix`; write `uri: {prefix: /api}`"),
        (MATCH, "{host: {exact: a.example.com}}", 17, "write `authority: {exact: shop.example.com}`"),
        (MATCH, "{query: {a: {exact: b}}}", 17, "write `queryParams:"),
        (MATCH, "{header: {x-user: {exact: staff}}}", 17, "did you mean `headers`?"),
        ("to: v2", "to: {host: checkout}", 18, "write `to: [{host: checkout}]`"),
        ("to: v2", "to: {version: v2}", 18, "write `to: v2`"),
        ("to: v2", "to: {v1: 20%, v2: 80}", 18, "write `20`, without the percent sign"),
        ("to: v2", "to: [v1, v2]", 18, "weights by version: `to: {v1: 90, v2: 10}`"),
        ("to: v2", "to: [{subset: v2, weight: 100}]", 18, "write `version: NAME` for a version of this service"),
        ("to: v2", "route: v2", 18, "unknown key `route`; write `to: VERSION`"),
        ("to: v2", "destination: {host: shop, subset: v2}", 18, "write `to: VERSION`"),
        ("versions:", "version:", 8, "unknown key `version`; did you mean `versions`?"),
        (VERSIONS, "image: registry.example.com/shop:1\n", 8, "write `versions: [{name: v1, image: NAME:TAG}]`"),
        (VERSIONS, "versions: {v1: {image: shop}}\n", 8, "write a list: `- name: v1`"),
        (VERSIONS, "versions: [v1]\n", 8, "write `- {name: v1, image: NAME:TAG}`"),
        ("  - name: v1\n", "  - version: v1\n", 9, "unknown key `version`; write `name: v1`"),
        ("  - name: v2\n", "  - name: v1\n", 12, "the version `v1` is given twice"),
        ("weight: 20\n", "weight: 20%\n", 14, "write `20`, without the percent sign"),
        ("weight: 20\n", 'weight: "20"\n', 14, "write it without quotes: 20"),
        ("weight: 20\n", "weight: 0.2\n", 14, "weights are percentages: write `20`"),
        ("weight: 20\n", "percent: 20\n", 14, "unknown key `percent`; write `weight: 20`"),
        ("image: registry.example.com/shop:1.9.0", "tag: 1.9.0", 13, "unknown key `tag`; write `image: NAME:TAG`"),
        (PORT, "80", 5, "write `- {name: http, port: 80, appProtocol: http}`"),
        (PORT, "{name: http, port: 80, protocol: HTTP}", 5, "write `appProtocol: http`"),
        (PORT, "{name: http, containerPort: 8080, appProtocol: http}", 5, "write `targetPort: 8080`"),
        ("replicas: 2", "env: {MODE: fast}", 7, 'write a list: `- {name: MODE, value: "fast"}`'),
        ("replicas: 2", "env: [MODE=fast]", 7, 'write `- {name: MODE, value: "fast"}`'),
        ("replicas: 2", "resources: {cpu: 1}", 7, "write `requests: {cpu: 100m, memory: 128Mi}`"),
        ("replicas: 2", "memory: 1Gi", 7, "write `resources: {requests: {cpu: 100m, memory: 128Mi}}`"),
        ("sailwright/v1alpha1", "sailwright/v1", 1, "found `sailwright/v1`; write `sailwright/v1alpha1`"),
        ("apiVersion: sailwright/v1alpha1\n", "", 1, "write `apiVersion: sailwright/v1alpha1`"),
        ("namespace: demo\n", "", 1, "write `namespace: NAMESPACE`"),
        ("name: shop", "name: my_Shop", 2, "write `my-shop`"),
        (PORT, "{port: 80, appProtocol: http}", 5, "write `name: http`"),
        (PORT, "{name: web, port: 80, targetPort: 8080}", 5, "write `appProtocol: http`"),
        (PORT, "{name: grpc-api, port: 80, targetPort: 8080}", 5, "write `appProtocol: grpc`"),
        (PORT, "{name: web, port: 80, targetPort: 8080, appProtocol: tcp}", 15, "write `appProtocol: http` where that"),
        (VERSIONS, "", 1, "write `versions: [{name: v1, image: NAME:TAG}]`"),
        ("weight: 20\n", "weight: 30\n", 14, "write `weight: 20` here, or change another"),
        ("to: v2", "to: {v1: 90, v2: 20}", 18, "write `v2: 10` here, or change another"),
        (MATCH, "{uri: {contains: /api}}", 17, "write `regex: ...`"),
        (MATCH, "{headers: {x-user: {equals: staff}}}", 17, "write `exact: ...`"),
        ("replicas: 2", "readinessProbe: /health", 7, "write `readinessProbe: {httpGet: {path: /health, port: http}}`"),
        ("replicas: 2", "readinessProbe: {path: /health, port: 8080}", 7, "write `httpGet: {path: /health, port: http}`"),
        ("replicas: 2", "resources: {limits: {memory: 64MB}}", 7, "write `64Mi`, or `64M` for powers of ten"),
        ("to: v2", "to: v2\n    timeout: 500", 19, "add a unit: 500ms or 500s"),
        ("to: v2", "to: v2\n    timeout: 5 seconds", 19, "write `5s`"),
        ("to: v2", "to: v2\n    fault: {abort: {status: 503}}", 19, "write `httpStatus: 503`"),
        ("namespace: demo\n", "namespace: demo\nnamespace: demo\n", 4, "the key `namespace` is written twice"),
        ("    image: registry.example.com/shop:1.8.2", "   image: registry.example.com/shop:1.8.2", 10,
         "give it the indentation of the other keys of the item"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_service_is_one_finding_with_its_remedy(
    tmp_path: Path, right: str, wrong: str, line: int, remedy: str
) -> None:
    assert right in SERVICE
    found = told(findings(tmp_path, SERVICE.replace(right, wrong, 1)))
    assert [at for at, _ in found] == [line], found
    assert remedy in found[0][1]


@pytest.mark.parametrize(
    ("added", "remedy"),
    [
        ("hosts: [shop.example.com]", EXPOSE),
        ("domain: shop.example.com", EXPOSE),
        ("ingress: {}", EXPOSE),
        ("replicas: 3", "write it under `defaults`, or under one of `versions`"),
        ("env: [{name: A, value: b}]", "write it under `defaults`"),
        ("containers: []", "write it under `defaults`"),
        ("healthCheck: {}", "write `livenessProbe`, `readinessProbe` or `startupProbe` under `defaults`"),
        ("hpa: {}", "write `autoscaling: {minReplicas: 2, maxReplicas: 10}`"),
        ("pdb: {}", "write `disruptionBudget: {minAvailable: 1}`"),
        ("outlierDetection: {}", "write it under `trafficPolicy`"),
        ("virtualService: {}", "write `routes:"),
        ("canary: 10", "write a `weight` under each of `versions`"),
        ("cors: {}", "write `corsPolicy`"),
        ("retries: 3", "write `retries: {attempts: 3}`"),
        ("serviceAccountName: shop", "write `serviceAccount: NAME`"),
        ("authorizationPolicy: {}", "write `accessPolicy: {inbound:"),
        ("egress: []", "write `accessPolicy: {outbound:"),
        ("mtls: STRICT", "write `mesh: {mtls: STRICT}`"),
        ("mesh: {inject: true}", "write `inject: build`"),
        ("configMap: {}", "write `config: {files: [...]}`"),
        ('schedule: "0 3 * * *"', "write `workload: {kind: CronJob, schedule: ...}`"),
        ("type: LoadBalancer", "write `service: {type: ...}`"),
        ("metadata: {}", "write `name`, `namespace`, `labels` and `annotations` at the top"),
        ("expose: {host: shop.example.com}", "did you mean `hosts`?"),
        ("expose: shop.example.com", 'write `expose: {hosts: ["shop.example.com"], gateways: [NAMESPACE/GATEWAY]}`'),
        ("exportTo: demo", 'write a list: `exportTo: ["demo"]`'),
        ("accessPolicy: {ingress: []}", "write `inbound: [{service: NAMESPACE/NAME}]`"),
        ("accessPolicy: {inbound: [demo/cart]}", "write `- service: demo/cart`"),
        ("accessPolicy: {inbound: [{servce: demo/cart}]}", "did you mean `service`?"),
        ("trafficPolicy: {circuitBreaker: {}}", "write `outlierDetection`"),
        ("tests: [{name: a, request: {path: /}, expect: v1}]", "write `expect: {version: v1}`"),
        ("tests: [{name: a, request: {path: /}}]", "write `expect: {version: v1}`"),
        ("tests: [{name: a, url: /, expect: {version: v1}}]", "write `request: {path: /, headers: {...}}`"),
        ("expose: {hosts: [shop.example.com]}", "write `gateways: [NAMESPACE/GATEWAY]`"),
        ('expose: {hosts: ["https://shop.example.com/"], gateways: [a/b]}', "write the host alone: `shop.example.com`"),
        ("fault: {delay: {percentage: 10, fixedDelay: 2s}}", "write `percentage: {value: 10}`"),
        ("mirror: v2", "write `mirror: {to: v2}`"),
        ("mesh: false", "write `mesh: {inject: none}`"),
        ("mesh: {sidecar: false}", "write `mesh: {inject: none}`"),
        ("environments: [staging]", "write a map: `environments: {staging: {}}`"),
        ("environments: {staging: {versions: [{name: v1, weight: 50}]}}", "write the weight of `v2` here too"),
    ],
)
def test_a_key_of_another_tool_is_answered_with_ours(tmp_path: Path, added: str, remedy: str) -> None:
    found = told(findings(tmp_path, f"{SERVICE}{added}\n", OVERLAID))
    assert [at for at, _ in found] == [19], found
    assert remedy in found[0][1]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "remedy"),
    [
        ('{version: "1.34"}', "{version: 1.30}", 4, 'put quotes around the version, as in `"1.30"`'),
        ('{version: "1.34"}', '{version: ["1.33", 1.34]}', 4, 'put quotes around the version, as in `"1.34"`'),
        ('{version: "1.34"}', "{version: v1.34}", 4, 'write `"1.34"`'),
        ('{version: "1.34"}', '"1.34"', 4, 'write `kubernetes: {version: "1.34"}`'),
        ("version: 1.31.0,", "version: 1.30,", 3, "write all three numbers, as in `1.30.0`"),
        ("version: 1.31.0,", 'version: "1.31",', 3, "write all three numbers, as in `1.31.0`"),
        ("{default: 1.31.0}", "1.31.0", 3, "`controlPlanes: {default: 1.31.0}`"),
        ("sailwright/v1alpha1", "sailwright/v1", 1, "found `sailwright/v1`; write `sailwright/v1alpha1`"),
        ('["services/*/service.yaml"]', "services/*/service.yaml", 2, 'write a list: `services: ["services/*/'),
    ],
)
def test_a_mistake_in_the_project_file_is_one_finding_with_its_remedy(
    tmp_path: Path, right: str, wrong: str, line: int, remedy: str
) -> None:
    assert right in PROJECT
    found = told(findings(tmp_path, SERVICE, PROJECT.replace(right, wrong, 1)))
    assert [at for at, _ in found] == [line], found
    assert remedy in found[0][1]


@pytest.mark.parametrize(
    ("added", "remedy"),
    [
        ("environments: [staging, prod]", "write a map: `environments: {staging: {}, prod: {}}`"),
        ("clusters: {eu1: {}}", "write it under `environments.NAME`"),
        ("meshConfig: {}", "write it under `istio`"),
        ("istioVersion: 1.31.0", "write `istio: {version: ...}`"),
        ('k8sVersion: "1.34"', 'write `kubernetes: {version: "1.34"}`'),
        ("rules: {}", "write it under `lint`"),
        ("output: out", "write `output: {path: out}`"),
        ('manifests: ["k8s/*.yaml"]', 'write `- paths: ["k8s/*.yaml"]`'),
        ("manifests: [{path: k8s}]", "did you mean `paths`?"),
    ],
)
def test_a_key_that_belongs_elsewhere_in_the_project_file(tmp_path: Path, added: str, remedy: str) -> None:
    found = told(findings(tmp_path, SERVICE, f"{PROJECT}{added}\n"))
    assert [at for at, _ in found] == [5], found
    assert remedy in found[0][1]


def test_a_kubernetes_manifest_is_no_service_file(tmp_path: Path) -> None:
    deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {replicas: 2}\n"
    assert told(findings(tmp_path, deployment)) == [
        (2, ("this is a Kubernetes manifest (Deployment), not a service file; draft a service file from it with"
            " `sailwright init --from FILE`, or list it under `manifests` in sailwright.yaml")),
    ]  # fmt: skip


def test_a_sound_service_is_silent(tmp_path: Path) -> None:
    assert findings(tmp_path, SERVICE) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "remedy"),
    [
        ("environments: {staging: {}}", "environments: {staging: {defaults: {}}}", "service file, under `environments: {staging: ...}`"),
        ("environments: {staging: {}}", "namespaces: {demo: {istio-injection: enabled}}", "write `labels: {istio-injection: ...}`"),
        ("environments: {staging: {}}", "lint: {disable: [image-tag-latest]}", "write `rules: {RULE: off}`"),
        ("environments: {staging: {}}", "lint: {ignore: [image-tag-latest]}", 'write `- {rule: image-tag-latest, path: "**", reason: WHY}`'),
        ("environments: {staging: {}}", "lint: {rules: {image-tag-latest: no}}", "write `off`"),
        ("environments: {staging: {}}", "output: {dir: out}", "write `path: rendered`"),
    ],
)  # fmt: skip
def test_a_key_deeper_in_the_project_file(tmp_path: Path, right: str, wrong: str, remedy: str) -> None:
    found = told(findings(tmp_path, SERVICE, OVERLAID.replace(right, wrong)))
    assert [at for at, _ in found] == [5], found
    assert remedy in found[0][1]


def test_a_file_of_another_program_is_one_finding(tmp_path: Path) -> None:
    ((line, text),) = told(findings(tmp_path, "image: {repository: a, tag: b}\nreplicaCount: 2\n"))
    assert line == 1
    assert "this is no service file" in text
    assert "`apiVersion: sailwright/v1alpha1`" in text


def test_a_template_is_one_finding(tmp_path: Path) -> None:
    ((line, text),) = told(findings(tmp_path, SERVICE.replace("name: shop", "name: {{ .Values.name }}", 1)))
    assert line == 2
    assert "a template is rendered first" in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("validat", "validate"),
        ("render", "build"),
        ("template", "build --stdout"),
        ("analyze", "lint"),
        ("apply", "build"),
    ],
)
def test_a_command_of_another_tool_is_answered_with_ours(typed: str, meant: str) -> None:
    refused = CliRunner().invoke(sailwright, [typed])
    assert refused.exit_code == 2
    assert f"there is no command `{typed}`: did you mean `{meant}`?" in refused.output


def test_a_project_file_with_the_other_ending_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sailwright.yml").write_text(PROJECT)
    refused = CliRunner().invoke(sailwright, ["build"], standalone_mode=False)
    assert "sailwright.yml is not read: rename it to sailwright.yaml" in str(refused.exception)
