"""The sender's own check of a file, before it is sent. No store, no keys, nothing is kept."""
