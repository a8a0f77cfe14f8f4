"""Reading one service file: what a sound one becomes, and what is said about the others."""

from textwrap import dedent

from sailwright.diagnostics.finding import Finding
from sailwright.project.service.reading import Reading, read_service
from sailwright.project.service.resolve import Target
from sailwright.source.source import parse

REVIEWS = dedent("""\
    apiVersion: sailwright/v1alpha1
    name: reviews
    namespace: bookinfo
    ports:
      - {name: http, port: 9080, appProtocol: http}
    defaults:
      replicas: 2
      env:
        - {name: LOG_LEVEL, value: info}
    versions:
      - name: v1
        image: reviews:1
        weight: 80
      - name: v2
        image: reviews:2
        weight: 20
        env:
          - {name: LOG_LEVEL, value: debug}
    environments:
      staging:
        defaults: {replicas: 1}
      prod:
        clusters:
          eu1:
            versions:
              - {name: v1, weight: 50}
              - {name: v2, weight: 50}
    """)


def reading(text: str, *targets: Target) -> Reading:
    document = parse("services/reviews/service.yaml", text.encode()).documents[0]
    return read_service(document, targets or (Target(),))


def told(findings: tuple[Finding, ...]) -> list[tuple[int, str, str]]:
    return [(finding.location.line, finding.rule, finding.message) for finding in findings]


def test_defaults_lie_under_every_version() -> None:
    service = reading(REVIEWS).services[0]
    assert [version.settings["replicas"] for version in service.versions] == [2, 2]
    assert [version.settings["env"][0]["value"] for version in service.versions] == ["info", "debug"]
    assert [version.weight for version in service.versions] == [80, 20]


def test_each_target_gets_its_overlays() -> None:
    services = reading(REVIEWS, Target("staging"), Target("prod", "eu1"), Target("prod", "us1")).services
    assert [service.versions[0].settings["replicas"] for service in services] == [1, 2, 2]
    assert [service.versions[0].weight for service in services] == [80, 50, 80]


def test_a_value_is_traced_to_the_line_that_says_it() -> None:
    """Overlays, defaults and the file itself: the author is sent to the line he owns."""
    staging, eu1 = reading(REVIEWS, Target("staging"), Target("prod", "eu1")).services
    assert staging.written(("versions", 0, "replicas")).path == ("environments", "staging", "defaults", "replicas")
    assert eu1.written(("versions", 1, "replicas")).path == ("defaults", "replicas")
    assert eu1.written(("versions", 1, "weight")).location().line == 27
    assert eu1.written(("versions", 1, "image")).path == ("versions", 1, "image")


def test_all_that_is_wrong_is_told_in_one_run() -> None:
    text = REVIEWS.replace("weight: 20", "weight: 30").replace("namespace: bookinfo", "namespace: bookinfo\nteam: x")
    assert told(reading(text).findings) == [
        (4, "service-schema", "unknown key `team`"),
        (17, "weights-sum", "the weights of the versions must sum to 100: v1 80 + v2 30 = 110"),
    ]
