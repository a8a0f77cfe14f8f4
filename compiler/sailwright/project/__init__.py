"""Understand: sailwright.yaml, the targets it declares, and all the services of a project together."""
