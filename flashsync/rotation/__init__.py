"""The local engine: who is on call when, computed from layers and overrides alone (api.md, How a
rotation runs).

Instants are Unix seconds, an end is not included, and a zone is always named: the account's.
"""
