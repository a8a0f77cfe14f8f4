"""The files beside this module, that the schemas are read from. To import importlib.resources would take longer than to read most of them."""

import os.path

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def text_of(*parts: str) -> str:
    """The text of a file below this folder."""
    with open(os.path.join(_FOLDER, *parts), encoding="utf-8") as file:
        return file.read()


def bytes_of(*parts: str) -> bytes:
    """The bytes of a file below this folder."""
    with open(os.path.join(_FOLDER, *parts), "rb") as file:
        return file.read()


def names_in(folder: str) -> list[str]:
    """What a folder below this one holds, in no order."""
    return os.listdir(os.path.join(_FOLDER, folder))
