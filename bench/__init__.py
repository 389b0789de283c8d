"""Honest, repeatable measurements: `python -m bench`."""
