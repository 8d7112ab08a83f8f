"""Open work as it is stored."""
