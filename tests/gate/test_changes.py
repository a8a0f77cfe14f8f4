"""A pull request's changes in the mesh's words."""

from __future__ import annotations

import pytest

from sailwright.commands.diff.call_graph import CallGraph, declared
from sailwright.commands.diff.changes import Seen, compare
from sailwright.commands.diff.diff import Side, service_changes, touched
from sailwright.commands.diff.differences import differences, shown
from sailwright.project.istio import resolved
from sailwright.project.service.reading import read_service
from sailwright.project.service.resolve import Target
from sailwright.source.source import parse

REVIEWS = """\
apiVersion: sailwright/v1alpha1
name: reviews
namespace: shop
owner: team-books
ports: [{name: http, port: 80, appProtocol: http}]
defaults: {replicas: 2, resources: {requests: {cpu: 100m}}}
versions:
  - {name: v1, image: "example.com/reviews:1.0.0", weight: 80}
  - {name: v2, image: "example.com/reviews:1.1.0", weight: 20}
routes:
  - name: staff
    match: [{headers: {x-user-group: {exact: staff}}}]
    to: v2
trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5, interval: 10s}}
accessPolicy: {inbound: [{service: productpage}]}
"""
STAFF = "[{headers: {x-user-group: {exact: staff}}}]"


def service(text: str, release: str = "1.30.3") -> Seen:
    """The service that a file describes, in a project with this release."""
    reading = read_service(parse("services/reviews/service.yaml", text.encode()).documents[0], [Target()])
    assert not [finding for finding in reading.findings if finding.severity == "error"], reading.findings
    return Seen(reading.services[0], resolved([{"version": release}]))


def words(after: str, before: str = REVIEWS) -> list[str]:
    """What is told about a change of the text."""
    return [change.text for change in compare(service(before), service(after))]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("reviews:1.1.0", "reviews:1.2.0", ["v2: image example.com/reviews: 1.1.0 -> 1.2.0"]),
        ("to: v2", "to: {v1: 5, v2: 95}", ["route staff: v2 100 -> 95 %, v1 0 -> 5 %"]),
        ("{exact: staff}", "{exact: crew}", [f"route staff: match {STAFF} -> {STAFF.replace('staff', 'crew')}"]),
        ("    to: v2", "    to: v2\n    timeout: 3s", ["route staff: timeout none -> 3s"]),
        ("routes:\n", "timeout: 5s\nroutes:\n", ["default route: timeout none -> 5s"]),
        ("interval: 10s", "interval: 30s", ["traffic policy: outlierDetection.interval 10s -> 30s"]),
        ("replicas: 2", "replicas: 3", ["v1, v2: replicas 2 -> 3"]),
        (
            "[{service: productpage}]",
            "[{service: cart}]",
            ["inbound: now also service shop/cart, no longer service shop/productpage"],
        ),
        (
            "accessPolicy: {inbound: [{service: productpage}]}",
            "",
            ["inbound: [service shop/productpage] -> anybody"],
        ),
        (
            "accessPolicy:",
            "mesh: {mtls: STRICT, inject: webhook}\naccessPolicy:",
            ["mTLS none -> STRICT", "injection build -> webhook"],
        ),
        ("port: 80,", "port: 8080,", ["port.http.port 80 -> 8080", "port.http.targetPort 80 -> 8080"]),
        ("owner: team-books", "owner: team-shop", []),
    ],
)
def test_a_change_is_told_in_the_words_of_the_mesh(old: str, new: str, told: list[str]) -> None:
    text = REVIEWS.replace(old, new)
    assert text != REVIEWS
    assert words(text) == told


def test_moved_weights_name_the_versions_whose_share_changes() -> None:
    text = REVIEWS.replace("weight: 80", "weight: 50").replace("weight: 20", "weight: 50")
    assert words(text) == ["default route: v1 80 -> 50 %, v2 20 -> 50 %"]


