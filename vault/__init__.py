"""Keys, field and file encryption, HMAC tokens, masking. PHI never leaves its place (DESIGN.md 15)."""
