"""What `doctor` found, as text and JSON."""
