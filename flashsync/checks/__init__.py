"""Checks on what a plan does to a rota, each with an id and a level that users set."""
