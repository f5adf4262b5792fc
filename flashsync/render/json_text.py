"""JSON as text: names exactly as they are, and nothing in it that a terminal obeys."""

from __future__ import annotations

import json
import re

from flashsync.model.mask import hide, hide_in
from flashsync.render.words import UNSEEN

_UNSEEN = re.compile(f"[{UNSEEN}]")


def dump(document: object) -> str:
    """The document, with a line end.

    json.dumps escapes the C0 controls; what else is not visible becomes an escape as well, which
    means the same to every reader, and keeps a lone surrogate from breaking UTF-8.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if hide(text) != text:  # seldom, and by its texts, so that it stays JSON
        text = json.dumps(hide_in(document), ensure_ascii=False, indent=2)
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"
