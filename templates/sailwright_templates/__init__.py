"""The Jinja templates, in folders named after the first Istio release in which their texts hold."""
