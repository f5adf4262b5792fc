"""Pages in a real browser: what only a browser can say about HTML."""
