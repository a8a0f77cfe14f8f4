"""An edit of a user's file is proven by a second reader before the file is replaced."""

from __future__ import annotations

import pytest

from sailwright.runtime.errors import Failure
from sailwright.source.edit import Add, Edit, Remove, Rename, Set
from sailwright.source.edit_proof import prove
from sailwright.source.source import parse
from sailwright.source.splice import edited

TEXT = """\
# head
apiVersion: sailwright/v1alpha1
name: cart   # the shop's cart
ports:
  # the main one
  - {name: http, port: 80}  # plain
  - name: grpc
    port: 9000   # inner
versions:
  - name: v1
    weight: 80
    image: "example.com/cart:1"   # {"$imagepolicy": "a"}
  - name: v2 # second
    weight: 20
on: yes
text: |
  a  # no comment
  b
# tail
"""

EDITS: dict[str, list[Edit]] = {
    "a number": [Set(("versions", 0, "weight"), 70), Set(("versions", 1, "weight"), 30)],
    "text in quotes": [Set(("versions", 0, "image"), "example.com/cart:2")],
    "text that looks like a number": [Set(("name",), "0123")],
    "text that YAML 1.1 reads as a truth": [Set(("name",), "off")],
    "a new key": [Add(("versions", 1, "image"), "example.com/cart:2")],
    "a new item": [Add(("versions", 2), {"name": "v3", "weight": 0})],
    "one after the other": [Add(("versions", 2), {"name": "v3"}), Set(("versions", 2, "weight"), 5)],
    "a key less": [Remove(("versions", 1, "weight"))],
    "an item less": [Remove(("ports", 1))],
    "another name": [Rename(("text",), "notes")],
    "a key that is a truth": [Set(("on",), "no")],
}


def spliced(text: str, edits: list[Edit]) -> bytes:
    source = parse("a.yaml", text.encode(), "service")
    for edit in edits:
        changed = edited(source, 0, [edit])
        assert changed is not None
        source = changed
    return source.data


@pytest.mark.parametrize("what", EDITS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_the_splices_make_is_proven(what: str, line_end: str) -> None:
    text = TEXT.replace("\n", line_end)
    prove("a.yaml", text.encode(), spliced(text, EDITS[what]), [(0, edit) for edit in EDITS[what]])


TAMPERED = {
    "another value": ("port: 9000", "port: 9001"),
    "another kind of value": ('"example.com/cart:1"', "5"),
    "a truth in place of a number": ("port: 80", "port: true"),
    "a key less": ("on: yes\n", ""),
    "a document more": ("# tail", "---\nb: 1\n# tail"),
    "a comment less": ("  # plain", ""),
    "a comment changed": ("# the main one", "# main"),
    "a comment in a list less": ("   # inner", ""),
    "a marker less": (' # {"$imagepolicy": "a"}', ""),
    "the last comment less": ("# tail\n", ""),
    "the first comment less": ("# head\n", ""),
    "a space in a block of text": ("a  # no", "a # no"),
    "no YAML any more": ("name: cart", "name: [cart"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_anything_else_is_refused(what: str) -> None:
    """As if the splices, or the parser that they rely on, had a fault."""
    edits: list[Edit] = [Set(("versions", 0, "weight"), 70), Set(("versions", 1, "weight"), 30)]
    good = spliced(TEXT, edits).decode()
    old, new = TAMPERED[what]
    assert old in good
    with pytest.raises(Failure, match="edit the file by hand"):
        prove("a.yaml", TEXT.encode(), good.replace(old, new, 1).encode(), [(0, edit) for edit in edits])


def test_the_edit_itself_must_be_there() -> None:
    with pytest.raises(Failure, match=r"a\.yaml: the change would alter more than intended, so nothing was written"):
        prove("a.yaml", TEXT.encode(), TEXT.encode(), [(0, Set(("name",), "basket"))])


def test_comments_in_what_is_replaced_are_not_lost() -> None:
    """The flow map that takes the place of a block would drop them."""
    edits: list[Edit] = [Set(("ports",), [{"name": "http", "port": 80}])]
    with pytest.raises(Failure, match="would lose the comment `# "):
        prove("a.yaml", TEXT.encode(), spliced(TEXT, edits), [(0, edit) for edit in edits])


def test_the_document_is_the_one_that_was_meant() -> None:
    text = "a: 1\n---\n# empty\n---\na: 1 # third\n"
    prove("a.yaml", text.encode(), text.replace("a: 1 #", "a: 2 #").encode(), [(2, Set(("a",), 2))])
    with pytest.raises(Failure):
        prove("a.yaml", text.encode(), text.replace("a: 1\n", "a: 2\n").encode(), [(2, Set(("a",), 2))])
