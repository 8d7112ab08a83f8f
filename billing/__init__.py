"""Billing: what a month should cost, what is still to post, who gets the money. In cents.

See docs/design.md, The ledger; docs/design.md, Retro is a difference.
"""
