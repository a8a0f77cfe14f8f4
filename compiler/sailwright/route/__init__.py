"""Where a request goes, as Envoy configured by istiod would send it, without a cluster.

Floor 5. In: a World, a caller, a request. Out: the answer, and each step that led to it.
Begin with simulator.py. envoy/ has the parts of a proxy (listeners, route tables, matchers, actions), classes/ works out which
kinds of requests there are, for `diff` and for rules; explain.py puts an answer into words.
"""
