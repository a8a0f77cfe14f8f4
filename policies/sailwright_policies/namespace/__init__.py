"""Namespaces: labels that decide about injection and revisions."""
