"""The engine that runs lint rules: it chooses them, runs them, and applies suppressions and the baseline.

Floor 5. In: Worlds, rules, settings. Out: findings, each once, and the fixes that rules propose. The rules themselves are in
policies/sailwright_policies.
Begin with rule.py (what a rule is) and run.py (one run); kinds.py lists what a rule can be asked about.
"""
