"""`check`, `validate` and `test` after services have come, gone or got other names say what they say without cache."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate import test_services_that_come_and_go as come_and_go
from tests.gate.test_kept_base import committed, same
from tests.gate.test_services_that_come_and_go import Change, without_calls
from tests.hostile.repositories import fresh_run, git, in_process, own_store
from tests.route.test_linked_route import BY_HAND, PROJECT, project

from sailwright.workspace import parallel

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 3)

DECLARED = "namespaces: {one: {}, two: {}, five: {}}\n"
"""Namespaces that are rendered while services are in them."""
WRONG = "patches: [{target: {kind: Deployment}, patch: {spec: {replicas: two}}}]\n"
BESIDE = "include: [extra.yaml]\n"
MORE = (WRONG, BESIDE, WRONG.replace("two", "2"), "tests: []\n")
"""What a service file says besides, some of it wrong."""
CONFIG = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: NAMESPACE}\ndata: {level: 1}\n---\n# Nothing.\n"
)
VALIDATE, TEST, CHECK = (
    (*command, "--format", "json") for command in (("validate",), ("test",), ("check", "--base", "HEAD"))
)

Move = tuple[tuple[tuple[str, str], Change], str]
"""The namespace and name of a service, what becomes of it or where its file lies from now on, and what it says besides."""
renamed = st.tuples(come_and_go.ours | come_and_go.others, st.sampled_from(("mail", "basket", "cart")))
moves = st.tuples(st.one_of(come_and_go.moves, renamed), st.sampled_from(("", *MORE)))
some_moves = st.lists(moves, min_size=1, max_size=2)


def moved(folder: Path, move: Move) -> None:
    """Have a service come or go, have its file lie elsewhere, or have it be another than it was."""
    ((namespace, name), change), more = move
    own = folder / "services" / namespace / name
    if isinstance(change, str) and "\n" not in change:
        there = own.parent / change
        if own.exists() and not there.exists():
            own.rename(there)
        return
    come_and_go.move(folder, namespace, name, change)
    file = own / "service.yaml"
    if file.exists() and more not in file.read_text():
        file.write_text(file.read_text() + more)
        if more == BESIDE:
            (own / "extra.yaml").write_text(CONFIG.replace("NAMESPACE", namespace).replace("NAME", name))


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    by_hand=st.sampled_from(BY_HAND),
    steps=st.lists(some_moves, min_size=1, max_size=5),
    declared=st.booleans(),
    between=st.sampled_from(((), ("lint",))),
)
def test_any_move_gives_what_is_said_without_cache(
    tmp_path_factory: pytest.TempPathFactory,
    by_hand: str,
    steps: list[list[Move]],
    declared: bool,
    between: tuple[str, ...],
) -> None:
    """Of commands that each keep what they know for themselves, and know what others have rendered meanwhile."""
    top = tmp_path_factory.mktemp("moves")
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        folder = project(top / "kept", by_hand)
        without_calls(folder)
        file = folder / "sailwright.yaml"
        file.write_text(file.read_text() + DECLARED * declared)
        in_process(folder, "lint")
        for some in ([], *steps):
            for each in some:
                moved(folder, each)
            same(folder, *VALIDATE)
            if between:
                in_process(folder, *between)
            same(folder, *TEST)
            same(folder, *VALIDATE)
    shutil.rmtree(top)


SMALL = PROJECT.replace("environments: {staging: {}, prod: {}}", "environments: {prod: {}}")
SMALL += "namespaces: {one: {render: false, allow: [hosts]}, two: {render: false, allow: [hosts]}}\n"
PLACES = tuple((namespace, name) for namespace in ("one", "two") for name in ("a", "b", "c", "d"))
HTTP = come_and_go.HTTP
TWO = HTTP + '  - {name: v2, image: "example.com/shop:2"}\n'
ROUTED = TWO + "routes: [{to: {v1: 50, v2: 50}}]\n"
OTHER_HOST = TWO + "service: {name: shared}\nroutes: [{to: {v1: 50, v2: 50}}]\n"
LEADING_AWAY = ROUTED + (
    "patches:\n  - target: {kind: VirtualService}\n"
    "    patch: {spec: {http: [{route: [{destination: {host: a-one.one.svc.cluster.local, subset: v2}}]}]}}\n"
)
ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: NAME-more, namespace: NAMESPACE}
spec: {hosts: [HOST], http: [{route: [{destination: {host: HOST, subset: v2}}]}]}
"""
SUBSETS = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: NAME-more, namespace: NAMESPACE}
spec: {host: HOST, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
"""
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shared, namespace: NAMESPACE}
spec:
  selector: {matchLabels: {app: HOST}}
  template: {metadata: {labels: {app: HOST}}, spec: {containers: [{name: app, image: "example.com/shop:1"}]}}
"""
HOSTS = tuple(f"{host}.svc.cluster.local" for host in ("a-one.one", "b-two.two", "shared.one"))
TESTED = ROUTED + (
    "tests:\n  - {name: own, expect: {weights: {v1: 50, v2: 50}}}\n"
    f"  - {{name: new, request: {{host: {HOSTS[2]}, port: 80}}, expect: {{version: v1}}}}\n"
    "  - {name: called, from: {service: one/d-one}, expect: {version: v1}}\n"
)
EXTRAS = (
    *(text.replace("HOST", host) for text in (ROUTES, SUBSETS) for host in HOSTS),
    *(WORKLOAD.replace("HOST", app) for app in "xy"),
)
"""What a service includes: routes to subsets of others, those subsets, or a workload."""
states = st.tuples(
    st.sampled_from((HTTP, TWO, TWO, ROUTED, ROUTED, OTHER_HOST, LEADING_AWAY, TESTED)),
    st.sampled_from(("", "", *EXTRAS)),
)
State = tuple[str, str] | None
changes = st.lists(st.tuples(st.sampled_from(PLACES), st.none() | states), min_size=1, max_size=2)


def written(folder: Path, place: tuple[str, str], state: State) -> None:
    """Write a service file with what it includes; remove it where there is no state."""
    namespace, name = place
    own = folder / "services" / namespace / name
    shutil.rmtree(own, ignore_errors=True)
    if state is not None:
        own.mkdir(parents=True)
        files = {"service.yaml": state[0]}
        if state[1]:
            files = {"service.yaml": state[0] + BESIDE, "extra.yaml": state[1]}
        for file, text in files.items():
            (own / file).write_text(text.replace("NAMESPACE", namespace).replace("NAME", f"{name}-{namespace}"))


@contextmanager
def own_project(
    factory: pytest.TempPathFactory,
    services: Mapping[tuple[str, str], State],
    by_hand: str = "",
    *,
    large: bool = False,
) -> Iterator[Path]:
    """A committed project that was checked once, with a store of its own; any part of its services may be compared by itself."""
    top = factory.mktemp("checks")
    with pytest.MonkeyPatch.context() as patch:
        own_store(patch, top)
        patch.setattr("sailwright.commands.check.either_links._PART", 1)
        patch.setattr("sailwright.commands.lint.linked_services._PART", 1)
        if large:
            patch.setattr(parallel, "MANY", 1)
        folder = top / "kept"
        (folder / "manifests").mkdir(parents=True)
        (folder / "sailwright.yaml").write_text(SMALL)
        (folder / "manifests/more.yaml").write_text(by_hand.replace("NAMESPACE", "two").replace("NAME", "by-hand"))
        for place, state in services.items():
            written(folder, place, state)
        git(folder, "init", "-q")
        in_process(committed(folder), *CHECK)
        yield folder
    shutil.rmtree(top)


@settings(max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    services=st.dictionaries(st.sampled_from(PLACES), states, min_size=4),
    by_hand=st.sampled_from(("", *EXTRAS)),
    steps=st.lists(st.tuples(changes, st.sampled_from(("", "", "lint", "commit"))), min_size=1, max_size=6),
    large=st.booleans(),
)
def test_any_move_gives_what_a_check_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory,
    services: dict[tuple[str, str], State],
    by_hand: str,
    steps: list[tuple[list[tuple[tuple[str, str], State]], str]],
    large: bool,
) -> None:
    """Versions, routes and selectors are others than at the base, in services that are linked."""
    with own_project(tmp_path_factory, services, by_hand, large=large) as folder:
        for some, then in steps:
            for place, state in some:
                written(folder, place, state)
            if then == "lint":
                in_process(folder, "lint")
            same(folder, *CHECK)
            if then == "commit":
                committed(folder)
                same(folder, *CHECK)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project of six services that was checked, validated and tested once."""
    with own_project(tmp_path_factory, dict.fromkeys(PLACES[:6], (ROUTED, ""))) as folder:
        for command in (VALIDATE, TEST):
            in_process(folder, *command)
        yield folder


@contextmanager
def nothing_loaded() -> Iterator[None]:
    """No command loads the whole mesh meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("validate.run._loaded", "test.run.load", "test.kept_run.load", "check.whole.check_workspace"):
            patch.setattr(f"sailwright.commands.{name}", lambda *_, **__: 1 / 0)
        yield


