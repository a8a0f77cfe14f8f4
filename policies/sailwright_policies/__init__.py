"""The lint rules, in reading order: the order of `sailwright rules` and of docs/rules.

A list, not a folder scan, so that mypy holds every module to the protocol; a test holds it equal to the folders.
"""

from sailwright.rule import Rule
from sailwright_policies.routes import route_destination_twice

RULES: list[Rule] = [
    route_destination_twice,
]
