"""Istio's validating webhook, one module per kind of object; checks.py is the table."""
