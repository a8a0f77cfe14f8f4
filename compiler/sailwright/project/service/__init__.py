"""Understand: service.yaml, its overlays, and the typed Service that one cluster gets."""

from sailwright.project.service.model import Service
from sailwright.project.service.overlay import Traced
from sailwright.project.service.reading import Reading, read_service
from sailwright.project.service.resolve import Target
from sailwright.project.service.trace import Spot, Trace

__all__ = ["Reading", "Service", "Spot", "Target", "Trace", "Traced", "read_service"]
