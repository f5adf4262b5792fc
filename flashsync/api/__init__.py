"""The HTTP peer: one client, one function per endpoint used, wire shapes to and from `model`."""
