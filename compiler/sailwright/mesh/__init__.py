"""Understand: what one cluster sees, and the questions that rules and routes ask of it."""
