"""The documentation names no made-up domain: hosts are under example.com, or belong to the projects that we speak of."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
FILES = [
    *(path for folder in ("docs", "examples", "services", "integrations") for path in (ROOT / folder).rglob("*.y*ml")),
    *(ROOT / "compiler" / "sailwright" / "project").rglob("*.json"),
]
HOST = re.compile(
    r"(?<![\w./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|cloud|internal|test|example|co|de|eu|uk|ai|info|biz|sh)\b(?![\w-])"
)

RESERVED = ("example.com", "example.org", "example.net")
"""Reserved for documentation (RFC 2606). Rule pages keep to the first."""

REAL = (
    "argoproj.io", "backstage.io", "cert-manager.io", "cilium.io", "cluster.local", "coreos.com", "docker.io",
    "envoyproxy.io", "external-secrets.io", "flagger.app", "fluxcd.io", "gcr.io", "git-scm.com", "github.com", "googleapis.com", "istio.io", "k8s.io",
    "karpenter.sh", "keda.sh", "kubernetes.io", "kustomize.config.k8s.io", "no-color.org", "oasis-open.org", "openshift.io",
    "pkg.dev", "pre-commit.com", "prometheus.io", "pypi.org", "yaml.org", "json-schema.org", "cncf.io",
)  # fmt: skip
"""Domains of projects, registries and annotation prefixes that exist."""

PREFIX = "sailwright.dev"
"""The prefix of our annotations and labels (`sailwright.dev/source`): a name, never an address."""


def hosts(text: str) -> set[str]:
    """What looks like the name of a host."""
    return {found[0] for found in HOST.finditer(text)}


def under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


@pytest.mark.parametrize("path", [*PAGES, *FILES], ids=lambda path: str(path.relative_to(ROOT)))
def test_each_host_is_reserved_or_real(path: Path) -> None:
    text = path.read_text()
    assert not re.search(rf"{re.escape(PREFIX)}(?!/)\b", text), "an annotation prefix, not a host"
    assert {host for host in hosts(text) if not under(host, (*RESERVED, *REAL, PREFIX))} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "rules").glob("*.md")), ids=lambda path: path.stem)
def test_rule_pages_keep_to_example_com(path: Path) -> None:
    assert {host for host in hosts(path.read_text()) if under(host, RESERVED[1:])} == set()
