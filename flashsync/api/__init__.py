"""The HTTP peer: one client, one function per endpoint used, wire shapes to and from `model`."""

import sys

# `import httpx` also loads httpx's own command line where rich is installed, with all of pygments:
# a tenth of a small plan. Without that module httpx goes on, as it does where rich is missing.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
