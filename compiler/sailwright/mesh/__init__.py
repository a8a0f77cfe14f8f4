"""What one cluster sees, and the answers that rules and routes need of it.

Floor 4. In: manifests, and the facts that sailwright.yaml states about a cluster. Out: an Index that answers questions: which
Service a host is, which pods a selector selects, who sees what.
Begin with world.py and index.py. values/ reads single values as Go and Envoy do, objects/ are typed views of manifests, pilot/ is
istiod's push context, queries/ holds what several rules ask.
"""
