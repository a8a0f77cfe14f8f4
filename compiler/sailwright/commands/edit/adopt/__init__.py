"""Adopt what runs already: draft service files from existing manifests, and prove that they render the same."""
