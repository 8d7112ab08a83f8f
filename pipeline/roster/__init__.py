"""What is done with a whole roster: export it, end what stands beyond its agreement."""
