"""Telemetry: logs, metrics and traces of workloads."""
