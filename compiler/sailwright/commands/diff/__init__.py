"""The pull request: what it changes in the mesh's words, and what it must not do against its base."""
