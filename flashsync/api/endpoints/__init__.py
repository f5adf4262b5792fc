"""The endpoints that are used, one file per resource."""
