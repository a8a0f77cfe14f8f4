"""What is wrong, and how it is reported: one Problem at a path, one Finding at a line, reports in eight formats.

Floor 2. In: problems from any check. Out: findings with fingerprints, reports, and the exit status they mean.
Begin with finding.py, then problem.py; report/publish.py writes the reports, each format is one module beside it.
"""
