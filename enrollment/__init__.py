"""Decide: enrollment events and what is known become decisions and a change set. Pure, in memory, in bulk."""
