"""Finished values that writers turn into bytes."""
