"""Keys that other tools use for something our files name differently, and the line to write instead.

A key that is known from Kubernetes, Istio, Helm or Compose is looked up here first: its meaning counts for more than its
spelling (`hosts` is spelt like `tests`, and means `expose.hosts`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.diagnostics.finding import Path

Words = Mapping[str, str]


def _same(remedy: str, *words: str) -> dict[str, str]:
    return dict.fromkeys(words, remedy)


_SERVICE: Words = {
    **_same('write `expose: {hosts: ["shop.example.com"], gateways: [NAMESPACE/GATEWAY]}`',
            "hosts", "host", "hostname", "hostnames", "domain", "domains", "ingress", "ingresses"),
    **_same("write `versions: [{name: v1, image: NAME:TAG}]`", "image", "tag", "version", "subsets", "subset", "deployments"),
    **_same("write the settings of pods under `defaults`, or under one of `versions`",
            "pod", "podSpec", "template", "deployment"),
    **_same("write `livenessProbe`, `readinessProbe` or `startupProbe` under `defaults`",
            "probes", "healthCheck", "healthcheck", "health"),
    **_same("write `env: [{name: NAME, value: VALUE}]` under `defaults`", "environment", "envVars", "variables"),
    **_same("write `ports: [{name: http, port: 80, targetPort: 8080, appProtocol: http}]`",
            "port", "containerPort", "targetPort", "servicePort"),
    **_same("write `autoscaling: {minReplicas: 2, maxReplicas: 10}`", "hpa", "autoscaler", "horizontalPodAutoscaler",
            "minReplicas", "maxReplicas"),
    **_same("write `disruptionBudget: {minAvailable: 1}`", "pdb", "podDisruptionBudget", "minAvailable", "maxUnavailable"),
    **_same("write it under `trafficPolicy`", "outlierDetection", "connectionPool", "loadBalancer", "destinationRule",
            "destinationRules", "portLevelSettings"),
    **_same("write `trafficPolicy: {outlierDetection: ...}`", "circuitBreaker", "circuitBreakers"),
    **_same("write `routes: [{name: ..., match: [...], to: ...}]`", "virtualService", "virtualServices", "http", "route", "match",
            "redirect", "directResponse", "paths"),
    **_same("write a `weight` under each of `versions`", "weight", "weights", "canary", "traffic", "trafficSplit", "split"),
    **_same("write `retries: {attempts: 2}`", "retry", "retryPolicy"),
    **_same("write `corsPolicy`", "cors"),
    **_same("write `accessPolicy: {inbound: [{service: NAMESPACE/NAME}]}`",
            "authorizationPolicy", "authorization", "allow", "inbound", "callers", "networkPolicy"),
    **_same("write `accessPolicy: {outbound: [{service: NAMESPACE/NAME}]}`", "egress", "outbound", "dependencies"),
    **_same("write `mesh: {mtls: STRICT}`", "mtls", "peerAuthentication"),
    **_same("write it under `mesh`", "inject", "sidecar", "istio", "proxy", "waypoint"),
    **_same("write `mesh: {inject: ambient}`", "ambient", "dataplaneMode", "dataplane-mode"),
    **_same("write `config: {files: [...]}`", "configMap", "configMaps", "configFiles", "files"),
    **_same("write `workload: {kind: CronJob, schedule: ...}`", "schedule", "cronJob", "cron"),
    **_same("write `workload: {kind: StatefulSet}`", "statefulSet"),
    **_same("write `service: {type: ...}`", "type", "serviceType"),
    **_same("write it under `service`", "clusterIP", "sessionAffinity", "externalTrafficPolicy"),
    **_same("write `serviceAccount: NAME`", "serviceAccountName"),
    **_same("write `external: {hosts: [...]}`", "serviceEntry", "externalName"),
    "kind": "a service file has no `kind`: remove it",
    "metadata": "write `name`, `namespace`, `labels` and `annotations` at the top of the file",
    "spec": "write its fields at the top of the file",
    "team": "did you mean `owner`?",
    "tcp": "did you mean `tcpRoutes`?",
    "tls": "did you mean `tlsRoutes`?",
}  # fmt: skip
_MATCH: Words = {
    **_same("write `uri: {prefix: /api}`, or `exact` instead of `prefix`", "path", "paths", "url", "prefix", "exact", "regex",
            "pathPrefix", "pathRegex"),
    **_same("write `headers: {NAME: {exact: VALUE}}`", "header"),
    **_same("write `headers: {cookie: {regex: ...}}`", "cookie", "cookies"),
    **_same("write `queryParams: {NAME: {exact: VALUE}}`", "query", "params", "queryParam", "queryParameters", "queryString"),
    **_same("write `authority: {exact: shop.example.com}`", "host", "hosts", "hostname"),
    **_same("write `method: {exact: GET}`", "methods", "verb"),
    **_same("write `sourceNamespace: NAME`", "namespace", "sourceNamespaces"),
    **_same("write `sourceLabels: {app: NAME}`", "source", "labels", "from"),
}  # fmt: skip
_ROUTE: Words = {
    **_same("write `to: VERSION`, or `to: [{host: NAME, weight: 100}]` for another host",
            "route", "destination", "destinations", "backend", "backendRefs", "version", "subset", "host"),
    **_same("write `to: {v1: 90, v2: 10}`", "weights", "weight", "split"),
    **_same("write `match: [{uri: {prefix: /api}}]`", "path", "paths", "uri", "prefix", "when", "matches"),
    **_same("write `match: [{headers: {NAME: {exact: VALUE}}}]`", "header"),
    **_same("write `retries: {attempts: 2}`", "retry", "retryPolicy"),
    **_same("write `corsPolicy`", "cors"),
}  # fmt: skip
_DESTINATION: Words = {
    **_same("write `host: NAME`", "destination", "service", "name"),
    **_same("write `weight: 20`", "percent", "percentage", "traffic"),
}
_SETTINGS: Words = {
    **_same("write `image: NAME:TAG`", "tag", "repository"),
    **_same("write `env: [{name: NAME, value: VALUE}]`", "environment", "envVars", "variables"),
    **_same("write `resources: {requests: {cpu: 100m, memory: 128Mi}}`", "cpu", "memory", "requests", "limits"),
    **_same(
        "write `livenessProbe`, `readinessProbe` or `startupProbe`", "probes", "probe", "healthCheck", "healthcheck"
    ),
    **_same("write `autoscaling: {minReplicas: 2, maxReplicas: 10}`", "hpa", "minReplicas", "maxReplicas"),
    **_same("write `disruptionBudget: {minAvailable: 1}`", "pdb", "minAvailable", "maxUnavailable"),
    **_same("write `serviceAccount: NAME`", "serviceAccountName"),
    **_same("write `podSecurityContext`", "fsGroup"),
    **_same("write `ports` at the top of the file", "port", "ports", "containerPort"),
}
_VERSION: Words = {
    **_SETTINGS,
    **_same("write `weight: 20`", "percent", "percentage", "traffic"),
    **_same("write `name: v1`", "version", "subset", "id"),
}
_PORT: Words = {
    **_same("write `targetPort: 8080`", "containerPort", "target"),
    **_same("write `port: 80`", "number", "servicePort"),
}
_MESH: Words = {
    **_same("write `inject: ambient`", "ambient", "dataplaneMode", "dataplane-mode", "mode"),
    **_same("write `waypoint: NAME`", "useWaypoint", "use-waypoint", "waypoints"),
}
_EXPOSE: Words = {
    **_same('write `hosts: ["shop.example.com"]`', "host", "hostname", "hostnames", "domain", "domains"),
    **_same("write `gateways: [NAMESPACE/GATEWAY]`", "gateway"),
}
_ACCESS: Words = {
    **_same("write `inbound: [{service: NAMESPACE/NAME}]`", "ingress", "from", "allow", "callers"),
    **_same("write `outbound: [{service: NAMESPACE/NAME}]`", "egress", "to", "callees"),
}
_AUTOSCALING: Words = {
    "min": "write `minReplicas`", "max": "write `maxReplicas`",
    **_same("write `targetCPUUtilization: 80`", "cpu", "targetCPUUtilizationPercentage"),
}  # fmt: skip
_RESOURCES: Words = _same("write `requests: {cpu: 100m, memory: 128Mi}`", "cpu", "memory")
_TRAFFIC: Words = {
    **_same("write `outlierDetection`", "circuitBreaker", "circuitBreakers"),
    **_same("write `loadBalancer: LEAST_REQUEST`", "lb", "balancer", "loadBalancing"),
}
_FAULT: Words = {
    **_same("write `httpStatus: 503`", "status", "code", "statusCode", "httpCode"),
    **_same("write `percentage: {value: 10}`", "percent"),
    **_same("write `fixedDelay: 2s`", "duration", "delay", "seconds"),
}
_TEST: Words = {
    **_same("write `request: {path: /, headers: {...}}`", "url", "path", "uri", "headers", "method", "host", "match"),
    **_same("write `expect: {version: v1}`", "version", "to", "expected", "expects", "status", "weights", "result"),
    **_same("write `from: {service: NAMESPACE/NAME}`", "caller", "source", "as"),
}
_TEXT: Words = {
    **_same("write `exact: ...`", "equals", "equal", "is", "value", "eq"),
    **_same("write `prefix: ...`", "startsWith", "pathPrefix", "starts_with"),
    **_same("write `regex: ...`", "contains", "matches", "like", "pattern", "endsWith", "suffix"),
}
_HTTP_PROBE: Words = _same("write `httpGet: {path: /health, port: http}`", "path", "port", "http", "url", "scheme")
_PROJECT: Words = {
    **_same("write `environments: {staging: {}, prod: {}}`", "environment", "env", "envs", "stages"),
    **_same("write it under `environments.NAME`", "clusters", "cluster"),
    **_same("write it under `istio`", "meshConfig", "values", "revision", "controlPlanes", "sidecarMode", "cni", "clusterDomain"),
    **_same("write `istio: {version: ...}`", "istioVersion", "mesh"),
    **_same('write `kubernetes: {version: "1.34"}`', "kubernetesVersion", "k8s", "k8sVersion"),
    **_same("write `requires`, such as `requires: '>=0.1'`", "version", "sailwright"),
    **_same("write it under `lint`", "rules", "ignore", "preset", "failOn"),
    **_same("write `namespaces: {NAME: {}}`, or `namespace` in each service file", "namespace"),
    **_same("write `output: {path: rendered}`", "out", "rendered", "outputDir"),
}  # fmt: skip
_PLACES: tuple[tuple[Path, Words], ...] = (
    ((), _SERVICE),
    (("routes", "match"), _MATCH),
    (("routes",), _ROUTE),
    (("routes", "to"), _DESTINATION),
    (("versions",), _VERSION),
    (("defaults",), _SETTINGS),
    (("ports",), _PORT),
    (("mesh",), _MESH),
    (("expose",), _EXPOSE),
    (("accessPolicy",), _ACCESS),
    (("autoscaling",), _AUTOSCALING),
    (("defaults", "autoscaling"), _AUTOSCALING),
    (("versions", "autoscaling"), _AUTOSCALING),
    (("defaults", "resources"), _RESOURCES),
    (("versions", "resources"), _RESOURCES),
    *((("fault", kind), _FAULT) for kind in ("abort", "delay")),
    *((("routes", "fault", kind), _FAULT) for kind in ("abort", "delay")),
    (("tests",), _TEST),
    *((("routes", "match", key), _TEXT) for key in ("uri", "method", "scheme", "authority")),
    *(
        ((block, f"{probe}Probe"), _HTTP_PROBE)
        for block in ("defaults", "versions")
        for probe in ("readiness", "liveness", "startup")
    ),
    (("trafficPolicy",), _TRAFFIC),
    (("versions", "trafficPolicy"), _TRAFFIC),
)


def familiar(path: Path) -> str:
    """What to write for an unknown key of a service file, by its path without overlays; empty where nothing is known."""
    place = tuple(key for key in path[:-1] if isinstance(key, str))
    if place[:2] == ("routes", "match") and place[2:3] in (("headers",), ("withoutHeaders",), ("queryParams",)):
        return _TEXT.get(str(path[-1]), "")
    return next((words.get(str(path[-1]), "") for known, words in _PLACES if known == place), "")


def familiar_in_project(path: Path) -> str:
    """What to write for an unknown key of sailwright.yaml; empty where nothing is known."""
    return _PROJECT.get(str(path[-1]), "") if len(path) == 1 else ""
