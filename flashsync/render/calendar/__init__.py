"""Calendars and who is on call, as text, JSON and ICS."""
