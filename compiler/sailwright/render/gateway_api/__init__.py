"""Routes of service.yaml as objects of the Gateway API: HTTPRoute, GRPCRoute, TCPRoute, TLSRoute, and a Service for each version.

Read `route_objects.py` first. What the Gateway API has no word for is a problem at the line that says it.
"""
