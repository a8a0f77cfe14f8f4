"""Read and write YAML: a file's bytes, its parsed tree, and where in the file each value is.

Floor 3. In: files, from disk or from a commit. Out: Sources of Documents with positions; edits that keep the rest of a file as it
was written; emitted manifests. Service files, rendered and hand-written manifests are all Sources.
Begin with source.py, then manifest.py (objects in a file); files/ finds the files, templating/ renders Jinja to data.
"""
