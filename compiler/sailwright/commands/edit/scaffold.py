"""`init` and `new`: the files of a repository from nothing, and one more service."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from textwrap import dedent
from typing import Any

from sailwright import __version__
from sailwright.mesh.facts import NEWEST_ISTIO
from sailwright.project.model import Project
from sailwright.project.schema.judge import editor_text
from sailwright.project.services import service_files
from sailwright.runtime.atomic_file import replace
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.source.files.files import PROJECT_FILE
from sailwright.source.files.patterns import matches
from sailwright.source.splice import inline

SCHEMAS = ".sailwright"
"""Where `init` puts the JSON Schemas that editors complete by."""
KUBERNETES = "1.34"
_LABEL = regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Written:
    """What `init` or `new` wrote, and what stood there already and was kept."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def start(folder: str, adopted: Mapping[str, str] | None = None) -> Written:
    """Write the files of a new repository; those that stand already are kept. Raises Failure where it is one already.

    `adopted` (text by path, the project file among them) takes the place of the example project.
    """
    if os.path.lexists(os.path.join(folder, PROJECT_FILE)):
        raise Failure(
            f"{os.path.join(folder, PROJECT_FILE)} already exists; `sailwright new NAME` adds a service to it"
        )
    demo = {"demo": {"labels": {"istio-injection": "disabled"}, "render": True}}
    example = {
        PROJECT_FILE: project_text(demo, "build", ("staging", "prod")),
        "services/hello/service.yaml": service_text("hello", "demo", "services/hello/service.yaml"),
    }
    files = {
        **(example if adopted is None else adopted),
        ".pre-commit-config.yaml": _HOOKS,
        ".github/workflows/sailwright.yaml": _WORKFLOW,
        ".gitattributes": "rendered/** linguist-generated=true\n",
        ".vscode/settings.json": _editor(),
        **editor_schemas(),
    }
    written, kept = [], []
    for path, content in files.items():
        where = os.path.join(folder, path)
        if os.path.lexists(where):
            kept.append(path)
            continue
        replace(where, content.encode(), make_folders=True)
        written.append(path)
    return Written(tuple(written), tuple(kept))


def editor_schemas() -> Mapping[str, str]:
    """The JSON Schemas that editors complete by, by path."""
    return {
        f"{SCHEMAS}/service.schema.json": editor_text("service"),
        f"{SCHEMAS}/project.schema.json": editor_text("project"),
    }


def stale_schemas(folder: str) -> tuple[str, ...]:
    """The paths of those that a repository has from another version of the program."""
    return tuple(
        path for path, wanted in editor_schemas().items() if _read(os.path.join(folder, path)) not in (None, wanted)
    )


def refresh(folder: str) -> Written:
    """Write the JSON Schemas anew where they are missing or of another version. Raises Failure where there is no project."""
    if not os.path.lexists(os.path.join(folder, PROJECT_FILE)):
        raise Failure(
            f"{os.path.join(folder, PROJECT_FILE)} does not exist: `sailwright init` without --refresh starts a project"
        )
    written, kept = [], []
    for path, content in editor_schemas().items():
        where = os.path.join(folder, path)
        if _read(where) == content:
            kept.append(path)
            continue
        replace(where, content.encode(), make_folders=True)
        written.append(path)
    return Written(tuple(written), tuple(kept))


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def add_service(project: Project, name: str) -> str:
    """Write the service file of NAME or NAMESPACE/NAME, and give its path. Raises Failure for what cannot be one."""
    namespace, _, bare = name.rpartition("/")
    for part in filter(None, (namespace, bare)):
        if not _LABEL.fullmatch(part):
            raise Failure(
                f"{part}: a name is a DNS label: lower-case letters, digits and dashes, at most 63 characters"
            )
    path = place_of(project, bare)
    if path in service_files(project) or os.path.lexists(os.path.join(project.root, path)):
        raise Failure(f"{path} already exists; choose another name")
    schema = f"{SCHEMAS}/service.schema.json"
    known = os.path.exists(os.path.join(project.root, schema))
    content = service_text(bare, namespace or _namespace(project), path, schema=known)
    replace(os.path.join(project.root, path), content.encode(), make_folders=True)
    return path


def place_of(project: Project, name: str) -> str:
    """Where a service of this name belongs: the first pattern of `services` with the name in place of its wildcards."""
    for pattern in project.services:
        path = re.sub(r"\*+", name, pattern.removeprefix("./"), count=1).replace("**/", "").replace("*", name)
        if "*" in pattern and "?" not in path and matches(pattern, path) and path.endswith((".yaml", ".yml")):
            return path
    raise Failure("`services` of sailwright.yaml has no pattern such as services/*/service.yaml to place it by")


def _namespace(project: Project) -> str:
    return next(iter(project.namespaces)) if len(project.namespaces) == 1 else "default"


