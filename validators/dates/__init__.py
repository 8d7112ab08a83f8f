"""Rules: begin and end, windows and waiting periods."""
