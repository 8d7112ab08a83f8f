"""The only Typer: thin commands over the pipeline's verbs. Start-up is felt: nothing heavy at import."""
