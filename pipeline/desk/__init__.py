"""Open work: what each step leaves waiting, and what people note of it."""
