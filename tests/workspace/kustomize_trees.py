"""Kustomizations as repositories have them, each a folder of files whose root is `root`."""

from __future__ import annotations

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, labels: {app: cart}}
spec:
  replicas: 1
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      serviceAccountName: cart
      imagePullSecrets: [{name: registry}]
      initContainers:
      - {name: migrate, image: "example.com/migrate:v1"}
      containers:
      - name: cart
        image: example.com/cart:v1
        args: [--port, "8080"]
        ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]
        env:
        - {name: LEVEL, value: info}
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: token, key: t}}}
        envFrom: [{configMapRef: {name: settings}}]
        volumeMounts: [{name: data, mountPath: /data}, {name: settings, mountPath: /etc/cart}]
      volumes:
      - {name: data, emptyDir: {}}
      - {name: settings, configMap: {name: settings}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cart}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80, targetPort: http}, {name: metrics, port: 9090}]
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cart}\n"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec:
  hosts: [cart]
  http:
  - name: canary
    match: [{headers: {x-canary: {exact: "1"}}}]
    route: [{destination: {host: cart, subset: v2}}]
  - name: stable
    route: [{destination: {host: cart, subset: v1}}]
"""
RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: info, mode: fast}\n"
SCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: cart}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}, maxReplicas: 3}
"""
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: cart}, {kind: ServiceAccount, name: default, namespace: other}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: cart, namespace: shop}]
"""
OTHERS = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  serviceName: cart
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers: [{name: store, image: example.com/store}]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {topologyKey: a, labelSelector: {matchLabels: {app: store}}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: fast}}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  schedule: "@daily"
  jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: "example.com/cart:v1"}], restartPolicy: Never}}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {containers: [{name: a, image: "example.com/cart@sha256:00"}], restartPolicy: Never}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart}
spec: {podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: cart}
spec: {minAvailable: 1, selector: {matchLabels: {app: cart}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: cart}
spec:
  tls: [{secretName: token}]
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: cart, port: {number: 80}}}}]}}]
---
apiVersion: v1
kind: Secret
metadata: {name: token}
stringData: {t: x}
"""
BASE = {
    "base/kustomization.yaml": "resources: [deployment.yaml, service.yaml, account.yaml, route.yaml, rule.yaml, config.yaml]\n",
    "base/deployment.yaml": DEPLOYMENT,
    "base/service.yaml": SERVICE,
    "base/account.yaml": ACCOUNT,
    "base/route.yaml": ROUTE,
    "base/rule.yaml": RULE,
    "base/config.yaml": CONFIG,
}
WIDE = {
    **BASE,
    "base/kustomization.yaml": "resources: [deployment.yaml, service.yaml, account.yaml, route.yaml, rule.yaml, config.yaml,"
    " scaler.yaml, binding.yaml, others.yaml, namespace.yaml]\n",
    "base/scaler.yaml": SCALER,
    "base/binding.yaml": BINDING,
    "base/others.yaml": OTHERS,
    "base/namespace.yaml": NAMESPACE,
}


def _over(text: str, **files: str) -> dict[str, str]:
    return {**BASE, "root/kustomization.yaml": f"resources: [../base]\n{text}", **_named(files)}


def _wide(text: str, **files: str) -> dict[str, str]:
    return {**WIDE, "root/kustomization.yaml": f"resources: [../base]\n{text}", **_named(files)}


def _named(files: dict[str, str]) -> dict[str, str]:
    return {f"root/{name.replace('_', '.')}": text for name, text in files.items()}


def _patch(kind: str, rest: str, *, version: str = "apps/v1", name: str = "cart") -> str:
    body = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\n{rest}"
    return "patches:\n- patch: |\n" + "".join(f"    {line}\n" for line in body.splitlines())


def _pod(rest: str) -> str:
    return _patch("Deployment", f"spec: {{template: {{spec: {{{rest}}}}}}}")


