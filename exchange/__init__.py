"""What do we answer: who is addressed, control numbers in sequence, what is outstanding. Pure."""
