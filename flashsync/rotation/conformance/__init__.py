"""Experiments of `doctor` on rules that the platform does not document."""
