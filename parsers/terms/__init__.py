"""Terms TOML to frozen terms, and back; the draft from a file that came."""
