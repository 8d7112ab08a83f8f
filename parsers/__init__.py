"""Bytes in, typed values and findings out: X12 tokenizer, envelope, conformance, 834, 820, terms TOML."""
