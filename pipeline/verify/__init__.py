"""Questions whose answer must never be no, asked of store, archive and documents."""
