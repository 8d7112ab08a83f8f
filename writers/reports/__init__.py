"""What became of a file, for people and programs; a check before sending; the census on its way back."""
