"""Names to ids, and wall-clock times to instants: from what is declared to what is desired."""
