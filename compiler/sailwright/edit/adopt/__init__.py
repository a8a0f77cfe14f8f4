"""Adopt what runs already: draft service files from existing manifests and say what was not carried over."""

from sailwright.edit.adopt.drafts import Adoption, Draft, adopt
from sailwright.edit.adopt.inventory import Note

__all__ = ["Adoption", "Draft", "Note", "adopt"]
