"""Billing: what a month should cost, what is still to post, who gets the money (DESIGN.md 9, 10). In cents."""
