"""Read models: what the store holds, as the command line, JSON and pages show it. They change nothing."""
