"""What the API server and Istio's webhook would refuse, without either of them.

Floor 5. In: objects, and the releases of Kubernetes and Istio. Out: a problem for each refusal.
Begin with run.py, then judge.py (one object). schemas/ finds the schema of a kind, cel/ evaluates its validation rules,
webhook_checks/ has one module per kind of Istio, kubeconform/ runs that program instead of the built-in validator.
"""
