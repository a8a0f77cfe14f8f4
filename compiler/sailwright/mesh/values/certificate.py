"""Whether the certificate of a TLS Secret can be used: keys, PEM, X.509 and time, read without a cryptography library.

Sources: pilot/pkg/credentials/kube (ExtractCertInfo), pilot/pkg/xds (ValidateCertificate); RFC 5280 for the fields.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

_SEQUENCE, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0xA0, 0x17, 0x18


def certificate_fault(content: Mapping[str, bytes], now: datetime | None = None) -> str:
    """Why a Secret with this content is no TLS credential, empty where it is one. Nothing of the content is told."""
    pairs = (("cert", "key"), ("tls.crt", "tls.key"))
    chain = next((content[crt] for crt, key in pairs if content.get(crt) and content.get(key)), None)
    if chain is None:
        return "it needs tls.crt and tls.key, or cert and key, and they may not be empty"
    try:
        validity = list(_validity(_first_block(chain)))
    except (ValueError, IndexError, Error):
        return "its certificate is no PEM of an X.509 certificate"
    moment = now or datetime.now(UTC)
    if any(moment > after for _, after in validity):
        return "its certificate has expired"
    if any(moment < before for before, _ in validity):
        return "its certificate is not valid yet"
    return ""


def _first_block(pem: bytes) -> bytes:
    """The bytes of the first PEM block, whatever its type is."""
    start = pem.index(b"-----BEGIN ")
    body = pem.index(b"-----", start + 11) + 5
    return b64decode(b"".join(pem[body : pem.index(b"-----END ", body)].split()), validate=True)


def _validity(data: bytes) -> Iterator[tuple[datetime, datetime]]:
    """From when to when each of the certificates in `data` holds."""
    if not data:
        raise ValueError("empty block")
    for tag, certificate in _elements(data):
        if tag != _SEQUENCE:
            raise ValueError("no certificate")
        fields = list(_elements(next(_elements(certificate))[1]))
        if fields[0][0] == _VERSION:
            fields = fields[1:]
        before, after = (_time(*found) for found in _elements(fields[3][1]))
        yield before, after


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The DER elements of `data`: tag and content."""
    at = 0
    while at < len(data):
        tag, size, start = data[at], data[at + 1], at + 2
        if size & 0x80:
            width = size & 0x7F
            size, start = int.from_bytes(data[start : start + width], "big"), start + width
        if start + size > len(data):
            raise ValueError("cut short")
        yield tag, data[start : start + size]
        at = start + size


def _time(tag: int, text: bytes) -> datetime:
    if tag not in (_UTC_TIME, _GENERALIZED_TIME):
        raise ValueError("no time")
    digits = text.decode("ascii")
    if tag == _UTC_TIME:  # two digits of the year: 1950 to 2049
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
