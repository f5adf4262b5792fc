"""Plans, drift and outcomes as text, Markdown and JSON."""
