"""Findings as text, as data and as annotations: one module per format."""
