"""The journal of an apply: its values, its document, and how one becomes the other."""