HERE, THERE = PLACES[0], PLACES[7]
MOVES: dict[str, tuple[tuple[tuple[str, str], State], ...]] = {
    "comes": ((THERE, (HTTP, "")),),
    "goes": ((HERE, None),),
    "has another host": ((HERE, (OTHER_HOST, "")),),
    "has another name": ((HERE, None), (THERE, (ROUTED, ""))),
}


@pytest.mark.parametrize("moves", MOVES.values(), ids=MOVES)
def test_what_is_kept_is_used(folder: Path, moves: tuple[tuple[tuple[str, str], State], ...]) -> None:
    """After a move, after it is taken back, and after both once more."""
    back: list[tuple[tuple[str, str], State]] = [(place, (ROUTED, "") if place == HERE else None) for place, _ in moves]
    for states in (moves, back, moves, back):
        for place, state in states:
            written(folder, place, state)
        fresh = [fresh_run(folder, *command) for command in (VALIDATE, TEST, CHECK)]
        with nothing_loaded():
            kept = [in_process(folder, *command) for command in (VALIDATE, TEST, CHECK)]
        for one, other in zip(kept, fresh, strict=True):
            assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)


def compared(folder: Path) -> str:
    """What a check says after a lint, without the whole mesh; it is what it says without cache."""
    in_process(folder, "lint")
    with nothing_loaded():
        kept = in_process(folder, *CHECK)
    fresh = fresh_run(folder, *CHECK)
    assert (kept.returncode, kept.stdout, kept.stderr) == (fresh.returncode, fresh.stdout, fresh.stderr)
    return kept.stdout


