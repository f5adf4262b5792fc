"""The platform's JSON to values of `model`, and back."""
