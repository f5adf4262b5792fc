"""The HTTP peer: one client, one function per endpoint used, wire shapes to and from `state`."""

import sys

# Where click and rich are installed, httpx loads its own command line: half the time of its import.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
