"""Replay: the journal's steps done again from their inputs in another store, and both held against each other."""
