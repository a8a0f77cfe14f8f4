"""The index of tasks in the field reference of service.yaml: what an author wants, the lines to write, where to read on.

A test merges the lines of each task into a small service and compiles it.
"""

from __future__ import annotations

Task = tuple[str, str, str]
"""What the author wants to do, the YAML for it, and the block of the reference (or the guide) that says more."""

TASKS: tuple[Task, ...] = (
    ("run a container", "versions: [{name: v1, image: 'registry.example.com/shop:1.0.0'}]", "Version"),
    ("set environment variables", "defaults: {env: [{name: LOG_LEVEL, value: info}]}", "Env"),
    (
        "read a password from a Secret",
        "defaults: {env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: shop-db, key: password}}}]}",
        "KeyReference",
    ),
    ("mount a configuration file", "config: {files: [shop.properties], mountPath: /etc/shop}", "ConfigFiles"),
    ("mount a folder for temporary files", "defaults: {volumes: [{name: tmp, emptyDir: {}}], volumeMounts: [{name: tmp, mountPath: /tmp}]}", "Volume"),
    ("reserve CPU and memory", "defaults: {resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}}", "Resources"),
    ("reserve CPU and memory for the sidecar", "mesh: {sidecar: {resources: {requests: {cpu: 50m, memory: 96Mi}, limits: {cpu: 500m, memory: 192Mi}}}}", "Sidecar"),
    ("check whether a pod is ready", "defaults: {readinessProbe: {httpGet: {path: /ready, port: http}}}", "Probe"),
    ("run a fixed number of pods", "defaults: {replicas: 3}", "Settings"),
    ("scale with the load", "autoscaling: {minReplicas: 3, maxReplicas: 10, targetCPUUtilization: 70}", "Autoscaling"),
    ("keep pods running while nodes are drained", "disruptionBudget: {maxUnavailable: 1}", "DisruptionBudget"),
    ("spread pods over zones", "defaults: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}]}", "SpreadConstraint"),
    ("finish open requests before a pod stops", "defaults: {terminationGracePeriodSeconds: 40, lifecycle: {preStop: {sleep: {seconds: 5}}}}", "Lifecycle"),
    ("take away privileges of a container", "defaults: {securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}}", "SecurityContext"),
    ("give a version a part of the traffic", "versions: [{name: v1, image: 'registry.example.com/shop:1.0.0', weight: 90}, {name: v2, image: 'registry.example.com/shop:1.1.0', weight: 10}]", "Version"),
    ("send some users to a version", "routes: [{name: staff, match: [{headers: {x-user-group: {exact: staff}}}], to: v1}]", "HttpMatch"),
    ("route by path", "routes: [{name: search, match: [{uri: {prefix: /search}}], to: v1}]", "StringMatch"),
    ("rewrite a path", "routes: [{name: api, match: [{uri: {prefix: /api/}}], to: v1, rewrite: {uri: /}}]", "Rewrite"),
    ("redirect", "routes: [{name: old, match: [{uri: {exact: /old}}], redirect: {uri: /new}}]", "Redirect"),
    ("set or remove a header", "headers: {request: {set: {x-shop: '1'}}, response: {remove: [server]}}", "HeaderChange"),
    ("limit how long a request takes", "timeout: 5s", "Fields"),
    ("retry failed requests, or switch retries off", "retries: {attempts: 2, perTryTimeout: 1s, retryOn: '5xx,reset'}", "Retries"),
    ("test with delays or errors", "fault: {abort: {httpStatus: 503, percentage: {value: 1}}}", "Fault"),
    ("copy requests to a new version", "versions: [{name: v1, image: 'registry.example.com/shop:1.0.0', weight: 100}, {name: v2, image: 'registry.example.com/shop:1.1.0', weight: 0}]\nmirror: {to: v2, percentage: 10}", "Mirror"),
    ("allow calls from other web pages (CORS)", "corsPolicy: {allowOrigins: [{exact: 'https://shop.example.com'}], allowMethods: [GET]}", "Cors"),
    ("choose how requests are spread over pods", "trafficPolicy: {loadBalancer: LEAST_REQUEST}", "LoadBalancer"),
    ("keep a user on one pod", "trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}", "LoadBalancer"),
    ("leave failing pods out", "trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5, interval: 10s, baseEjectionTime: 30s}}", "OutlierDetection"),
    ("limit connections", "trafficPolicy: {connectionPool: {tcp: {maxConnections: 100}}}", "ConnectionPool"),
    ("reach the service from outside", "expose: {hosts: [shop.example.com], gateways: [istio-ingress/public]}", "Expose"),
    ("call a host outside the cluster", "external: {hosts: [bank.example.com], resolution: DNS}", "External"),
    ("allow some callers only", "accessPolicy: {inbound: [{serviceAccount: demo/frontend}]}", "AccessPolicy"),
    ("require mutual TLS", "mesh: {mtls: STRICT}", "Mesh"),
    ("run without a sidecar", "mesh: {inject: none}", "Mesh"),
    ("run a database with a volume per pod", "workload: {kind: StatefulSet, volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}", "WorkloadKind"),
    ("run a job at night", "workload: {kind: CronJob, schedule: '30 2 * * *'}", "WorkloadKind"),
    ("route to pods that another tool deploys", "workload: external", "WorkloadKind"),
    ("set something for one environment", "environments: {prod: {defaults: {replicas: 6}}}", "Environment"),
    ("render a manifest of my own with the service", "include: [dashboard.yaml]", "Fields"),
    ("change a rendered object where there is no field", "patches: [{target: {kind: Service}, patch: {metadata: {annotations: {example.com/a: b}}}}]", "ObjectPatch"),
    ("test where requests go", "tests: [{name: home, request: {path: /}, expect: {version: v1}}]", "Test"),
    ("take a version out of service", "versions: [{name: v1, image: 'registry.example.com/shop:1.0.0', weight: 100}, {name: v0, image: 'registry.example.com/shop:0.9.0', retire: true}]", "Version"),
)  # fmt: skip


def index() -> list[str]:
    """The lines of the section: a table of tasks, the YAML for each, and a link."""
    rows = [
        f"| {want} | {'<br>'.join(f'`{line}`' for line in yaml.splitlines())} | [{block}](#{block.lower()}) |"
        for want, yaml, block in TASKS
    ]
    return ["## I want to ...", "", "| I want to | write | more |", "|---|---|---|", *rows]
