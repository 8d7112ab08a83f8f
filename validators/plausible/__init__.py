"""Rules: what is possible, and still nearly always a mistake. They only warn."""
