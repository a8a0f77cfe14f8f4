"""A lint after a change says what a lint without cache says, whatever of the last run it uses.

The services here are full of what rules look at, in their own objects and in those of others, so that an edit has findings come and go.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lint.test_kept_results import outcome

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 12)

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
environments: {staging: {}, prod: {clusters: {east: {}, west: {}}}}
lint: {preset: strict}
manifests: [{paths: ["manifests/*.yaml"]}]
"""

GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: one}
spec:
  selector: {app: gateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [cart.example.com]}]
"""

SERVICE = """\
# What {name} is for.
apiVersion: sailwright/v1alpha1
name: {name}
namespace: one
ports: [{{name: http, port: 80, targetPort: 8080, appProtocol: http}}]
defaults:
  replicas: 2
  resources: {{requests: {{cpu: 50m, memory: 64Mi}}, limits: {{memory: 64Mi}}}}
  env:
    - {{name: LEVEL, value: info}}
    - {{name: LEVEL2, value: "0"}}
  readinessProbe: {{httpGet: {{path: /ready, port: http}}, periodSeconds: 5}}
  livenessProbe: {{httpGet: {{path: /live, port: http}}}}
versions:
  - {{name: v1, image: "example.com/{name}:1", weight: 50}}
  - {{name: v2, image: "example.com/{name}:latest", weight: 50}}
accessPolicy: {{inbound: [{{service: one/{caller}}}], outbound: [{{service: one/{callee}}}]}}
trafficPolicy: {{outlierDetection: {{consecutive5xxErrors: 5, interval: 10s}}}}
routes:
  - {{name: away, match: [{{uri: {{prefix: /x}}}}], to: {{host: {callee}.one.svc.cluster.local}}, timeout: 2s, retries: {{attempts: 2, perTryTimeout: 3s}}}}
  - {{name: rest, to: {{v1: 90, v2: 10}}}}
timeout: 3s
"""
NAMES = ("cart", "search", "pay")

CHANGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r'(?<=v1, image: ")[^"]*', ("example.com/cart:1", "example.com/cart:latest", "example.com/redis:7", "cart")),
    (r'(?<=v2, image: ")[^"]*', ("example.com/cart:2", "example.com/cart")),
    (r"(?<=replicas: )\d+", ("0", "1", "2")),
    (r"(?<=cpu: )\w+", ("50m", "2", "0")),
    (r"(?<=limits: \{memory: )\w+", ("64Mi", "32Mi", "64m")),
    (r"(?<=name: )LEVEL2?(?=, value: \"0\")", ("LEVEL", "LEVEL2", "PASSWORD")),
    (r"(?<=value: )(?:info|debug|hunter2)", ("info", "debug", "hunter2")),
    (r"(?<=targetPort: )\d+", ("8080", "15001", "8081")),
    (r"(?<=port: )8\d(?=,)", ("80", "81")),
    (r"(?<=ready, port: )\w+", ("http", "8080", "9999")),
    (r"(?<=live, port: )\w+", ("http", "15021")),
    (r"(?<=v1, image: )(.*weight: )\d+", (r"\g<1>50", r"\g<1>100")),
    (r"(?<=to: \{v1: )\d+, v2: \d+", ("90, v2: 10", "100, v2: 0")),
    (r"(?<=timeout: )\d+s(?=\n)", ("3s", "1s", "30s")),
    (r"(?<=attempts: )\d+", ("2", "9")),
    (r"(?<=host: )\w+(?=\.one)", ("cart", "search", "nobody")),
    (r"(?<=inbound: \[\{service: one/)\w+", ("cart", "pay", "nobody")),
    (r"(?<=interval: )\w+", ("10s", "0s")),
    (r"\A(?:# .*\n)*", ("", "# One line.\n", "# One line.\n# And another.\n")),
    (r"\Z", ("", "tests: []\n", "budget: {latency: 1s}\n", "# ${NAME}\n", "environments: {prod: {defaults: {replicas: 1}}}\n")),
)
"""What to find in a service file, and what to write there instead."""


def service(name: str) -> str:
    """One of three services that call each other in a round."""
    at = NAMES.index(name)
    return SERVICE.format(name=name, caller=NAMES[at - 1], callee=NAMES[(at + 1) % len(NAMES)])


def project(folder: Path) -> Path:
    """Three services and a Gateway by hand."""
    (folder / "manifests").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(PROJECT)
    (folder / "manifests/gateway.yaml").write_text(GATEWAY)
    for name in NAMES:
        (folder / "services" / name).mkdir(parents=True)
        (folder / "services" / name / "service.yaml").write_text(service(name))
    return folder


changes = st.sampled_from([(pattern, text) for pattern, texts in CHANGES for text in texts])
edits = st.tuples(st.sampled_from(NAMES), changes)


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=6))
def test_any_change_gives_what_a_lint_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[str, tuple[str, str]]]]
) -> None:
    top = tmp_path_factory.mktemp("changes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(top / "cache"))
        patch.setenv("XDG_STATE_HOME", str(top / "state"))
        folder = project(top / "kept")
        outcome(folder)
        for step in steps:
            for name, (pattern, text) in step:
                path = folder / "services" / name / "service.yaml"
                path.write_text(re.sub(pattern, text, path.read_text(), count=1))
            changed = f"services/{step[0][0]}/service.yaml"
            assert outcome(folder, changed) == outcome(folder, "--no-cache", changed)
            assert outcome(folder) == outcome(folder, "--no-cache")
    shutil.rmtree(top)
