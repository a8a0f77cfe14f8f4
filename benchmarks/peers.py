"""The same services for helm and kustomize: the objects Sailwright renders without sidecars, written their way.

Helm gets one chart that ranges over all services, and the same chart once a service; kustomize a base and an overlay each.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

HELM = "helm.sh/helm/v3/cmd/helm@v3.19.0"

TEMPLATE = """\
{{- range .Values.services }}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ .name }}, namespace: {{ .namespace }}, labels: {app.kubernetes.io/name: {{ .name }}}}
---
apiVersion: v1
kind: Service
metadata: {name: {{ .name }}, namespace: {{ .namespace }}, labels: {app.kubernetes.io/name: {{ .name }}}}
spec:
  selector: {app: {{ .name }}}
  ports:
    - {name: http, port: {{ .port }}, targetPort: 8080, appProtocol: http}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: {{ .name }}, namespace: {{ .namespace }}}
spec:
  host: {{ .name }}.{{ .namespace }}.svc.cluster.local
  trafficPolicy:
    loadBalancer: {simple: LEAST_REQUEST}
    outlierDetection: {consecutive5xxErrors: 5, interval: 10s, baseEjectionTime: 1m}
  subsets:
    {{- range .versions }}
    - {name: {{ .name }}, labels: {version: {{ .name }}}}
    {{- end }}
{{- $service := . }}
{{- range .versions }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ $service.name }}-{{ .name }}, namespace: {{ $service.namespace }}}
spec:
  replicas: {{ $service.replicas }}
  selector: {matchLabels: {app: {{ $service.name }}, version: {{ .name }}}}
  template:
    metadata: {labels: {app: {{ $service.name }}, version: {{ .name }}}}
    spec:
      serviceAccountName: {{ $service.name }}
      containers:
        - name: {{ $service.name }}
          image: {{ .image }}
          ports: [{name: http, containerPort: 8080}]
          env: {{ toYaml $service.env | nindent 12 }}
          resources: {{ toYaml $service.resources | nindent 12 }}
          readinessProbe: {{ toYaml $service.readinessProbe | nindent 12 }}
{{- end }}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: {{ .name }}, namespace: {{ .namespace }}}
spec:
  hosts: [{{ .name }}.{{ .namespace }}.svc.cluster.local]
  http:
    - name: default
      timeout: 10s
      route:
        {{- range .versions }}
        - destination: {host: {{ $service.name }}.{{ $service.namespace }}.svc.cluster.local, subset: {{ .name }}}
          weight: {{ .weight }}
        {{- end }}
{{- end }}
"""


def helm(folder: Path) -> str | None:
    """The helm program: the one on PATH, else built with go into `folder`; None where neither is possible."""
    found = shutil.which("helm")
    built = folder / "helm"
    if found or built.exists():
        return found or str(built)
    if not shutil.which("go"):
        return None
    environment = {"GOBIN": str(folder), "PATH": "/usr/local/go/bin:/usr/bin:/bin", "HOME": str(Path.home())}
    done = subprocess.run(["go", "install", HELM], env=environment, capture_output=True, check=False)
    return str(built) if done.returncode == 0 else None


def values(count: int) -> list[dict[str, object]]:
    """The services of `generate`, as values of a chart."""
    services: list[dict[str, object]] = []
    for number in range(count):
        name, weight = f"svc-{number:05}", 50 + number % 50
        services.append(
            {
                "name": name,
                "namespace": f"team-{number // 50}",
                "port": 8000 + number % 900,
                "replicas": 2 + number % 5,
                "versions": [
                    {"name": "v1", "image": f"registry.example.com/{name}:1.{number}.0", "weight": weight},
                    {"name": "v2", "image": f"registry.example.com/{name}:2.{number}.0", "weight": 100 - weight},
                ],
                "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "SHARD", "value": str(number)}],
                "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
                "readinessProbe": {"httpGet": {"path": "/healthz/ready", "port": "http"}, "periodSeconds": 5},
            }
        )
    return services


def chart(folder: Path, count: int) -> Path:
    """A chart that ranges over all services."""
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 0.1.0\n")
    (folder / "values.yaml").write_text(json.dumps({"services": values(count)}))
    (folder / "templates" / "all.yaml").write_text(TEMPLATE)
    return folder


def overlays(folder: Path, manifests: str, count: int) -> Path:
    """A base of one service's objects, and an overlay that names another environment's image and replicas."""
    for number in range(count):
        base, overlay = folder / f"s{number}" / "base", folder / f"s{number}" / "prod"
        base.mkdir(parents=True)
        overlay.mkdir()
        (base / "all.yaml").write_text(manifests)
        (base / "kustomization.yaml").write_text("resources: [all.yaml]\n")
        (overlay / "kustomization.yaml").write_text(
            "resources: [../base]\nimages: [{name: registry.example.com/svc-00000, newTag: 1.0.1}]\n"
            "replicas: [{name: svc-00000-v1, count: 4}]\ncommonAnnotations: {environment: prod}\n"
        )
    return folder
