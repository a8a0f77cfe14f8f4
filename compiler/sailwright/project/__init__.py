"""sailwright.yaml and service.yaml, read and resolved: what a repository declares, before anything is rendered.

Floor 4. In: Sources. Out: a Project with its clusters, and a typed Service per cluster, overlays merged; problems at their lines.
Begin with model.py (the project), then service/model.py and service/reading.py; schema/ checks both files against our JSON Schemas.
"""
