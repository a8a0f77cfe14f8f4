"""Prometheus asks the agent, and the agent asks the application."""

import json

import pytest
from tests.injection.workloads import annotations_of, deployment, injected, plain, variable

from sailwright.render.injection.settings import settings_from

NEWEST = "1.31.0"
OURS = {"prometheus.io/port": "15020", "prometheus.io/path": "/stats/prometheus", "prometheus.io/scrape": "true"}


def scraping(annotations: dict[str, str]) -> dict[str, str]:
    """The annotations that Prometheus reads, in any spelling."""
    return {name: value for name, value in annotations.items() if name.startswith("prometheus") and "istio" not in name}


def test_without_a_wish_the_agent_is_scraped() -> None:
    pod = injected(deployment(), plain(NEWEST))
    assert scraping(annotations_of(pod)) == OURS
    assert variable(pod, "ISTIO_PROMETHEUS_ANNOTATIONS") is None


def test_the_applications_wish_goes_to_the_agent_whatever_its_spelling() -> None:
    given = {"prometheus.io/scrape": "true", "prometheus.io.port": "9100", "prometheus-io/path": "/m?a&b"}
    pod = injected(deployment(given), plain(NEWEST))
    assert scraping(annotations_of(pod)) == OURS
    text = variable(pod, "ISTIO_PROMETHEUS_ANNOTATIONS")
    assert text == '{"scrape":"true","path":"/m?a\\u0026b","port":"9100"}'
    assert json.loads(text)["path"] == "/m?a&b"


@pytest.mark.parametrize(
    "given",
    [{"prometheus.io/scrape": "false"}, {"prometheus.io.scrape": "f"}, {"prometheus.io/port": "15020"}],
)
def test_the_pod_can_keep_its_own(given: dict[str, str]) -> None:
    assert scraping(annotations_of(injected(deployment(given), plain(NEWEST)))) == given


@pytest.mark.parametrize(
    ("annotation", "mesh", "merges"),
    [(None, True, True), (None, False, False), ("false", True, False), ("true", False, True), ("F", True, False)],
)
def test_merging_can_be_switched(annotation: str | None, mesh: bool, merges: bool) -> None:
    settings = settings_from({}, {"enablePrometheusMerge": mesh}, release=NEWEST)
    given = {} if annotation is None else {"prometheus.istio.io/merge-metrics": annotation}
    assert bool(scraping(annotations_of(injected(deployment(given), settings)))) == merges


def test_a_status_port_in_the_proxy_config_moves_the_scraping() -> None:
    pod = injected(deployment({"proxy.istio.io/config": "statusPort: 15025"}), plain(NEWEST))
    assert annotations_of(pod)["prometheus.io/port"] == "15025"