A, B, C = ("one", "a"), ("two", "b"), ("two", "c")


def test_a_service_that_goes_while_routes_lead_to_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Those of a file by hand; its own routes go with it, or lie elsewhere from now on."""
    by_hand = ROUTES.replace("HOST", HOSTS[1])
    with own_project(tmp_path_factory, dict.fromkeys((A, B), (ROUTED, "")), by_hand) as folder:
        for _ in range(2):
            written(folder, B, None)
            assert "subset-removed-while-routed" in compared(folder)
            written(folder, B, (ROUTED, ""))
            assert "subset-removed-while-routed" not in compared(folder)
        (folder / "services/two/b").rename(folder / "services/two/d")
        assert "subset-removed-while-routed" not in compared(folder)
        shutil.rmtree(folder / "services/two/d")
        assert "subset-removed-while-routed" in compared(folder)


def test_whom_a_new_service_calls(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It comes with routes to a version that is nowhere; when that comes, the routes are where it is reported, until they go."""
    with own_project(tmp_path_factory, {A: (HTTP, ""), B: (ROUTED, "")}) as folder:
        written(folder, C, (LEADING_AWAY, ""))
        assert "version-born-with-weight" not in compared(folder)
        written(folder, A, (TWO, ""))
        assert "version-born-with-weight" in compared(folder)
        written(folder, C, None)
        assert "version-born-with-weight" not in compared(folder)
        written(folder, C, (LEADING_AWAY, ""))
        assert "version-born-with-weight" in compared(folder)


def test_a_namespace_that_is_rendered_with_its_first_service(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What is around the services is another then."""
    with own_project(tmp_path_factory, dict.fromkeys((A, B), (ROUTED, ""))) as folder:
        file = folder / "sailwright.yaml"
        file.write_text(f"{SMALL.rstrip().removesuffix('}')}, five: {{}}}}\n")
        for command in (VALIDATE, TEST, CHECK):
            in_process(folder, *command)
        written(folder, ("five", "a"), (HTTP, ""))
        for command in (VALIDATE, TEST, CHECK):
            same(folder, *command)
        written(folder, ("five", "a"), None)
        for command in (VALIDATE, TEST, CHECK):
            same(folder, *command)


@pytest.mark.parametrize("moves", MOVES.values(), ids=MOVES)
def test_tests_of_a_large_project_run_again(
    tmp_path_factory: pytest.TempPathFactory, moves: tuple[tuple[tuple[str, str], State], ...]
) -> None:
    """Without all objects; whoever comes may be what a test asks for. Nor are they loaded for a change of what the tests read."""
    services = {**dict.fromkeys(PLACES[:6], (ROUTED, "")), B: (TESTED, "")}
    with own_project(tmp_path_factory, services, large=True) as folder:
        for place, state in (*moves, (B, (TESTED.replace("v1: 50", "v1: 40"), "")), (B, (TESTED, ""))):
            written(folder, place, state)
            assert "traffic-test-failed" in compared(folder)


LEGACY = """\
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: one}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: legacy, namespace: one}
spec: {hosts: [legacy], http: [{route: [{destination: {host: legacy, subset: v2}}]}]}
"""
WITH_ITS_SUBSETS = ROUTED + (
    "patches:\n  - target: {kind: DestinationRule}\n    patch: {spec: {host: legacy.one.svc.cluster.local}}\n"
)


@pytest.mark.parametrize("large", [False, True])
def test_subsets_of_a_service_that_selects_nothing(tmp_path_factory: pytest.TempPathFactory, large: bool) -> None:
    """Whose pods they take is asked of all its namespace: nothing links these."""
    services = {A: (ROUTED, ""), ("one", "b"): (WITH_ITS_SUBSETS, "")}
    with own_project(tmp_path_factory, services, LEGACY, large=large) as folder:
        written(folder, ("one", "b"), (HTTP, ""))
        in_process(folder, "lint")
        assert "rule-removed-while-routed" in same(folder, *CHECK)
