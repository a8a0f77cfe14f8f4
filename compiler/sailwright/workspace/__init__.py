"""The one way in: PATHS, flags and the project file become the worlds, files and findings that a command works on.

Floor 6. In: a Selection, which is what the command line selects. Out: a Workspace; every file is either checked or listed as skipped.
Begin with selection.py (the records) and load.py.
"""
