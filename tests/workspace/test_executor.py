"""`--executor`: the same bytes and the same findings, whoever does the work; and one sentence where nobody can."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sailwright.cli import main
from sailwright.project.services import read_services
from sailwright.runtime import executor
from sailwright.runtime.errors import Failure
from sailwright.runtime.executor import Workers, is_executor, workers
from sailwright.source.files.given import Answers
from sailwright.workspace.remote import Job

ROOT = Path(__file__).parent.parent.parent
PYTHON = Path(sys.executable)
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed (the extra `dask`)"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Bookinfo of this repository, with two clusters of findings, an included file and a hand-written manifest."""
    shutil.copytree(ROOT / "services", tmp_path / "services")
    shutil.copytree(ROOT / "services", tmp_path / "more")
    for file in (tmp_path / "more").glob("*/service.yaml"):
        file.write_text(file.read_text().replace("namespace: bookinfo", "namespace: bookshop"))
    text = (ROOT / "sailwright.yaml").read_text().replace('["services/*/service.yaml"]', '["*/*/service.yaml"]')
    (tmp_path / "sailwright.yaml").write_text(text + 'manifests: [{paths: ["hand/*.yaml"]}]\n')
    (tmp_path / "hand").mkdir()
    (tmp_path / "hand" / "route.yaml").write_text(ROUTE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


def rendered(project: Path) -> dict[str, bytes]:
    files = {str(path.relative_to(project)): path.read_bytes() for path in (project / "rendered").rglob("*.yaml")}
    shutil.rmtree(project / "rendered")
    return files


def findings(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    capsys.readouterr()
    main([*arguments, "--no-cache", "--format", "json"])
    return json.loads(capsys.readouterr().out)


@contextmanager
def by(monkeypatch: pytest.MonkeyPatch, pool: Executor, count: int) -> Iterator[list[str]]:
    """Have every command work by an executor; yields the names of the tasks that it was given."""
    given: list[str] = []
    submit = pool.submit

    def noted(work: object, *arguments: object) -> object:
        given.append(getattr(arguments[0], "__name__", ""))
        return submit(work, *arguments)  # type: ignore[arg-type]

    @contextmanager
    def opened(_text: str | None) -> Iterator[Workers]:
        yield Workers(pool, count)

    with pool, monkeypatch.context() as patch:
        patch.setattr(pool, "submit", noted)
        patch.setattr(executor, "workers", opened)
        yield given


@pytest.mark.parametrize(
    ("pool", "count"), [(ThreadPoolExecutor, 1), (ThreadPoolExecutor, 5), (ProcessPoolExecutor, 2)]
)
def test_any_executor_gives_the_bytes_and_findings_of_one_process(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pool: type[Executor],
    count: int,
) -> None:
    assert main(["build", "--no-cache", "-j", "1"]) == 0
    alone = rendered(project)
    said = findings(capsys, "lint", "--select", "all", "-j", "1")
    with by(monkeypatch, pool(count), count) as given:  # type: ignore[call-arg]
        assert main(["build", "--no-cache", "--executor", "dask:local"]) == 0
        assert given == ["exports"] * count + ["rendered"] * count
        assert rendered(project) == alone
        given.clear()
        assert findings(capsys, "lint", "--select", "all", "--executor", "dask:local") == said
        assert given == ["exports"] * count + ["rendered"] * count + ["judge_there"] * count


def test_a_service_that_includes_files_stays_here(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Places in an included file keep their lines, and an error is worded as one process words it."""
    file = project / "services" / "reviews" / "service.yaml"
    (file.parent / "extra.yaml").write_text(ROUTE.replace("ghosts", "included"))
    file.write_text(file.read_text() + "include: [extra.yaml]\n")
    said = findings(capsys, "lint", "-j", "1")
    assert "services/reviews/extra.yaml" in json.dumps(said)
    with by(monkeypatch, ThreadPoolExecutor(2), 2) as given:
        assert findings(capsys, "lint", "--executor", "dask:local") == said
        assert given == ["exports", "exports", "rendered", "rendered"]
        assert findings(capsys, "check", "--executor", "dask:local") == findings(capsys, "check")
        file.write_text(file.read_text() + "portz: []\n")
        wrong = findings(capsys, "build", "--executor", "dask:local")
    assert wrong == findings(capsys, "build", "-j", "1")


@pytest.mark.parametrize(("count", "reads"), [(1, 1), (3, 6)], ids=["one worker", "one that does the work of three"])
def test_a_worker_reads_its_share_once_as_long_as_it_has_no_other(
    project: Path, monkeypatch: pytest.MonkeyPatch, count: int, reads: int
) -> None:
    """Where another share came in between, or the second round goes to another worker, the share is read there."""
    read: list[object] = []

    def noted(*arguments: object) -> object:
        read.append(arguments)
        return read_services(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("sailwright.workspace.remote.read_services", noted)
    with by(monkeypatch, ThreadPoolExecutor(1), count):
        assert main(["build", "--no-cache", "--executor", "dask:local"]) == 0
    assert len(read) == reads


def test_check_has_workers_run_the_rules_that_compare_with_a_base(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (("init", "-qb", "main"), ("add", "."), ("commit", "-qm", "base")):
        subprocess.run((*git, *command), check=True)
    file = project / "services" / "reviews" / "service.yaml"
    text = file.read_text()
    file.write_text(
        text.replace("  - name: v2 ", "  - name: v4 ").replace("name: v2, weight: 0", "name: v4, weight: 0")
    )
    said = findings(capsys, "check", "--base", "main")
    with by(monkeypatch, ThreadPoolExecutor(2), 2) as given:
        assert findings(capsys, "check", "--base", "main", "--executor", "dask:local") == said
    assert given == ["exports"] * 2 + ["rendered"] * 2 + ["judge_there"] * 2


def test_another_version_there_is_one_sentence() -> None:
    job = Job("0.0.1", ".", Answers(), (), (), injecting=True, cached=False)
    with pytest.raises(Failure, match=r"a worker runs Sailwright .*, and this is 0\.0\.1: install the same there"):
        job.loaded()


def test_words_that_name_an_executor() -> None:
    assert all(map(is_executor, ("local", "dask:local", "dask://10.0.0.1:8786", "dask://[::1]:8786")))
    assert not any(map(is_executor, ("", "dask", "dask://", "dask://host", "tcp://a:1", "dask://a:1/b", "local ")))


def test_the_extra_is_named_where_it_is_not_installed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["build", "--executor", "dask:local"]) == 3
    assert "pip install 'sailwright[dask]'" in capsys.readouterr().err


@needs_dask
def test_a_scheduler_that_does_not_answer_is_one_sentence(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(executor, "_PATIENCE", 3)
    assert main(["build", "--executor", "dask://127.0.0.1:9"]) == 3
    message = capsys.readouterr().err
    assert message.startswith("sailwright: dask://127.0.0.1:9: no Dask scheduler can be reached there")
    assert message.count("\n") == 1


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers of their own, on loopback."""
    folder = tmp_path_factory.mktemp("dask")
    told = folder / "scheduler.json"
    dask = str(PYTHON.parent / "dask")
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "false", "PYTHONPATH": str(ROOT)}
    with ExitStack() as running:

        def start(*arguments: str) -> None:
            process = subprocess.Popen(
                (dask, *arguments, "--host", "127.0.0.1", "--scheduler-file", str(told)),
                cwd=folder,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            running.callback(process.wait, 60)
            running.callback(process.terminate)

        start("scheduler", "--port", "0", "--no-dashboard")
        deadline = time.monotonic() + 60
        while not told.exists() or not told.read_text().strip():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        address: str = json.loads(told.read_text())["address"].removeprefix("tcp://")
        for _ in range(2):
            start("worker", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
        import distributed

        client = distributed.Client(f"tcp://{address}", set_as_default=False)  # type: ignore[no-untyped-call]
        with client:
            client.wait_for_workers(2, timeout=60)
        yield f"dask://{address}"


@needs_dask
def test_a_real_cluster_gives_the_bytes_and_findings_of_one_process(
    project: Path, cluster: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--no-cache", "-j", "1"]) == 0
    alone = rendered(project)
    said = findings(capsys, "lint", "--select", "all", "-j", "1")
    assert main(["build", "--no-cache", "--executor", cluster]) == 0
    assert rendered(project) == alone
    assert findings(capsys, "lint", "--select", "all", "--executor", cluster) == said
    assert findings(capsys, "check", "--executor", cluster) == findings(capsys, "check")


@needs_dask
def test_a_task_whose_worker_dies_is_given_to_another(cluster: str, tmp_path: Path) -> None:
    with workers(cluster) as found:
        assert found is not None
        assert found.count == 2
        assert found.results(die_once, [(str(tmp_path / "died"), 7)]) == [7]


def die_once(marker: str, answer: int) -> int:
    """In a worker: end it the first time."""
    if not os.path.exists(marker):
        Path(marker).touch()
        os._exit(1)
    return answer
