"""Ambient mode: what ztunnel does not do, and the waypoints that do it."""
