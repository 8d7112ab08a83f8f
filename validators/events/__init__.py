"""Rules: what a maintenance, COBRA or void may do."""
