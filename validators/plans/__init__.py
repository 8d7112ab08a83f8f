"""Rules: which plan and level, and for whom."""
