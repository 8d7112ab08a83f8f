"""What is agreed with partners and groups, dated."""
