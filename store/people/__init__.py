"""The roster in the store: read in bulk, written in bulk, found by what a caller has."""
