"""Adopt what runs already: draft service files from existing manifests, and prove that they render the same."""

from sailwright.commands.edit.adopt.adoption import Adoption, Draft, Site
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.commands.edit.adopt.inventory import Note

__all__ = ["Adoption", "Draft", "Note", "Site", "adopt"]
