"""What people decide on what waits: a member line, or a whole set."""
