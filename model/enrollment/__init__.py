"""Enrollment: events, decisions, the roster on a day, what is remembered."""
