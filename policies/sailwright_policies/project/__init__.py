"""What sailwright.yaml declares: releases, control planes, environments."""
