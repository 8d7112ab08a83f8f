"""Channels in and out: where bytes come from and where answers go. The channel is the sender's identity."""
