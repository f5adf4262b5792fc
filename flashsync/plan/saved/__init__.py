"""Saved plans: the file, what makes one stale, and a later cut."""
