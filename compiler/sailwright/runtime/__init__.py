"""What any program needs and Python lacks: records, errors, a cache, a process pool, git, files written whole or not at all.

Floor 1. In: bytes, paths, functions to run. Out: the same, safely. Nothing in this room knows of YAML or of Istio.
Begin with records.py (`dataclass`, which costs less to import than the standard one) and errors.py (`Failure`).
"""
