"""Every test with each supported Python that is installed: `pipx run nox`, or `nox -s tests-3.13` for one of them.

Each session has the locked set of packages (`locks/dev.txt`), as `make test` has.
"""

import nox

nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """Run the tests; words after `--` go to pytest."""
    session.run("python", "-I", "tools/dependencies.py", "locked", "dev", "--editable")
    session.run("python", "-m", "pytest", *session.posargs)
