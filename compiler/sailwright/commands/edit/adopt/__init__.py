"""Adopt what runs already: draft service files from existing manifests and say what was not carried over."""

from sailwright.commands.edit.adopt.draft import Adoption, Draft, adopt
from sailwright.commands.edit.adopt.inventory import Note

__all__ = ["Adoption", "Draft", "Note", "adopt"]
