"""Setting up: the installation and its keys, partners, terms and what loading them changes."""