def test_a_new_release_of_the_sidecar_is_told_where_it_is_baked() -> None:
    told = [change.text for change in compare(service(REVIEWS), service(REVIEWS, "1.31.0"))]
    assert told == ["sidecar: Istio 1.30.3 -> 1.31.0"]
    webhook = REVIEWS + "mesh: {inject: webhook}\n"
    assert not list(compare(service(webhook), service(webhook, "1.31.0")))


def test_versions_come_retire_and_go() -> None:
    third = "  - {name: v3, image: 'example.com/reviews:2.0.0', weight: 0}\nroutes:"
    with_third = REVIEWS.replace("routes:", third)
    assert words(with_third) == ["new version v3, image example.com/reviews:2.0.0"]
    retired = with_third.replace("weight: 0}", "weight: 0, retire: true}")
    assert words(retired, with_third) == ["v3 retires: no traffic, its subset stays"]
    assert words(REVIEWS, retired) == ["version v3 removed"]


def test_routes_come_go_and_move() -> None:
    api = "  - {name: api, match: [{uri: {prefix: /api}}], to: {v1: 90, v2: 10}}\n"
    last = REVIEWS.replace("trafficPolicy", api + "trafficPolicy")
    first = REVIEWS.replace("routes:\n", "routes:\n" + api)
    assert words(last) == ["new route api: {uri: {prefix: /api}} -> v1 90 %, v2 10 %"]
    assert words(REVIEWS, last) == ["route api removed"]
    assert words(first, last) == ["routes are tried in another order: api, staff"]


def test_a_new_and_a_removed_service_name_their_versions() -> None:
    assert [change.text for change in compare(None, service(REVIEWS))] == ["new service: v1 80 %, v2 20 %"]
    assert [change.text for change in compare(service(REVIEWS), None)] == ["removed: v1 80 %, v2 20 %"]
    assert list(compare(None, None)) == []


def test_equal_changes_of_several_clusters_are_one_and_name_where_only_some_have_it() -> None:
    old, new = service(REVIEWS), service(REVIEWS.replace("interval: 10s", "interval: 1s"))

    def side(*changed: str) -> Side:
        places = [("staging", None), ("prod", "eu1"), ("prod", "us1")]
        return {
            (place, cluster): {"shop/reviews": new if (cluster or place) in changed else old}
            for place, cluster in places
        }

    assert service_changes(side(), side()) == ()
    for changed, environments in (
        (("staging", "eu1", "us1"), ()),
        (("eu1", "us1"), ("prod",)),
        (("staging", "eu1"), ("prod/eu1", "staging")),
    ):
        (change,) = service_changes(side(), side(*changed))
        assert change.environments == environments


def test_who_is_touched_follows_the_access_policies() -> None:
    front = REVIEWS.replace("name: reviews", "name: front").replace("team-books", "team-web")
    caller = service(front.replace("inbound: [{service: productpage}]", "outbound: [{service: shop/reviews}]"))
    grown = service(REVIEWS.replace("replicas: 2", "replicas: 9"))
    before: Side = {(None, None): {"shop/reviews": service(REVIEWS), "shop/front": caller}}
    after: Side = {(None, None): {"shop/reviews": grown, "shop/front": caller}}
    graphs = (
        {
            sight: CallGraph({key: declared(seen.service) for key, seen in services.items()}, ())
            for sight, services in side.items()
        }
        for side in (before, after)
    )
    found = touched(service_changes(before, after), *graphs)
    assert found.owners == ("team-books",)
    assert found.callers == ("shop/front", "shop/productpage")
    assert found.callers_owners == ("team-web",)


def test_differences_compare_named_lists_by_name_and_cut_long_values() -> None:
    old = {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}], "command": ["a"]}
    new = {"env": [{"name": "B", "value": "3"}], "command": ["a", "b"]}
    assert list(differences(old, new)) == ["env.A {value: 1} -> none", "env.B.value 2 -> 3", "command [a] -> [a, b]"]
    assert shown("x" * 100) == "x" * 57 + "..."
    assert shown("") == '""'
