"""Keys, field and file encryption, HMAC tokens, masking (docs/design.md, PHI)."""
