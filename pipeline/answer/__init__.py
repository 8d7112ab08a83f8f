"""What is owed for a file once it is decided: acknowledgments, advice, the report, the census on its way back."""
