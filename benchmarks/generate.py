"""Projects of any size for the benchmarks: services of a realistic length, none like the other, always the same ones.

python benchmarks/generate.py FOLDER COUNT
"""

from __future__ import annotations

import sys
from pathlib import Path

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/*/service.yaml"]
output: {path: rendered}
istio: {version: 1.31.0, sidecarMode: native}
environments: {prod: {}}
"""

SERVICE = """\
# What customers see of {name}; the on-call rota is in the wiki.
apiVersion: sailwright/v1alpha1
name: {name}
namespace: {namespace}
owner: team-{team}
system: shop-{team}
ports:
  - {{name: http, port: {port}, targetPort: 8080, appProtocol: http}}
defaults:                          # both versions
  replicas: {replicas}
  resources:
    requests: {{cpu: {cpu}m, memory: 128Mi}}
    limits: {{memory: 256Mi}}
  env:
    - {{name: LOG_LEVEL, value: info}}
    - {{name: SHARD, value: "{number}"}}
    - name: DATABASE_PASSWORD
      valueFrom:
        secretKeyRef: {{name: {name}-db, key: password}}
  readinessProbe:
    httpGet: {{path: /healthz/ready, port: http}}
    periodSeconds: 5
  livenessProbe:
    httpGet: {{path: /healthz/live, port: http}}
    initialDelaySeconds: 10
  securityContext:
    runAsNonRoot: true
    readOnlyRootFilesystem: true
    allowPrivilegeEscalation: false
    capabilities: {{drop: [ALL]}}
versions:
  - name: v1
    image: registry.example.com/{name}:1.{number}.0
    weight: {weight}
  - name: v2                       # the new cache
    image: registry.example.com/{name}:2.{number}.0
    weight: {rest}
    env:
      - {{name: CACHE, value: redis}}
trafficPolicy:
  loadBalancer: LEAST_REQUEST
  outlierDetection: {{consecutive5xxErrors: 5, interval: 10s, baseEjectionTime: 1m}}
routes:
  - name: staff-first
    match:
      - headers:
          x-user-group: {{exact: staff}}
    to: v2
  - name: search
    match:
      - uri: {{prefix: /search}}
        method: {{exact: GET}}
    to: {{v1: 90, v2: 10}}
    timeout: 3s
    retries: {{attempts: 2, perTryTimeout: 1s, retryOn: "connect-failure,refused-stream"}}
timeout: 10s
"""

PER_TEAM = 50
"""Services in one folder and namespace."""


def generate(folder: Path, count: int) -> None:
    """Write a project of `count` services below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    for number in range(count):
        team = number // PER_TEAM
        weight = 50 + number % 50
        name = f"svc-{number:05}"
        text = SERVICE.format(
            name=name,
            number=number,
            team=team,
            namespace=f"team-{team}",
            port=8000 + number % 900,
            replicas=2 + number % 5,
            cpu=50 + 10 * (number % 20),
            weight=weight,
            rest=100 - weight,
        )
        path = folder / "services" / f"team-{team}" / name / "service.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]))
