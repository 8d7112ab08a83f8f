"""A roster for people, and as a full 834."""
