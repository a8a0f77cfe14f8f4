"""Understand: service.yaml, its overlays, and the typed Service that one cluster gets."""

from sailwright.service.model import Service
from sailwright.service.overlay import Traced
from sailwright.service.reading import Reading, read_service
from sailwright.service.resolve import Target
from sailwright.service.trace import Spot, Trace

__all__ = ["Reading", "Service", "Spot", "Target", "Trace", "Traced", "read_service"]
