"""`check --shard I/N` and `merge`: the results of N jobs, each with a share of the services, are those of one run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sailwright.cli import main
from sailwright.commands.shards import shard
from sailwright.diagnostics.finding import Finding, Location
from sailwright.project.services import Services
from sailwright.render.rendering import Rendering
from sailwright.runtime.records import replace
from sailwright.source.files.regular import read_regular
from sailwright.workspace.compile import Compilation, LoadedProject, compiled
from sailwright.workspace.facts_reading import facts_of, read
from sailwright.workspace.service_records import ServiceRecord
from sailwright.workspace.shard_facts import FactsText, FileFacts, ServiceFacts, exact_text

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "guides" / "large-repositories.md"

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bookinfo twice, in two environments, with tests that fail, output that is stale, and hand-written manifests at fault."""
    return bookinfo(tmp_path, monkeypatch)


def bookinfo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "services", folder / "services")
    shutil.copytree(ROOT / "services", folder / "more")
    shutil.copytree(ROOT / "rendered", folder / "rendered")
    for file in (folder / "more").glob("*/service.yaml"):
        file.write_text(file.read_text().replace("namespace: bookinfo", "namespace: bookshop"))
    text = (ROOT / "sailwright.yaml").read_text().replace('["services/*/service.yaml"]', '["*/*/service.yaml"]')
    (folder / "sailwright.yaml").write_text(text + 'manifests: [{paths: ["hand/*.yaml"]}]\n')
    (folder / "hand").mkdir()
    (folder / "hand" / "route.yaml").write_text(ROUTE)
    monkeypatch.chdir(folder)
    return folder


ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ghosts, namespace: bookinfo}
spec:
  hosts: [details]
  http:
    - route:
        - destination: {host: nobody, subset: v9}
