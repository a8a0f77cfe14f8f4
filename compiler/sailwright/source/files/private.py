"""Files in the folder of a repository that are none of its content: git's own, ours, and the credentials of whoever checked it out.

A path in a service file may name a file beside it, and what it holds ends in a ConfigMap or a message. In CI `.git/config` holds
the token of the checkout, and other tools leave theirs in the work tree as well.
"""

from __future__ import annotations

import os
import re

from sailwright.runtime.regex import regex

OURS = ".sailwright"

_IGNORED = regex("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
"""What HFS+ leaves out when it compares names (git's own list, for core.protectHFS)."""

_SHORT = regex(r"git~[0-9]+")
"""The short names that NTFS may give `.git`."""

_CREDENTIAL_FILES = regex(
    r"\.git-credentials|[._]netrc|\.env|\.npmrc|\.yarnrc(\.yml)?|\.pypirc|\.pgpass|\.my\.cnf|\.dockercfg|\.dockerconfigjson"
    r"|\.vault-token|\.terraformrc|kubeconfig|\.kubeconfig|gha-creds-[0-9a-f]+\.json|id_(rsa|dsa|ecdsa|ed25519)(_sk)?"
)
_PROJECT_FILES = ("service.yaml", "sailwright.yaml")
_SECRET_FOLDERS = frozenset((".ssh", ".aws", ".azure", ".docker", ".gnupg", ".kube", ".gcloud"))


def is_git_name(name: str) -> bool:
    """Whether a file system may take a name for `.git`: whatever its case, its Unicode form, and what NTFS leaves out."""
    if name.isascii() and "git" not in name.lower():
        return False
    import unicodedata

    folded = unicodedata.normalize("NFKC", _IGNORED.sub("", name)).casefold()
    folded = folded.partition(":")[0].rstrip(". ")
    return folded == ".git" or _SHORT.fullmatch(folded) is not None


def among_git_files(path: str) -> bool:
    """Whether a path goes through git's own folder."""
    if path.isascii() and "git" not in path.lower():
        return False  # so is no part of it
    return any(is_git_name(name) for name in re.split(r"[/\\]", path))


def among_ours(path: str) -> bool:
    """Whether a path goes through the folder that `init` makes for editors."""
    return any(name.casefold() == OURS for name in path.split("/"))


def looks_secret(path: str) -> bool:
    """Whether a path is called as tools call the files that hold their user's credentials."""
    *folders, name = path.casefold().split("/")
    if name in _PROJECT_FILES and _SECRET_FOLDERS.isdisjoint(folders):
        return False  # nearly every file that a build reads
    return _CREDENTIAL_FILES.fullmatch(name) is not None or not _SECRET_FOLDERS.isdisjoint(folders)


def private_reason(root: str, path: str, real: str, top: str) -> str:
    """Why the file at `path` of the project `root` is no content of its repository `top`; empty where it is. `real`: links followed."""
    base = os.path.join(top, "")
    inside = (real[len(base) :] if real.startswith(base) else os.path.relpath(real, top)).replace(os.sep, "/")
    if among_git_files(path) or among_git_files(inside):
        return "it is one of git's own files, no content of the repository"
    if (looks_secret(os.path.normpath(path)) or looks_secret(inside)) and not _tracked(root, inside):
        return "it is called like a file of credentials, and git does not track it: no content of the repository"
    return ""


def _tracked(root: str, inside: str) -> bool:
    """Whether the repository around `root` has a file in its index, so that everybody who may read it knows it."""
    from sailwright.runtime.errors import Failure
    from sailwright.runtime.git import work_tree

    try:
        return bool(work_tree(root).run("ls-files", "-z", "--cached", "--", inside))
    except Failure as failure:
        if failure.no_answer:
            raise
        return False
