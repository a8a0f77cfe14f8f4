"""Render: a resolved service to the Kubernetes and Istio objects that will run, decided here and laid out by the templates."""
