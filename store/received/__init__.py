"""What came and what goes out: files, sets, findings, envelopes, the outbox."""
