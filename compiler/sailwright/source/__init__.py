"""Read: a file's bytes, its parsed tree, and where in the file each value stands.

Service files, rendered and hand-written manifests are all Sources: one position mechanism serves every rule and the JSON
pointers of kubeconform.
"""
