"""X12 bytes to segments, envelopes, verdicts, enrollment events and remittances."""
