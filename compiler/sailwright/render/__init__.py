"""From a resolved Service to the exact Kubernetes and Istio objects that will run, the sidecar included.

Floor 5. In: a Service and the facts of its cluster. Out: objects, in files of rendered/.
Begin with rendering.py. What an object holds is decided in this room, how it is laid out by the templates in
templates/sailwright_templates; injection/ is the sidecar injector.
"""
