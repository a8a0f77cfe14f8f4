"""Every field of the language is rendered somewhere, and every template has its kind: lists that stand twice are equal."""

import json
from pathlib import Path
from typing import Any

from sailwright.project.service.routing import ROUTE_SETTINGS
from sailwright.render import own_templates, pod, routing, scaling, sidecar_annotations, workload
from sailwright.render import service_objects as base

ROOT = Path(__file__).parent.parent.parent
SCHEMA: dict[str, Any] = json.loads((ROOT / "compiler/sailwright/project/service/service.schema.json").read_text())[
    "$defs"
]


def fields(name: str) -> set[str]:
    return set(SCHEMA[name]["properties"]) - {"$patch", "before"}


def test_settings_of_pods() -> None:
    container = set(pod._CONTAINER_FIELDS)
    in_pod = {pod._RENAMED.get(name, name) for name in pod._POD_FIELDS} - {"restartPolicy"}
    of_workloads = {field for group in workload._VERSION_FIELDS.values() for field in group}
    apart = {
        "image", "containerName", "labels", "annotations", "initContainers", "containers", "volumes",
        "serviceAccount", "autoscaling", "disruptionBudget",
    }  # fmt: skip
    assert fields("Settings") == container | in_pod | of_workloads | apart


def test_fields_of_workloads() -> None:
    of_kinds = {field for group in workload._WORKLOAD_FIELDS.values() for field in group}
    apart = {"kind", "name", "selector", "labels", "annotations", "serviceName", "schedule", "restartPolicy"}
    assert fields("WorkloadKind") == of_kinds | set(workload._JOB_FIELDS) | apart


def test_fields_of_the_service() -> None:
    assert fields("ServiceSettings") == set(base._SERVICE_FIELDS) | {"labels", "annotations", "name", "selector"}
    assert fields("AdditionalService") == fields("ServiceSettings") | {"ports"}


def test_fields_of_budgets() -> None:
    assert fields("DisruptionBudget") == set(scaling._BUDGET_FIELDS)


def test_settings_of_the_sidecar() -> None:
    apart = {"resources", "readiness", "concurrency", "holdApplicationUntilProxyStarts", "proxyConfig"}
    assert fields("Sidecar") == sidecar_annotations._PLAIN.keys() | sidecar_annotations._JSON.keys() | apart


def test_blocks_of_routes() -> None:

    apart = {"name", "match", "to", "mirror", "mirrors", "mirrorPercentage"}
    assert fields("Route") == set(routing._SETTINGS) | apart
    assert set(ROUTE_SETTINGS) <= set(routing._SETTINGS)


def test_a_template_for_every_kind() -> None:
    folder = ROOT / "templates/sailwright_templates"
    found = {path.name.removesuffix(".yaml.j2") for path in folder.glob("*/*.yaml.j2")}
    assert {name for name in found if not name.startswith("inject")} == own_templates.OURS
