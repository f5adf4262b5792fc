"""The public plan document, and the JSON Schema generated from it."""
