"""What each command does, by its name: load, do, report.

Floor 7. In: the options of a command as a record. Out: a record of what to report.
Begin with lint/run.py: its docstring lists the steps, and every other command is written alike. edit/ holds the commands that change
files (`weight`, `image`, `init`, `new`).
"""
