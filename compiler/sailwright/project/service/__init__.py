"""Understand: service.yaml, its overlays, and the typed Service that one cluster gets."""
