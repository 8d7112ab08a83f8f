"""Rules: who a record is about, and whether that is clear."""
