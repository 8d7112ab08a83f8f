"""What every verb stands on: the open installation, clock, leases, channels, marks, and whose turn a file is."""