"""


def ran(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    capsys.readouterr()
    status = main([*arguments])
    told = capsys.readouterr()
    return status, told.out, told.err


def shards(count: int) -> list[str]:
    """Run every shard; the files of facts."""
    files = [f"{number}-of-{count}.facts" for number in range(1, count + 1)]
    for number, file in enumerate(files, 1):
        assert main(["check", "--shard", f"{number}/{count}", "--facts", file]) == 0
    return files


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_merged_results_are_those_of_one_run(project: Path, capsys: Capture, count: int) -> None:
    """To the byte, and in whatever order the files are named."""
    files = shards(count)
    for shape in ("text", "json"):
        whole = ran(capsys, "check", "--format", shape)
        assert whole[0] == 1
        assert ran(capsys, "merge", *reversed(files), "--format", shape) == whole


def test_a_service_is_rendered_once_even_where_it_names_those_of_other_shards(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = shards(4)

    def render(rendering: Rendering, service: object) -> object:
        raise AssertionError("merge renders what a shard has rendered")

    monkeypatch.setattr(Rendering, "render", render)
    main(["merge", *files])


@pytest.mark.parametrize("told", [True, False], ids=["paths with names", "paths without names"])
def test_a_shard_opens_the_files_of_services_that_its_own_may_name(
    project: Path, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    stranger = project / "services" / "unheard-of" / "service.yaml"
    stranger.parent.mkdir()
    stranger.write_text(PLAIN)
    if not told:
        for number, folder in enumerate(sorted((project / "services").iterdir())):
            folder.rename(folder.parent / f"no-{number}")
    opened: set[str] = set()

    def noting(where: str, limit: int) -> object:
        opened.add(Path(where).read_text() if where.endswith("service.yaml") else "")
        return read_regular(where, limit)

    monkeypatch.setattr("sailwright.source.files.checkout.read_regular", noting)
    files = sorted(path.relative_to(project).as_posix() for path in project.glob("*/*/service.yaml"))
    number = next(number for number, path in enumerate(files) if (project / path).read_text() == PLAIN)
    other = (number + 1) % 3 + 1
    assert main(["check", "--shard", f"{other}/3", "--facts", "x.facts"]) == 0
    assert (PLAIN in opened) is not told


PLAIN = """\
apiVersion: sailwright/v1alpha1
name: unheard-of
namespace: elsewhere
ports: [{name: http, port: 8080, appProtocol: http}]
versions: [{name: v1, image: "registry.example.com/unheard-of:1", replicas: 2}]
"""


@pytest.mark.parametrize("double", [False, True], ids=["", "one service twice"])
def test_a_large_share_is_worked_on_some_services_at_a_time(
    project: Path, monkeypatch: pytest.MonkeyPatch, double: bool
) -> None:
    """What it finds out is the same."""
    file = project / "more" / "details" / "service.yaml"
    if double:
        file.write_text(file.read_text().replace("namespace: bookshop", "namespace: bookinfo"))
    sizes: list[int] = []

    def noting(loaded: LoadedProject, services: Services, *more: Any) -> Compilation:
        sizes.append(len(services.sources))
        return compiled(loaded, services, *more)

    monkeypatch.setattr(shard, "compiled", noting)
    monkeypatch.setattr(shard, "CHUNK", 2)
    found = []
    for many in (100, 1):
        monkeypatch.setattr(shard, "MANY", many)
        found.append([list(read(file).files()) for file in shards(1)])
    assert found[0] == found[1]
    assert sizes == [14, *([14] if double else [2] * 7)]


def test_a_service_that_was_told_otherwise_is_rendered_again(project: Path, capsys: Capture) -> None:
    """A name in a spelling that a look at the file does not find: its shard does not know the service, merge does."""
    ratings = project / "services" / "ratings" / "service.yaml"
    ratings.write_text(ratings.read_text().replace("name: ratings", '"na\\x6de": ratings', 1))
    (project / "services" / "reviews" / "extra.yaml").write_text(ROUTE.replace("ghosts", "included"))
    reviews = project / "services" / "reviews" / "service.yaml"
    reviews.write_text(reviews.read_text() + "include: [extra.yaml]\n")
    whole = ran(capsys, "check")
    assert ran(capsys, "merge", *shards(5)) == whole


@pytest.mark.parametrize(
    "wrong",
    ["portz: []\n", "name: again\n", "accessPolicy: {inbound: [{service: bookinfo/nobody}]}\n", "- [\n"],
    ids=["unknown field", "key twice", "unknown caller", "no YAML"],
)
def test_errors_of_services_are_those_of_one_run(project: Path, capsys: Capture, wrong: str) -> None:
    file = project / "services" / "mysqldb" / "service.yaml"
    text = re.sub(r"^accessPolicy:\n(  .*\n)*", "", file.read_text(), flags=re.MULTILINE)
    file.write_text(text + wrong)
    whole = ran(capsys, "check")
    assert ran(capsys, "merge", *shards(3)) == whole


def test_what_is_wrong_with_the_defaults_of_the_project(project: Path, capsys: Capture) -> None:
    """It is wrong in each service that they reach, and in the file of none."""
    (project / "services" / "unheard-of").mkdir()
    (project / "services" / "unheard-of" / "service.yaml").write_text(PLAIN.replace(", replicas: 2", ""))
    file = project / "sailwright.yaml"
    scaling = "autoscaling: {minReplicas: 5, maxReplicas: 2, targetCPUUtilization: 80}"
    file.write_text(file.read_text() + f"defaults: {{{scaling}}}\n")
    whole = ran(capsys, "check")
    assert "minReplicas 5 is above maxReplicas 2" in whole[1]
    assert ran(capsys, "merge", *shards(3)) == whole


def test_two_services_of_one_name_in_two_shards(project: Path, capsys: Capture) -> None:
    for name in ("details", "ratings"):
        file = project / "more" / name / "service.yaml"
        file.write_text(file.read_text().replace("namespace: bookshop", "namespace: bookinfo"))
    whole = ran(capsys, "check")
    assert "duplicate-service" in whole[1]
    assert ran(capsys, "merge", *shards(4)) == whole


def test_changes_are_compared_with_the_base_when_results_are_merged(project: Path, capsys: Capture) -> None:
    for command in (("init", "-qb", "main"), ("add", "."), ("commit", "-qm", "base")):
        subprocess.run(("git", "-c", "user.name=a", "-c", "user.email=a@example.com", *command), check=True)
    file = project / "services" / "reviews" / "service.yaml"
    file.write_text(file.read_text().replace("  - name: v2 ", "  - name: v4 ").replace("{name: v2,", "{name: v4,"))
    for arguments in (("--base", "main"), ("--base", "main", "--config-ref", "main")):
        whole = ran(capsys, "check", *arguments)
        assert ran(capsys, "merge", *shards(2), *arguments) == whole


NAMES = ("cart", "pay", "search", "stock", "mail")


@st.composite
def services(draw: st.DrawFn) -> dict[str, dict[str, object]]:
    """Service files that name each other, some of them services that are not there."""
    found: dict[str, dict[str, object]] = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True)):
        namespace = draw(st.sampled_from(("shop", "back")))
        others = st.builds("{}/{}".format, st.sampled_from(("shop", "back")), st.sampled_from(NAMES))
        parties = st.lists(others.map(lambda key: {"service": key}), max_size=2, unique_by=str)
        found[name] = {
            "apiVersion": "sailwright/v1alpha1",
            "name": name,
            "namespace": namespace,
            "ports": [{"name": "http", "port": draw(st.sampled_from((80, 8080))), "appProtocol": "http"}],
            "versions": [
                {"name": "v1", "image": f"registry.example.com/{name}:1", "replicas": draw(st.integers(1, 3))}
            ],
            "serviceAccount": {"name": draw(st.sampled_from((name, "common")))},
            "accessPolicy": {"inbound": draw(parties), "outbound": draw(parties)},
        }
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=services(), count=st.integers(1, 4))
def test_any_project_in_any_number_of_shards(
    files: dict[str, dict[str, object]],
    count: int,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\nistio: {sidecarMode: native}\n")
    for name, service in files.items():
        (folder / "services" / name).mkdir(parents=True)
        (folder / "services" / name / "service.yaml").write_text(yaml.safe_dump(service))
    monkeypatch.chdir(folder)
    whole = ran(capsys, "check", "--format", "json")
    assert ran(capsys, "merge", *shards(count), "--format", "json") == whole


# -- what cannot be merged is one sentence


def refused(capsys: Capture, *files: str) -> str:
    status, out, told = ran(capsys, "merge", *files)
    assert (status, out, told.count("\n")) == (2, "", 1)
    return told.removeprefix("sailwright: ")


def test_a_missing_a_doubled_and_a_foreign_shard(project: Path, capsys: Capture) -> None:
    one, two, three = shards(3)
    assert refused(capsys, one, three).startswith("the facts of shard 2 of 3 are missing: ")
    shutil.copy(one, "copy.facts")
    assert refused(capsys, one, two, three, "copy.facts").startswith(
        "shard 1/3 is given twice, in 1-of-3.facts and copy.facts"
    )
    assert refused(capsys, one, shards(2)[1], three).startswith("2-of-2.facts: shard 2/2, and another file is one of 3")
    assert refused(capsys, "sailwright.yaml").startswith("sailwright.yaml: not a file of facts")
    assert refused(capsys, "nothing.facts").startswith("nothing.facts: No such file or directory")


def test_facts_of_another_state_of_the_project(project: Path, capsys: Capture) -> None:
    files = shards(2)
    service = project / "services" / "reviews" / "service.yaml"
    text = service.read_text()
    service.write_text(text + "# later\n")
    assert "services/reviews/service.yaml differs there" in refused(capsys, *files)
    service.write_text(text)
    (project / "services" / "new").mkdir()
    (project / "services" / "new" / "service.yaml").write_text(text.replace("name: reviews", "name: new", 1))
    assert "of another project, or another commit" in refused(capsys, *files)


def test_damaged_facts_and_those_of_another_version(
    project: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = shards(2)
    data = Path(files[0]).read_bytes()
    for wrong in (data[:-50], data[: data.index(b"\n") + 1], data.replace(b'"shard": [1, 2]', b'"shard": 1')):
        Path(files[0]).write_bytes(wrong)
        assert "the file is damaged" in refused(capsys, *files)
    Path(files[0]).write_bytes(re.sub(rb'"size": \d+', b'"size": 9', data))
    assert "the file is damaged" in refused(capsys, *files)  # that is longer than it says is read no further
    Path(files[0]).write_bytes(re.sub(rb'"version": "[^"]*"', b'"version": "9.9.9"', data))
    assert "written by Sailwright 9.9.9, and this is" in refused(capsys, *files)
    Path(files[0]).write_bytes(re.sub(rb'"program": "..', b'"program": "zz', data))
    assert "written by another build of Sailwright" in refused(capsys, *files)


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "1/0", "a/b", "01/2", "1/2/3"])
def test_a_shard_that_cannot_be(project: Path, capsys: Capture, shard: str) -> None:
    assert ran(capsys, "check", "--shard", shard, "--facts", "x.facts")[0] == 2
    assert not Path("x.facts").exists()


def test_flags_that_do_not_go_together(project: Path, capsys: Capture) -> None:
    assert ran(capsys, "check", "--shard", "1/2")[0] == 2
    assert ran(capsys, "check", "--facts", "x.facts")[0] == 2
    assert ran(capsys, "check", "services", "--shard", "1/2", "--facts", "x.facts")[0] == 2


def test_a_project_file_at_fault_ends_every_job(project: Path, capsys: Capture) -> None:
    (project / "sailwright.yaml").write_text("apiVersion: sailwright/v1alpha1\nservicez: []\n")
    status, out, _ = ran(capsys, "check", "--shard", "1/2", "--facts", "x.facts")
    assert status == 2
    assert "servicez" in out


# -- the text of a file of facts

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
)


@given(value=VALUES)
def test_a_text_gives_back_the_value_to_the_type_or_there_is_none(value: object) -> None:
    text = exact_text(value)
    assert text is None or repr(json.loads(text)) == repr(value)


def test_values_that_no_text_gives_back() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    itself: list[object] = []
    itself.append(itself)
    assert not any(map(exact_text, ({1: "a"}, [float("nan")], [date(2026, 1, 1)], [("a",)], deep, itself)))
    assert exact_text({"a": [1, 1.0, True, None, "\ud800\n"]}) is not None


def test_a_file_of_many_services_is_read_piece_by_piece() -> None:
    """Records of all lengths, longer than a piece and shorter, come back as they were."""
    cart = ServiceFacts(
        (0, "shop", "cart"),
        (0, ()),
        ["shop/stock"],
        "1",
        [{("a",): ("b", 0)}],
        "2",
        b"12345678",
        (),
        (),
        b"[{}]",
    )
    record = ServiceRecord(
        (),
        ("shop/stock",),
        ((0, "shop/cart", ("cart",), (80,), (), None, (), (), "", ""),),
        ("shop/cart",),
        (),
        {},
        b"",
        1,
    )
    given = [
        FileFacts(
            f"{number}.yaml", "0", number % 2 == 0, replace(record, reads=(f"{number}.yaml",)),
            json.dumps("\n" * (number * 997 % 40_000)).encode(), [cart],
        )
        for number in range(300)
    ]  # fmt: skip
    text = FactsText()
    text.add_findings(findings := [Finding("rule", "warning", "said", Location("0.yaml"))])
    for each in given:
        text.add(each)
    found = facts_of("x", text.done((1, 1), "", ""))
    there: list[Finding] = []
    assert list(found.files(there)) == given
    assert there == findings


# -- the jobs of the guide


def blocks(title: str) -> str:
    """The YAML of the guide's section."""
    text = GUIDE.read_text().partition(f"### {title}")[2]
    return text.partition("```yaml\n")[2].partition("```")[0]


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ("bash", "-euo", "pipefail", "-c", script),
        cwd=folder,
        env={**os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_github_matrix_of_the_guide_gives_the_results_of_one_run(project: Path, capsys: Capture) -> None:
    jobs = yaml.safe_load(blocks("GitHub Actions"))["jobs"]
    scripts = [step["run"] for step in jobs["shard"]["steps"] if "sailwright check" in step.get("run", "")]
    for number in jobs["shard"]["strategy"]["matrix"]["shard"]:
        for script in scripts:
            done = shell(script.replace("${{ matrix.shard }}", str(number)), project)
            assert done.returncode == 0, done.stderr
    (script,) = (step["run"] for step in jobs["merge"]["steps"] if "sailwright merge" in step.get("run", ""))
    merged = shell(script.replace("--base origin/main", ""), project)
    whole = ran(capsys, "check")
    assert (merged.returncode, merged.stdout) == whole[:2]


def test_the_parallel_job_of_gitlab_in_the_guide_gives_the_results_of_one_run(project: Path, capsys: Capture) -> None:
    jobs = yaml.safe_load(blocks("GitLab CI"))
    count = jobs["shard"]["parallel"]
    for number in range(1, count + 1):
        script = next(line for line in jobs["shard"]["script"] if "sailwright check" in line)
        done = shell(script, project, CI_NODE_INDEX=str(number), CI_NODE_TOTAL=str(count))
        assert done.returncode == 0, done.stderr
    script = next(line for line in jobs["merge"]["script"] if "sailwright merge" in line)
    merged = shell(re.sub(r"--base \S+|--format \S+", "", script), project)
    whole = ran(capsys, "check")
    assert (merged.returncode, merged.stdout) == whole[:2]
