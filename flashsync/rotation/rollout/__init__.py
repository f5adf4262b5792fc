"""How an edit of a rotation takes effect: chains, the cut, the bridge, and who is next after it."""
