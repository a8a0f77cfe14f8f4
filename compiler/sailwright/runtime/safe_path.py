"""Leave the folder at hand out of where modules are looked for: `./click.py` of a stranger's checkout is not ours to run.

`python -m` and an empty entry of PYTHONPATH put it there; `python -I` and `-P` do not, and neither does a console script.
"""

import os
import sys


def leave_out_the_folder_at_hand() -> None:
    """Take it off the module path, unless this program itself is installed there. Imports nothing that is not loaded yet."""
    here = os.path.realpath(os.curdir)
    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
    if here != home:
        sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or os.curdir) != here]