def schema_line(path: str, kind: str) -> str:
    """The first line of a file, by which editors find its schema."""
    way = "../" * path.count("/")
    return f"# yaml-language-server: $schema={way}{SCHEMAS}/{kind}.schema.json\n"


def service_text(name: str, namespace: str, path: str, *, schema: bool = True) -> str:
    """A small service that runs as it is."""
    return (schema_line(path, "service") if schema else "") + dedent(f"""\
        apiVersion: sailwright/v1alpha1
        name: {name}
        namespace: {namespace}
        owner: team-{name}
        ports:
          - {{name: http, port: 80, appProtocol: http}}
        defaults:                          # goes under every version
          replicas: 2
          resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {{memory: 128Mi}}}}
          readinessProbe: {{httpGet: {{path: /, port: http}}}}
        versions:                          # each one is a Deployment and a subset; weights sum to 100
          - name: v1
            image: nginx:1.25
            weight: 100
        trafficPolicy:
          loadBalancer: LEAST_REQUEST
        """)


def project_text(
    namespaces: Mapping[str, Mapping[str, Any]],
    inject: str,
    environments: tuple[str, ...] = (),
    *,
    manifests: bool = False,
    gateways: Sequence[Any] = (),
) -> str:
    """A project file with these `namespaces`.

    `inject` says who injects sidecars: `build` bakes them, `namespace` leaves them to the clusters. `manifests` says that there are
    hand-written ones, `gateways` is `known.gateways`.
    """
    lines = [
        "apiVersion: sailwright/v1alpha1",
        f'requires: ">={_minor(0)},<{_minor(1)}"',
        'services: ["services/*/service.yaml"]',
        "output: {path: rendered}",
        f'kubernetes: {{version: "{KUBERNETES}"}}',
        "istio:",
        f"  version: {NEWEST_ISTIO}                    # the sidecar that is rendered",
        f"  controlPlanes: {{default: {NEWEST_ISTIO}}}   # what runs in the clusters",
        "  sidecarMode: native",
        *(["environments:"] if environments else []),
        *(f"  {environment}: {{}}" for environment in environments),
        *(["namespaces:"] if namespaces else []),
        *(f"  {name}: {inline(block)}" for name, block in namespaces.items()),
    ]
    if manifests:
        lines.append('manifests: [{paths: ["manifests/**/*.yaml"]}]   # hand-written, applied beside rendered/')
    if gateways:
        lines += ["known:", "  gateways:   # all there are: a route through another one is a finding"]
        lines += [f"    - {inline(gateway)}" for gateway in gateways]
    if inject != "build":
        lines += [
            "defaults:",
            f"  mesh: {{inject: {inject}}}            # as before: `webhook` and `build` are later steps",
        ]
    return schema_line(PROJECT_FILE, "project") + "\n".join(lines) + "\n"


def _minor(ahead: int) -> str:
    major, minor = __version__.split(".")[:2]
    return f"{major}.{int(minor) + ahead}"


_HOOKS = dedent("""\
    # The program is taken from PATH. The hook runs at every commit, for it reads more than the files that changed: the build
    # takes values and config files too, and lint all manifests of this repository, hand-written ones as well.
    repos:
      - repo: local
        hooks:
          - id: sailwright-build-lint
            name: sailwright build and lint
            entry: sailwright-hook --lint .
            language: system
            always_run: true
            pass_filenames: false
    """)


_WORKFLOW = dedent("""\
    # Checks every pull request by the settings of the branch it goes to. Nothing is installed that is not named by its digest:
    # write below where your copy of sailwright's repository is, and which commit of it you reviewed.
    name: sailwright
    on: pull_request
    permissions: {contents: read}
    env:
      SAILWRIGHT: https://git.example.com/platform/sailwright
      SAILWRIGHT_COMMIT: ""  # all 40 digits: a tag can be moved
    jobs:
      check:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2
            with: {fetch-depth: 0, persist-credentials: false}
          - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065  # v5.6.0
            with: {python-version: "3.12"}
          - name: Install sailwright
            run: |
              tool="$RUNNER_TEMP/sailwright"
              git init --quiet "$tool"
              git -C "$tool" fetch --quiet --depth=1 "$SAILWRIGHT" "${SAILWRIGHT_COMMIT:?name the commit of sailwright to install}"
              git -C "$tool" checkout --quiet --detach FETCH_HEAD
              python -I "$tool/tools/dependencies.py" locked run
          - run: sailwright diff --base "origin/$GITHUB_BASE_REF" --format "markdown=$GITHUB_STEP_SUMMARY"
          - run: sailwright check --base "origin/$GITHUB_BASE_REF" --config-ref "origin/$GITHUB_BASE_REF"
    """)


def _editor() -> str:
    schemas = {
        f"./{SCHEMAS}/service.schema.json": "services/*/service.yaml",
        f"./{SCHEMAS}/project.schema.json": PROJECT_FILE,
    }
    return json.dumps({"yaml.schemas": schemas}, indent=2) + "\n"
