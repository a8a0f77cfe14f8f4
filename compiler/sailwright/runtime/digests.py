"""BLAKE2b and SHA-256 as `hashlib` has them, without OpenSSL as long as little is digested.

`hashlib` loads OpenSSL, which takes a quarter of the time in which Python starts. Python's own SHA-256 gives the same digests, at a
quarter of the speed.
"""

from __future__ import annotations

import sys
from importlib import import_module

__all__ = ["blake2b", "sha256"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from hashlib import blake2b
    from typing import Any
else:
    try:
        from _blake2 import blake2b  # what `hashlib` calls by that name
    except ImportError:  # a Python that was built without it
        from hashlib import blake2b

_MUCH = 512 << 10
"""Bytes, after which OpenSSL has paid for itself."""


def _own() -> Callable[[bytes], Any]:
    """Python's own SHA-256; OpenSSL's where there is none."""
    for name in ("_sha2", "_sha256"):  # since Python 3.12, and before
        try:
            own: Callable[[bytes], Any] = import_module(name).sha256
        except (ImportError, AttributeError):
            continue
        return own
    return _of_openssl()


def _of_openssl() -> Callable[[bytes], Any]:
    import hashlib

    return hashlib.sha256


def _counting() -> Callable[[bytes], bytes]:
    make, left = _own(), _MUCH

    def digest(data: bytes) -> bytes:
        nonlocal make, left
        left -= len(data)
        if left < 0:
            make, left = _of_openssl(), sys.maxsize
        found: bytes = make(data).digest()
        return found

    return digest


sha256 = _counting()
"""The SHA-256 of some bytes."""
