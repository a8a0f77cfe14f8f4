"""The move to the Gateway API or to ambient mode as a plan: begin with run.py."""
