"""Text from input, made harmless before it is printed: it may come from a stranger's pull request."""

from __future__ import annotations

from sailwright.runtime.regex import regex


def printable(text: str) -> str:
    """Text for a terminal or a log: one line, control and bidirectional characters spelled out.

    GitHub's runner reads `##[` anywhere in a line as a command, Azure's `##vso[`: they are broken up.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _spelled(char) for char in text)
    return _COMMAND.sub("# #", text) if "##" in text else text


def whole_line(text: str) -> str:
    """Printable text that may begin a line, where GitHub's runner reads `::` as a command, blanks before it or not."""
    text = printable(text)
    return text.replace("::", ": :", 1) if text.lstrip().startswith("::") else text


def json_text(text: str) -> str:
    """JSON whose strings hold no command for a runner: the same data, with a `#` written as its number."""
    return _COMMAND.sub(r"#\\u0023", text) if "##" in text else text


def snippet(line: str) -> str:
    """A source line as printable text of the same width: every unprintable character is one `?`, a tab one blank."""
    if not line.isprintable():
        line = "".join(char if char.isprintable() else " " if char == "\t" else "?" for char in line)
    return _COMMAND.sub("# ", line) if "##" in line else line


def markdown(text: str) -> str:
    """Text for a Markdown page or comment: no markup, no HTML.

    GitHub and GitLab look for mentions and references (`@team`, `#1`, `!1`) in the finished page, where an entity has
    become its character: a zero-width space keeps them apart from what follows.
    """
    return "".join(_ESCAPED.get(char, char) for char in printable(text))


def xml(text: str) -> str:
    """Text for XML content and quoted attributes."""
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return "".join(char if _is_xml(char) else "?" for char in text) if not text.isprintable() else text


_COMMAND = regex(r"##(?=[a-zA-Z]*\[)")


def _spelled(char: str) -> str:
    if char in "\n\r\t":
        return " "
    return char.encode("unicode_escape").decode("ascii")


def _is_xml(char: str) -> bool:
    return char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"


_ESCAPED = {char: f"&#{ord(char)};" for char in "<>\"'`*_{}[]()|\\"} | {
    char: f"&#{ord(char)};&#8203;" for char in "@#!%~$&"
}
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"))
