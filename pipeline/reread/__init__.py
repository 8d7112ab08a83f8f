"""A judged file read again from the archive: member loops by their byte ranges."""
