"""What would become of a file, of a decision or of terms, by the very code that does it; nothing of it stays."""
