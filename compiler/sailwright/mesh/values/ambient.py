"""The labels of ambient mode and of waypoints. Source: istio.io/api/label, and Istio `pkg/config/constants`."""

from __future__ import annotations

from typing import Final

DATAPLANE_MODE: Final = "istio.io/dataplane-mode"
AMBIENT: Final = "ambient"
MODES: Final = (AMBIENT, "none")
"""What the label of ambient mode says: the pod is in it, or is not although its namespace is."""
USE_WAYPOINT: Final = "istio.io/use-waypoint"
USE_WAYPOINT_NAMESPACE: Final = "istio.io/use-waypoint-namespace"
INGRESS_USE_WAYPOINT: Final = "istio.io/ingress-use-waypoint"
WAYPOINT_FOR: Final = "istio.io/waypoint-for"
"""What a waypoint takes: `service` (the default), `workload`, `all` or `none`."""
NO_WAYPOINT: Final = "none"
WAYPOINT_CLASS: Final = "istio-waypoint"
HBONE_PORT: Final = 15008
"""Where ztunnel and waypoints take tunnelled connections (HTTP CONNECT over mTLS)."""
