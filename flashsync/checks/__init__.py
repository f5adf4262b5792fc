"""Checks on what a plan does to a rota: one file a check, listed in `model/check_registry.py`."""
