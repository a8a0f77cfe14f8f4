"""The Jinja templates, in folders named after the first Istio release in which their texts hold.

Floor 1. In: what render/ decided. Out: the layout of each kind of object; a later folder replaces single files of an earlier one.
Begin with 1.24/deployment.yaml.j2. `injection/` holds what is no template: the injector's values, and the table of what changed in its behaviour.
"""

import os.path

FOLDER = os.path.dirname(os.path.abspath(__file__))
"""Where the templates lie on disk; importlib.resources would take longer to import than all of them to read."""
