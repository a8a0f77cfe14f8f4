"""`tls` of a Gateway's server and of a Sidecar's ingress listener."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.validate.webhook_checks.subject import Message, error, warning

_CIPHERS = frozenset(
    [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES128-SHA",
        "ECDHE-RSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-SHA",
        "ECDHE-RSA-AES256-SHA",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
        "AES128-SHA",
        "AES256-SHA",
        "DES-CBC3-SHA",
    ]
)
_SOURCES = ("serverCertificate", "privateKey", "caCertificates", "tlsCertificates", "credentialName", "credentialNames")
_TERMINATING = ("SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL")
PASSTHROUGH = ("PASSTHROUGH", "AUTO_PASSTHROUGH")


def server_tls(tls: Message | None, path: Path) -> Iterator[Problem]:
    if tls is None:
        return
    mode = tls.get("mode", "PASSTHROUGH")
    yield from _ciphers(tls, path)
    given = [name for name in _SOURCES if tls.get(name)]
    if mode == "ISTIO_MUTUAL":
        for name in given:
            yield error((*path, name), f"ISTIO_MUTUAL uses Istio's own certificates: remove {name}")
        return
    if mode in PASSTHROUGH and (given or tls.get("caCrl")):
        yield warning(path, f"{mode} does not terminate TLS, so the certificates are ignored")
    pair = bool(tls.get("serverCertificate") and tls.get("privateKey"))
    sources = pair + sum(bool(tls.get(name)) for name in ("credentialName", "credentialNames", "tlsCertificates"))
    if sources > 1:
        yield error(path, "the certificate comes from more than one place: keep one")
    if mode in _TERMINATING:
        if tls.get("credentialName") or tls.get("credentialNames"):
            return
        yield from _certificates(tls, mode, path)
    if tls.get("caCrl") and tls.get("credentialName"):
        yield error((*path, "caCrl"), "with credentialName the revocation list belongs into the secret")
    if tls.get("caCrl") and mode == "SIMPLE":
        yield error((*path, "caCrl"), "SIMPLE checks no client certificate, so a revocation list has no use")


def _certificates(tls: Message, mode: str, path: Path) -> Iterator[Problem]:
    terminated = "SIMPLE" if mode == "SIMPLE" else "MUTUAL"
    if mode != "SIMPLE" and not tls.get("caCertificates"):
        yield error(path, f"{terminated} needs caCertificates to check clients with, or a credentialName")
    certificates: Sequence[Message] = tls.get("tlsCertificates", ())
    if len(certificates) > 2:
        yield warning((*path, "tlsCertificates"), "Envoy takes two certificates at most, one RSA and one ECDSA")
    for place, certificate in enumerate(certificates or (tls,)):
        where = (*path, "tlsCertificates", place) if certificates else path
        for name in ("serverCertificate", "privateKey"):
            if not certificate.get(name):
                yield error(where, f"{terminated} needs {name}, or a credentialName")


def _ciphers(tls: Message, path: Path) -> Iterator[Problem]:
    suites: Sequence[str] = tls.get("cipherSuites", ())
    if not suites and tls.get("minProtocolVersion") in ("TLSV1_0", "TLSV1_1"):
        yield warning((*path, "minProtocolVersion"), "TLS below 1.2 works only with cipherSuites that allow it")
    unknown = sorted({suite for suite in suites if not _is_cipher(suite)})
    known = [suite for suite in suites if _is_cipher(suite)]
    twice = sorted({suite for suite in known if known.count(suite) > 1})
    for suites, words in ((unknown, "unknown"), (twice, "duplicate")):
        if suites:
            yield warning((*path, "cipherSuites"), f"{words} cipher suites are ignored: {', '.join(suites)}")


def _is_cipher(suite: str) -> bool:
    """Expressions of OpenSSL (-SHA1, +RSA) are taken as they are."""
    return suite in ("", "ALL") or not suite[0].isalnum() or suite in _CIPHERS