def _operations(target: str, *lines: str) -> str:
    return f"patches:\n- target: {{{target}}}\n  patch: |\n" + "".join(f"    - {{{line}}}\n" for line in lines)


COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
TREES: dict[str, dict[str, str]] = {
    "as it is": _over(""),
    "a namespace": _wide("namespace: shop\n"),
    "a namespace other than the written one": _over("namespace: shop-dev\n", ns_yaml=NAMESPACE)
    | {"root/kustomization.yaml": "resources: [../base, ns.yaml]\nnamespace: shop-dev\n"},
    "a prefix": _wide("namePrefix: dev-\n"),
    "a suffix": _wide("nameSuffix: -v2\n"),
    "prefix, suffix and namespace": _wide("namePrefix: dev-\nnameSuffix: -x\nnamespace: shop\n"),
    "commonLabels": _wide("commonLabels: {team: a}\n"),
    "labels": _wide("labels: [{pairs: {team: a}}]\n"),
    "labels with selectors": _wide("labels: [{pairs: {team: a}, includeSelectors: true}]\n"),
    "labels with templates": _wide("labels: [{pairs: {team: a}, includeTemplates: true}]\n"),
    "annotations": _wide("commonAnnotations: {note: here}\n"),
    "a tag": _wide("images: [{name: example.com/cart, newTag: v2}]\n"),
    "a name and a digest": _wide("images: [{name: example.com/cart, newName: example.org/c, digest: 'sha256:11'}]\n"),
    "a new name alone": _wide("images: [{name: example.com/store, newName: example.org/store}]\n"),
    "a tag for an init container": _over("images: [{name: example.com/migrate, newTag: '2'}]\n"),
    "replicas": _over("replicas: [{name: cart, count: 5}]\n"),
    "replicas after a prefix": _over("namePrefix: a-\nreplicas: [{name: cart, count: 5}]\n"),
    "a generated ConfigMap": _over("configMapGenerator: [{name: extra, literals: [a=b, c=d=e]}]\n"),
    "a generated ConfigMap that is used": {
        **BASE,
        "base/kustomization.yaml": "resources: [deployment.yaml, account.yaml]\n"
        "configMapGenerator: [{name: settings, literals: ['a=<b> & c']}]\n",
        "root/kustomization.yaml": "resources: [../base]\nnamePrefix: x-\nnamespace: shop\n",
    },
    "a generated Secret": _over("secretGenerator: [{name: token, literals: [t=x], type: Opaque}]\n"),
    "files and envs": _over(
        "configMapGenerator: [{name: extra, files: [a.txt, k=a.txt], envs: [b.env]}]\n",
        a_txt="one\ntwo\n",
        b_env="# no\nA=1\nB=x=y\n",
    ),
    "without a hash": _over(
        "generatorOptions: {disableNameSuffixHash: true, labels: {g: h}}\n"
        "configMapGenerator: [{name: extra, literals: [a=b]}]\n"
    ),
    "an immutable one with its own options": _over(
        "configMapGenerator: [{name: extra, literals: [a=b], options: {immutable: true, annotations: {x: z}}}]\n"
    ),
    "merged into one that is there": {
        **BASE,
        "base/kustomization.yaml": "resources: [deployment.yaml]\nconfigMapGenerator: [{name: settings, literals: [a=b, c=d]}]\n",
        "root/kustomization.yaml": "resources: [../base]\n"
        "configMapGenerator: [{name: settings, behavior: merge, literals: [a=z, e=f]}]\n",
    },
    "replaced": {
        **BASE,
        "base/kustomization.yaml": "resources: [deployment.yaml]\nconfigMapGenerator: [{name: settings, literals: [a=b, c=d]}]\n",
        "root/kustomization.yaml": "resources: [../base]\n"
        "configMapGenerator: [{name: settings, behavior: replace, literals: [e=f]}]\n",
    },
    "a patched field": _over(_patch("Deployment", "spec: {replicas: 4}")),
    "a patch in a file": _over(
        "patches: [{path: p.yaml}]\n",
        p_yaml="apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec: {replicas: 4}\n",
    ),
    "patchesStrategicMerge": _over(
        "patchesStrategicMerge: [p.yaml]\n",
        p_yaml="apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {type: NodePort}\n",
    ),
    "two patches in a file": _over(
        "patchesStrategicMerge: [p.yaml]\n",
        p_yaml="apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {type: NodePort}\n---\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec: {replicas: 4}\n",
    ),
    "a container more": _over(_pod("containers: [{name: proxy, image: p}]")),
    "environment": _over(_pod("containers: [{name: cart, env: [{name: LEVEL, value: debug}, {name: NEW, value: a}]}]")),
    "environment away": _over(_pod("containers: [{name: cart, env: [{name: LEVEL, $patch: delete}]}]")),
    "a container replaced": _over(_pod("containers: [{$patch: replace}, {name: other, image: o}]")),
    "arguments": _over(_pod("containers: [{name: cart, args: [--x]}]")),
    "a port of a container": _over(_pod("containers: [{name: cart, ports: [{containerPort: 8080, name: web}]}]")),
    "mounts and volumes": _over(
        _pod(
            "containers: [{name: cart, volumeMounts: [{name: more, mountPath: /more}]}],"
            " volumes: [{name: more, emptyDir: {}}, {name: data, $patch: delete}]"
        )
    ),
    "a null": _over(_pod("serviceAccountName: null, containers: [{name: cart, args: null}]")),
    "a map replaced": _over(_patch("Service", "spec: {selector: {$patch: replace, app: other}}", version="v1")),
    "an object deleted": _over(_patch("Service", "$patch: delete", version="v1")),
    "a list of Istio is replaced": _over(
        _patch(
            "VirtualService",
            "spec: {http: [{name: all, route: [{destination: {host: cart}}]}]}",
            version="networking.istio.io/v1",
        )
    ),
    "a port of a Service": _over(_patch("Service", "spec: {ports: [{port: 80, name: web}]}", version="v1")),
    "labels and annotations": _over(
        "patches:\n- target: {kind: Deployment|Service}\n  patch: |\n    apiVersion: v1\n    kind: x\n    metadata:\n"
        "      name: x\n      labels: {a: b}\n      annotations: {c: d}\n"
    ),
    "operations": _over(
        _operations(
            "kind: Deployment, name: cart",
            "op: replace, path: /spec/replicas, value: 7",
            "op: add, path: /spec/template/spec/containers/0/args/-, value: --more",
            "op: remove, path: /spec/template/spec/containers/0/ports/1",
            "op: add, path: /metadata/annotations, value: {a~b: c}",
            "op: test, path: /spec/replicas, value: 7",
        )
    ),
    "operations on Istio": _over(
        _operations(
            "group: networking.istio.io, kind: VirtualService",
            "op: replace, path: /spec/hosts/0, value: cart.example.com",
            "op: add, path: /spec/http/0/timeout, value: 5s",
            "op: move, from: /spec/http/0, path: /spec/http/1",
        )
    ),
    "operations in JSON": _over(
        "patches: [{path: p.json, target: {kind: Service}}]\n",
        p_json='[{"op": "add", "path": "/spec/type", "value": "ClusterIP"}]',
    ),
    "patchesJson6902": _over(
        "namePrefix: a-\npatchesJson6902: [{path: p.yaml, target: {version: v1, kind: Service, name: cart}}]\n",
        p_yaml="- {op: add, path: /metadata/annotations, value: {a: b}}\n",
    ),
    "targets by label": _over(
        "patches:\n- target: {labelSelector: 'app=cart'}\n  patch: |\n    - {op: add, path: /metadata/labels/x, value: 'y'}\n"
    ),
    "targets by pattern": _over(
        "patches:\n- target: {kind: Service, name: c.*}\n  patch: |\n    - {op: add, path: /spec/type, value: NodePort}\n"
        "- target: {kind: Service, name: c}\n  patch: |\n    - {op: add, path: /spec/type, value: ExternalName}\n"
    ),
    "a component": {
        **_over("components: [../part]\nnamespace: shop\n"),
        "part/kustomization.yaml": f"{COMPONENT}namePrefix: p-\nlabels: [{{pairs: {{a: b}}}}]\n"
        + _patch("Deployment", "spec: {replicas: 9}"),
    },
    "a component with objects": {
        **_over("components: [../part]\nnameSuffix: -x\n"),
        "part/kustomization.yaml": f"{COMPONENT}resources: [scaler.yaml]\nconfigMapGenerator: [{{name: c, literals: [a=b]}}]\n",
        "part/scaler.yaml": SCALER,
    },
    "two levels": {
        **_over("namePrefix: a-\nnamespace: shop\n"),
        "top/kustomization.yaml": "",
        "root/kustomization.yaml": "resources: [../mid]\nnamePrefix: a-\ncommonLabels: {top: 'yes'}\n",
        "mid/kustomization.yaml": "resources: [../base]\nnamespace: shop\nnameSuffix: -b\n"
        + _patch("Deployment", "spec: {replicas: 2}"),
    },
    "one base twice": {
        **BASE,
        "one/kustomization.yaml": "resources: [../base]\nnamePrefix: one-\n",
        "two/kustomization.yaml": "resources: [../base]\nnamePrefix: two-\nnamespace: two\n",
        "root/kustomization.yaml": "resources: [../one, ../two]\nnameSuffix: -x\n",
    },
    "a replacement": _over(
        "replacements:\n- source: {kind: Service, name: cart, fieldPath: metadata.name}\n"
        "  targets:\n  - select: {kind: VirtualService}\n    fieldPaths: [spec.hosts.0, 'spec.http.*.route.0.destination.host']\n"
    ),
    "a replacement of a part": _over(
        "replacements:\n- source: {kind: ConfigMap, name: settings, fieldPath: data.level}\n"
        "  targets:\n  - select: {kind: Deployment}\n"
        "    fieldPaths: ['spec.template.spec.containers.[name=cart].env.[name=LEVEL].value']\n"
        "  - select: {kind: Deployment}\n    options: {delimiter: ':', index: 1}\n"
        "    fieldPaths: ['spec.template.spec.containers.[name=cart].image']\n"
    ),
    "a replacement that makes its field": _over(
        "replacements: [{path: r.yaml}]\n",
        r_yaml="source: {kind: Service, name: cart, fieldPath: 'spec.ports.[name=http].port'}\n"
        "targets: [{select: {kind: Deployment}, options: {create: true}, fieldPaths: [metadata.annotations.port]}]\n",
    ),
    "a list of objects": {
        "root/kustomization.yaml": "resources: [list.yaml]\nnamespace: shop\n",
        "root/list.yaml": "apiVersion: v1\nkind: List\nitems:\n"
        + "".join(f"- {line}\n" if line.startswith("api") else f"  {line}\n" for line in SERVICE.splitlines()),
    },
    "a patch of what got a prefix": {
        **_over(_patch("Deployment", "spec: {replicas: 2}", name="a-cart")),
        "root/kustomization.yaml": "resources: [../mid]\n" + _patch("Deployment", "spec: {replicas: 2}", name="a-cart"),
        "mid/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n",
    },
    "everything": _wide(
        "namePrefix: p-\nnameSuffix: -s\nnamespace: shop\ncommonLabels: {team: a}\ncommonAnnotations: {note: here}\n"
        "images: [{name: example.com/cart, newTag: v9}]\nreplicas: [{name: store, count: 3}]\n"
        "configMapGenerator: [{name: extra, literals: [a=b]}]\n"
        + _pod("containers: [{name: cart, envFrom: [{configMapRef: {name: extra}}]}]")
    ),
}
