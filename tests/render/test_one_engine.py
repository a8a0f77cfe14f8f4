"""The build injects as `inject` does: what it writes is `inject` of what it writes without sidecars."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.render.project import HEAD, PROJECT, Files

from sailwright.render.injection.inject import inject
from sailwright.render.injection_settings import project_settings
from sailwright.runtime.cache import open_cache
from sailwright.source.emit import emit
from sailwright.source.files.checkout import Checkout, Disk
from sailwright.workspace.compile import Compilation, compile_project

ROOT = Path(__file__).parent.parent.parent
PROJECTS = (ROOT, ROOT / "examples" / "online-boutique", *sorted((ROOT / "docs" / "article").glob("*/")))


def assert_one_engine(checkout: Checkout) -> None:
    """Every file of every cluster, baked, equals the plain one injected."""
    baked, plain = (compile_project(checkout, open_cache(), injecting=injecting) for injecting in (True, False))
    assert isinstance(baked, Compilation)
    assert isinstance(plain, Compilation)
    for target in baked.targets:
        services = baked.services.by_target[target]
        files = [baked.renderings[target].render(service) for service in services]
        bare = [plain.renderings[target].render(service) for service in services]
        for service, file, without in zip(services, files, bare, strict=True):
            istio = project_settings(baked.project.istio_for(target, service=service))
            for rendered_object, source in zip(file.rendered_objects, without.rendered_objects, strict=True):
                expected = source.value
                if service.mesh.inject == "build":
                    expected = inject(source.value, istio, service.namespace).value
                    assert inject(rendered_object.value, istio, service.namespace).value == rendered_object.value, (
                        "twice changes nothing"
                    )
                assert rendered_object.value == expected


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_every_service_of_ours(folder: Path) -> None:
    assert_one_engine(Disk(str(folder)))


names = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
probes = st.fixed_dictionaries({}, optional={
    "httpGet": st.fixed_dictionaries({"port": st.sampled_from([8080, "http"])}, optional={"path": st.just("/up")}),
    "periodSeconds": st.integers(1, 60),
}).filter(lambda probe: "httpGet" in probe)  # fmt: skip
settings_of_pods = st.fixed_dictionaries({"image": st.just("app:1")}, optional={
    "replicas": st.integers(0, 5),
    "env": st.lists(st.fixed_dictionaries({"name": names, "value": st.text(max_size=5)}), max_size=3, unique_by=lambda e: e["name"]),
    "readinessProbe": probes,
    "livenessProbe": probes,
    "annotations": st.dictionaries(st.sampled_from(["prometheus.io/scrape", "prometheus.io/port", "note"]), st.sampled_from(["true", "9090"])),
    "terminationGracePeriodSeconds": st.integers(0, 60),
    "volumes": st.just([{"name": "tmp", "emptyDir": {}}]),
    "initContainers": st.just([{"name": "first", "image": "first:1"}]),
})  # fmt: skip
services = st.fixed_dictionaries({
    "name": st.just("app"),
    "namespace": names,
    "ports": st.just([{"name": "http", "port": 8080, "appProtocol": "http"}]),
    "versions": st.lists(st.tuples(names, settings_of_pods), min_size=1, max_size=2, unique_by=lambda v: v[0]).map(
        lambda versions: [{"name": name, **settings} for name, settings in versions]
    ),
    "mesh": st.fixed_dictionaries({}, optional={
        "inject": st.sampled_from(["build", "webhook", "none"]),
        "sidecar": st.fixed_dictionaries({}, optional={
            "logLevel": st.sampled_from(["debug", "warning"]),
            "resources": st.just({"requests": {"cpu": "10m"}}),
            "native": st.booleans(),
            "interceptionMode": st.sampled_from(["REDIRECT", "TPROXY", "NONE"]),
        }),
        "istio": st.fixed_dictionaries({}, optional={
            "version": st.sampled_from(["1.30.3", "1.31.0"]),
            "sidecarMode": st.sampled_from(["native", "classic"]),
        }),
    }),
})  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(services)
def test_random_services(service: dict[str, Any]) -> None:
    assert_one_engine(Files({"sailwright.yaml": PROJECT, "s.yaml": HEAD + emit(service)}))
