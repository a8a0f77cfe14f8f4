"""The speed claims of the README, measured side by side: `make bench`."""
